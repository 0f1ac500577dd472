#include "cache/cell_attributes.h"

#include <cmath>
#include <stdexcept>

#include "cache/json_text.h"
#include "cache/record_json.h"
#include "fusion/error.h"

namespace topobathy {
namespace {

using nlohmann::json;
using Status = StepOutcome::Status;

json to_json(SourceId id, const SourceRecord& record) {
  json row = record_json(record);
  row["id"] = id;
  return row;
}

std::pair<SourceId, SourceRecord> source_from_json(const json& row) {
  return {row.at("id").get<SourceId>(), record_from_json(row)};
}

json to_json(const StepOutcome& outcome) {
  json row{{"step", json_from_bytes(outcome.step)},
           {"status", to_text(outcome.status)},
           {"pixels", outcome.pixels}};
  if (!outcome.message.empty()) row["message"] = json_from_bytes(outcome.message);
  return row;
}

Status status_from_text(const std::string& text) {
  for (const Status status : {Status::kOk, Status::kNoData, Status::kOccluded, Status::kFailed})
    if (text == to_text(status)) return status;
  throw std::invalid_argument("unknown step status " + text);
}

StepOutcome outcome_from_json(const json& row) {
  StepOutcome outcome;
  outcome.step = bytes_from_json(row.at("step"));
  outcome.status = status_from_text(row.at("status").get<std::string>());
  outcome.pixels = row.at("pixels").get<std::int64_t>();
  if (row.contains("message")) outcome.message = bytes_from_json(row["message"]);
  return outcome;
}

/// null: the step was hidden.
json to_json(const StepRevisions& revisions) {
  if (!revisions) return nullptr;
  json rows = json::array();
  for (const auto& row : *revisions)
    rows.push_back({json_from_bytes(row.source), json_from_bytes(row.revision)});
  return rows;
}

StepRevisions revisions_from_json(const json& rows) {
  if (rows.is_null()) return std::nullopt;
  StepRevisions revisions(std::in_place);
  for (const auto& row : rows.get_ref<const json::array_t&>())
    revisions->push_back({bytes_from_json(row.at(0)), bytes_from_json(row.at(1))});
  return revisions;
}

/// One digit a block, row by row.
std::string blocks_text(const BlockMask& mask) {
  std::string text;
  for (std::int64_t row = mask.top(); row < mask.top() + mask.rows(); ++row)
    for (std::int64_t col = mask.left(); col < mask.left() + mask.columns(); ++col)
      text += mask.wanted(col, row) ? '1' : '0';
  return text;
}

BlockMask blocks_from_text(const std::string& text, const LatticeWindow& window) {
  if (text.empty()) return {};
  BlockMask mask(window, false);
  if (text.size() != static_cast<std::size_t>(mask.columns() * mask.rows()))
    throw std::invalid_argument("blocks do not cover the cell");
  std::size_t at = 0;
  for (std::int64_t row = mask.top(); row < mask.top() + mask.rows(); ++row)
    for (std::int64_t col = mask.left(); col < mask.left() + mask.columns(); ++col)
      mask.set(col, row, text[at++] == '1');
  return mask;
}

json parse_attribute(const json& attributes, const char* name) {
  return json::parse(attributes.at(name).get_ref<const std::string&>());
}

double nan_fraction(const Plane<float>& plane) {
  std::size_t missing = 0;
  for (std::size_t i = 0; i < plane.size(); ++i)
    missing += std::isnan(plane.data()[i]) ? 1u : 0u;
  return plane.empty() ? 1.0 : static_cast<double>(missing) / static_cast<double>(plane.size());
}

/// What must be the same in the file and in the key.
json key_attributes(const CellKey& key) {
  return {{"engine_schema", kEngineSchema},
          {"cell_layout", kCellLayout},
          {"key_hash", key.path_hash()},
          {"policy_hash", key.policy_hash},
          {"provider", key.provider},
          {"crs", key.lattice.crs()},
          {"pixel_size", key.lattice.pixel_size()},
          {"cell_size", key.lattice.cell_size()},
          {"level", key.lattice.level()},
          {"cell", {key.cell.col, key.cell.row}}};
}

}  // namespace

json cell_attributes(const CellKey& key, const FusedCell& cell, const json& checksums,
                     const std::string& created_at) {
  if (cell.revisions.size() != cell.outcomes.size())
    throw Error(ErrorCode::kInternal, "cell not stored: its revisions are not one a step");
  json sources = json::array(), outcomes = json::array(), revisions = json::array();
  for (const auto& [id, record] : cell.sources)
    sources.push_back(to_json(id, record));
  for (const auto& outcome : cell.outcomes)
    outcomes.push_back(to_json(outcome));
  for (const auto& step : cell.revisions)
    revisions.push_back(to_json(step));

  json attributes = key_attributes(key);
  attributes.update({{"Conventions", "CF-1.8"},
                     {"created_at", created_at},
                     {"nan_fraction", nan_fraction(cell.elevation)},
                     {"provenance_json", canonical_text(sources)},
                     {"step_outcomes_json", canonical_text(outcomes)},
                     {"source_revisions_json", canonical_text(revisions)},
                     {"checksums_json", canonical_text(checksums)}});
  if (!cell.blocks.empty()) attributes["blocks"] = blocks_text(cell.blocks);
  return attributes;
}

bool attributes_match(const json& attributes, const CellKey& key) {
  const json expected = key_attributes(key);
  for (const auto& [name, value] : expected.items())
    if (attributes.at(name) != value) return false;
  return true;
}

json checksums_of(const json& attributes) {
  return parse_attribute(attributes, "checksums_json");
}

void read_tables(const json& attributes, FusedCell& cell) {
  cell.sources.clear();
  cell.outcomes.clear();
  cell.revisions.clear();
  for (const auto& row : parse_attribute(attributes, "provenance_json"))
    cell.sources.push_back(source_from_json(row));
  for (const auto& row : parse_attribute(attributes, "step_outcomes_json"))
    cell.outcomes.push_back(outcome_from_json(row));
  for (const auto& step : parse_attribute(attributes, "source_revisions_json"))
    cell.revisions.push_back(revisions_from_json(step));
  if (cell.revisions.size() != cell.outcomes.size())
    throw std::invalid_argument("revisions are not one a step");
  cell.blocks = blocks_from_text(attributes.value("blocks", ""), cell.fused);
}

}  // namespace topobathy
