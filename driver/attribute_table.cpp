#include "driver/attribute_table.h"

#include <string>

#include "driver/source_colour.h"

namespace topobathy {
namespace {

struct Column {
  const char* name;
  GDALRATFieldType type;
  GDALRATFieldUsage usage;
};

/// NOAA BlueTopo's columns, then colour and name, then what else is known (at the end, so that no
/// column of schema 1 has moved). `count` is 0: nobody has counted the pixels of a
/// raster that is computed when read.
constexpr Column kColumns[] = {
    {"value", GFT_Integer, GFU_MinMax},
    {"count", GFT_Integer, GFU_PixelCount},
    {"provider", GFT_String, GFU_Generic},
    {"source_survey_id", GFT_String, GFU_Generic},
    {"source_institution", GFT_String, GFU_Generic},
    {"survey_date_start", GFT_String, GFU_Generic},
    {"survey_date_end", GFT_String, GFU_Generic},
    {"license_name", GFT_String, GFU_Generic},
    {"license_url", GFT_String, GFU_Generic},
    {"vertical_datum", GFT_String, GFU_Generic},
    {"red", GFT_Integer, GFU_Red},
    {"green", GFT_Integer, GFU_Green},
    {"blue", GFT_Integer, GFU_Blue},
    {"category", GFT_String, GFU_Name},
    {"vertical_basis", GFT_String, GFU_Generic},
    {"vertical_shift", GFT_String, GFU_Generic},
    {"vertical_accuracy", GFT_Real, GFU_Generic},
    {"resolution", GFT_Real, GFU_Generic},
    {"link", GFT_String, GFU_Generic},
    {"interpolated", GFT_Integer, GFU_Generic},
};

/// Never empty, so that a legend has a label for every source.
std::string category_name(const SourceRecord& record) {
  const std::string& source = record.survey_id.empty() ? record.key : record.survey_id;
  if (source.empty()) return record.provider;
  return record.provider.empty() ? source : record.provider + ": " + source;
}

}  // namespace

AttributeTable::AttributeTable() {
  for (const Column& column : kColumns)
    table_.CreateColumn(column.name, column.type, column.usage);
  table_.SetTableType(GRTT_THEMATIC);
}

GDALRasterAttributeTable* AttributeTable::update(
    const std::vector<std::pair<SourceId, SourceRecord>>& sources) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [id, record] : sources) {
    if (!known_.insert(id).second) continue;
    const int row = table_.GetRowCount();
    table_.SetRowCount(row + 1);
    set_row(row, id, record);
  }
  return &table_;
}

void AttributeTable::set_row(int row, SourceId id, const SourceRecord& record) {
  const Colour colour = source_colour(id);
  const std::string category = category_name(record);
  const std::string* texts[] = {&record.provider,    &record.survey_id,     &record.institution,
                                &record.date_start,  &record.date_end,      &record.license_name,
                                &record.license_url, &record.vertical_datum};
  int column = 0;
  set_cell(table_, row, column++, static_cast<int>(id));
  set_cell(table_, row, column++, 0);
  for (const std::string* text : texts)
    set_cell(table_, row, column++, text->c_str());
  for (const int part : {colour.red, colour.green, colour.blue})
    set_cell(table_, row, column++, part);
  set_cell(table_, row, column++, category.c_str());
  set_cell(table_, row, column++, record.vertical_basis.c_str());
  set_cell(table_, row, column++, record.vertical_shift.c_str());
  set_cell(table_, row, column++, record.vertical_accuracy);
  set_cell(table_, row, column++, record.resolution);
  set_cell(table_, row, column++, record.link.c_str());
  set_cell(table_, row, column, record.interpolated ? 1 : 0);
}

}  // namespace topobathy
