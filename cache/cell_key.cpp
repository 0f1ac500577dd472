#include "cache/cell_key.h"

#include "cache/json_text.h"
#include "fusion/sha256.h"

namespace topobathy {

std::string CellKey::path_hash() const {
  const nlohmann::json key{{"policy_hash", json_from_bytes(policy_hash)},
                           {"scope", json_from_bytes(scope)},
                           {"provider", provider},
                           {"crs", json_from_bytes(lattice.crs())},
                           {"pixel_size", lattice.pixel_size()},
                           {"cell_size", lattice.cell_size()},
                           {"level", lattice.level()},
                           {"cell", {cell.col, cell.row}},
                           {"engine_schema", kEngineSchema},
                           {"cell_layout", kCellLayout}};
  return sha256_hex(canonical_text(key));
}

}  // namespace topobathy
