#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cache/cell_key.h"
#include "fusion/fused_cell.h"

/// The group attributes of a stored cell (names and meaning: docs/cell-format.md). Tables are JSON
/// text inside one attribute, so that every attribute is a number, a text or a list of numbers and
/// survives tools that know no nested ones (netCDF).
namespace topobathy {

/// `created_at`: UTC, ISO 8601.
nlohmann::json cell_attributes(const CellKey& key, const FusedCell& cell,
                               const nlohmann::json& checksums, const std::string& created_at);

/// Whether the attributes are those of a cell of this key and layout. \throws
/// nlohmann::json::exception when they are of no cell
bool attributes_match(const nlohmann::json& attributes, const CellKey& key);

/// Chunk name -> SHA-256. \throws nlohmann::json::exception
nlohmann::json checksums_of(const nlohmann::json& attributes);

/// Fills `sources`, `outcomes` and `revisions`. \throws std::exception when the tables are damaged
void read_tables(const nlohmann::json& attributes, FusedCell& cell);

}  // namespace topobathy
