#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "cache/bytes.h"
#include "cache/cell_key.h"
#include "fusion/fused_cell.h"
#include "fusion/fused_raster.h"

/// A cell as the bytes of its file and back.
namespace topobathy {

/// \pre cell.complete(), the planes cover the key's cell, every id of the source plane is in the
/// table \throws Error(kInternal) when a precondition does not hold: such a cell must never reach
/// the cache
Bytes encode_cell(const CellKey& key, const FusedCell& cell, const std::string& crs_wkt,
                  const std::string& created_at);

/// The cell if `file` is sound and valid for `key`; never throws on damage. Planes not in `bands`
/// are left empty and unchecked, and so is what lies outside `part`.
/// \pre part is readable_part() of something
std::optional<FusedCell> decode_cell(const Bytes& file, const CellKey& key,
                                     const BandSelection& bands, const LatticeWindow& part);
inline std::optional<FusedCell> decode_cell(const Bytes& file, const CellKey& key,
                                            const BandSelection& bands = {}) {
  return decode_cell(file, key, bands, key.lattice.cell_window(key.cell));
}

/// The smallest part of a cell that holds what it has of a window and can be read by itself.
LatticeWindow readable_part(const LatticeWindow& cell, const LatticeWindow& window) noexcept;

/// The largest file that can be a cell of this lattice, bytes: what is larger is not even read.
std::size_t largest_cell_file(const Lattice& lattice) noexcept;

}  // namespace topobathy
