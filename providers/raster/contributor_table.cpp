#include "providers/raster/contributor_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <vector>

#include <cpl_minixml.h>
#include <cpl_string.h>
#include <gdal_rat.h>

#include "fusion/error.h"
#include "providers/http/vsi_options.h"
#include "providers/raster/allowed_drivers.h"
#include "providers/raster/gdal_errors.h"
#include "providers/raster/open_dataset.h"
#include "providers/raster/stated.h"

namespace topobathy {
namespace {

constexpr int kBlueTopoContributorBand = 3;

struct Column {
  const char* name;
  std::string SourceRecord::*field;
};
constexpr std::array kColumns = {
    Column{"source_survey_id", &SourceRecord::survey_id},
    Column{"source_institution", &SourceRecord::institution},
    Column{"survey_date_start", &SourceRecord::date_start},
    Column{"survey_date_end", &SourceRecord::date_end},
    Column{"license_name", &SourceRecord::license_name},
    Column{"license_url", &SourceRecord::license_url},
    Column{"vertical_datum", &SourceRecord::vertical_datum},
};

int find_column(const GDALRasterAttributeTable& table, const char* name) {
  for (int c = 0; c < table.GetColumnCount(); ++c) {
    if (EQUAL(table.GetNameOfCol(c), name)) return c;
  }
  return -1;
}

/// The band's table, if it is one of contributors.
const GDALRasterAttributeTable* table_of(GDALDataset& dataset, int band) {
  const GDALRasterAttributeTable* const table = dataset.GetRasterBand(band)->GetDefaultRAT();
  return table != nullptr && find_column(*table, "value") >= 0 ? table : nullptr;
}

std::vector<int> bands_by_likelihood(GDALDataset& dataset) {
  std::vector<int> bands;
  for (int b = 1; b <= dataset.GetRasterCount(); ++b)
    bands.push_back(b);
  std::stable_sort(bands.begin(), bands.end(), [&](int a, int b) {
    const auto rank = [&](int band) {
      if (EQUAL(dataset.GetRasterBand(band)->GetDescription(), "Contributor")) return 0;
      return band == kBlueTopoContributorBand ? 1 : 2;
    };
    return rank(a) < rank(b);
  });
  return bands;
}

/// Nothing for a value that no pixel of an id band can have.
std::optional<std::int64_t> row_value(const GDALRasterAttributeTable& table, int row, int column) {
  constexpr double kExactLimit = 9007199254740992.0;  // 2^53
  const double value = table.GetValueAsDouble(row, column);
  if (!(std::fabs(value) < kExactLimit) || value != std::trunc(value)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::map<std::int64_t, SourceRecord> read_rows(const GDALRasterAttributeTable& table) {
  const int value_column = find_column(table, "value");
  std::array<int, kColumns.size()> columns{};
  for (std::size_t c = 0; c < kColumns.size(); ++c)
    columns[c] = find_column(table, kColumns[c].name);
  std::map<std::int64_t, SourceRecord> rows;
  for (int r = 0; r < table.GetRowCount(); ++r) {
    const std::optional<std::int64_t> value = row_value(table, r, value_column);
    if (!value) continue;
    SourceRecord record;
    for (std::size_t c = 0; c < kColumns.size(); ++c) {
      if (columns[c] >= 0)
        record.*kColumns[c].field = stated(table.GetValueAsString(r, columns[c]));
    }
    rows.emplace(*value, std::move(record));
  }
  return rows;
}

/// The attribute table of a PAMRasterBand element, if it has one with a column `value`.
std::optional<ContributorTable> table_in(CPLXMLNode* band) {
  CPLXMLNode* const node = CPLGetXMLNode(band, "GDALRasterAttributeTable");
  if (node == nullptr) return std::nullopt;
  GDALDefaultRasterAttributeTable table;
  if (table.XMLInit(node, nullptr) != CE_None || find_column(table, "value") < 0)
    return std::nullopt;
  return ContributorTable{std::atoi(CPLGetXMLValue(band, "band", "0")), read_rows(table)};
}

}  // namespace

ContributorTable read_contributor_sidecar(const std::string& path) {
  const QuietGdalErrors errors;
  const CPLXMLTreeCloser tree(CPLParseXMLFile(path.c_str()));
  CPLXMLNode* const root = tree ? CPLGetXMLNode(tree.get(), "=PAMDataset") : nullptr;
  if (root == nullptr)
    throw Error(ErrorCode::kUnreadable, "cannot read the side-car '" + path +
                                            "': " + errors.reason("it is no PAM document") +
                                            "; delete it to have it fetched anew");
  for (CPLXMLNode* node = root->psChild; node != nullptr; node = node->psNext)
    if (node->eType == CXT_Element && EQUAL(node->pszValue, "PAMRasterBand"))
      if (auto table = table_in(node)) return *std::move(table);
  return {};
}

ContributorTable read_contributor_table(const std::string& path, const RasterOpenOptions& options) {
  const VsicurlOptions remote(path);
  const OpenRecipe recipe = make_recipe(path, options.open_options, options.allow_vrt);
  const auto guard = serialise(recipe.serialised);
  const QuietGdalErrors quiet;
  const DatasetPointer dataset = open_dataset(recipe);
  for (const int band : bands_by_likelihood(*dataset)) {
    if (const GDALRasterAttributeTable* const table = table_of(*dataset, band))
      return {band, read_rows(*table)};
  }
  return {};
}

}  // namespace topobathy
