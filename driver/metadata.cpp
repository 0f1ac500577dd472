#include "driver/metadata.h"

#include <cstring>

#include <nlohmann/json.hpp>

#include "cache/cell_key.h"

namespace topobathy {
namespace {

void add(CPLStringList& list, const char* name, const std::string& value) {
  if (!value.empty()) list.AddNameValue(name, value.c_str());
}

std::string record_json(const SourceRecord& record) {
  nlohmann::ordered_json json;
  const auto add_text = [&json](const char* name, const std::string& value) {
    if (!value.empty()) json[name] = value;
  };
  add_text("provider", record.provider);
  add_text("survey_id", record.survey_id);
  add_text("institution", record.institution);
  add_text("date_start", record.date_start);
  add_text("date_end", record.date_end);
  add_text("license_name", record.license_name);
  add_text("license_url", record.license_url);
  add_text("vertical_datum", record.vertical_datum);
  add_text("vertical_basis", record.vertical_basis);
  add_text("vertical_shift", record.vertical_shift);
  if (record.vertical_accuracy >= 0) json["vertical_accuracy"] = record.vertical_accuracy;
  if (record.resolution > 0) json["resolution"] = record.resolution;
  add_text("link", record.link);
  if (record.interpolated) json["interpolated"] = true;
  // Names come from foreign files: bytes that are no UTF-8 are shown as replacement characters, not
  // as an exception.
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

CPLStringList policy_metadata(const FusedRaster& raster) {
  const Policy& policy = raster.policy();
  CPLStringList list;
  add(list, "AREA_OR_POINT", "Area");
  add(list, "POLICY_NAME", policy.name);
  add(list, "POLICY_VERSION", policy.version);
  add(list, "POLICY_DESCRIPTION", policy.description);
  add(list, "POLICY_HASH", policy.hash);
  add(list, "ENGINE_SCHEMA", std::to_string(kEngineSchema));
  add(list, "VERTICAL_DATUM", policy.vertical_crs.value_or(""));
  add(list, "OVERVIEW_RULE", policy.overview == OverviewRule::kShoalest ? "shoalest" : "mean");
  return list;
}

CPLStringList sources_metadata(FusedRaster& raster) {
  CPLStringList list;
  for (const auto& [id, record] : raster.sources())
    list.AddNameValue(std::to_string(id).c_str(), record_json(record).c_str());
  return list;
}

CPLStringList debug_metadata(const Counters& counters) {
  CPLStringList list;
  const auto add_count = [&list](const char* name, std::int64_t count) {
    list.AddNameValue(name, std::to_string(count).c_str());
  };
  add_count("CELLS_FUSED", counters.cells_fused);
  add_count("CELLS_FROM_CACHE", counters.cells_from_cache);
  add_count("LAYERS_READ", counters.layers_read);
  add_count("LAYERS_OCCLUDED", counters.layers_occluded);
  add_count("SOURCE_PIXELS_READ", counters.source_pixels_read);
  add_count("BYTES_FETCHED", counters.bytes_fetched);
  add_count("PROVIDER_CELLS_FROM_CACHE", counters.provider_cells_from_cache);
  const auto add_time = [&](const char* name, std::int64_t nanoseconds) {
    add_count(name, nanoseconds / 1000);
  };
  add_time("DISCOVER_MICROSECONDS", counters.discover_time);
  add_time("FETCH_MICROSECONDS", counters.fetch_time);
  add_time("DECODE_MICROSECONDS", counters.decode_time);
  add_time("ALIGN_MICROSECONDS", counters.align_time);
  return list;
}

bool operator==(const KeptList& a, const KeptList& b) {
  if (a.list.size() != b.list.size()) return false;
  for (int i = 0; i < a.list.size(); ++i)
    if (std::strcmp(a.list[i], b.list[i]) != 0) return false;
  return true;
}

}  // namespace topobathy
