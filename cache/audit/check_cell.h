#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cache/bytes.h"
#include "fusion/source_ids.h"

namespace topobathy {

/// What the path of a cell's file says of it.
struct CellPlace {
  std::string key_hash;  ///< the file's name
  std::string policy8;   ///< of a fused cell: its folder
  std::string provider;  ///< of a provider cell: its folder, "" = a fused cell
};

struct CellVerdict {
  enum class State { kSound, kStale, kDamaged };
  State state = State::kSound;
  std::string what;                                        ///< why it is not sound
  std::vector<std::pair<SourceId, SourceRecord>> sources;  ///< of a sound one
};

/// Memory that is used again from cell to cell: for one thread.
struct CellScratch {
  Bytes entry;
  std::vector<SourceId> ids;
};

/// Reads all of a cell: every entry's CRC, every chunk's checksum, every attribute, the arrays'
/// types and sizes, and whether each id of its pixels is in its table. What reading needs and more:
/// a sound cell is one that every reader of the format takes.
CellVerdict check_cell(const Bytes& file, const CellPlace& place, CellScratch& scratch);
/// The attributes and the list of entries alone.
CellVerdict check_cell_header(const std::string& path, const CellPlace& place);

/// No cell has a larger file: what is larger is not even read.
constexpr std::size_t kLargestCellFile = std::size_t{128} << 20;

}  // namespace topobathy
