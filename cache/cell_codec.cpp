#include "cache/cell_codec.h"

#include <algorithm>
#include <exception>

#include "cache/cell_attributes.h"
#include "cache/fused_zarr.h"
#include "cache/zarr_reader.h"
#include "cache/zarr_writer.h"
#include "fusion/error.h"

namespace topobathy {
namespace {

/// Room for tables, coordinates and zip structure beside the pixels: some 50 000 sources.
constexpr std::size_t kLargestMetadata = std::size_t{64} << 20;

void require(bool holds, const char* what) {
  if (!holds) throw Error(ErrorCode::kInternal, std::string("cell not stored: ") + what);
}

template <class T>
bool covers(const Plane<T>& plane, const LatticeWindow& window) {
  return plane.width() == window.width && plane.height() == window.height;
}

/// Law 5: every valid pixel's source is in the table, which is ascending.
bool sources_are_listed(const FusedCell& cell) {
  const auto& table = cell.sources;
  const auto before = [](const auto& row, SourceId id) { return row.first < id; };
  SourceId known = kNoSource;  // neighbours share their source
  for (std::size_t i = 0; i < cell.source.size(); ++i) {
    const SourceId id = cell.source.data()[i];
    if (id == known || id == kNoSource) continue;
    const auto row = std::lower_bound(table.begin(), table.end(), id, before);
    if (row == table.end() || row->first != id) return false;
    known = id;
  }
  return true;
}

/// The chunks of a cell that a part of it touches.
ChunkRange chunks_of(const LatticeWindow& cell, const LatticeWindow& part) noexcept {
  const ChunkGrid grid(cell.width, cell.height);
  return {(part.col - cell.col) / grid.width, (part.row - cell.row) / grid.height,
          ceil_div(part.right() - cell.col, grid.width),
          ceil_div(part.bottom() - cell.row, grid.height)};
}

std::optional<FusedCell> decode(const Bytes& file, const CellKey& key, const BandSelection& bands,
                                const LatticeWindow& part) {
  const ZarrReader reader(file);
  const auto& attributes = reader.attributes();
  if (!attributes.is_object() || !attributes_match(attributes, key)) return std::nullopt;
  const auto checksums = checksums_of(attributes);
  FusedCell cell;
  cell.fused = key.lattice.cell_window(key.cell);
  cell.window = part;
  const ChunkRange chunks = chunks_of(cell.fused, part);
  const auto read = [&](const char* name, auto& plane) {
    return reader.read_plane(name, cell.fused.width, cell.fused.height, chunks, checksums, plane);
  };
  if (bands.elevation && !read(kElevationArray, cell.elevation)) return std::nullopt;
  if (bands.uncertainty && !read(kUncertaintyArray, cell.uncertainty)) return std::nullopt;
  if (bands.source && !read(kSourceArray, cell.source)) return std::nullopt;
  read_tables(attributes, cell);
  if (!cell.complete()) return std::nullopt;
  return cell;
}

}  // namespace

Bytes encode_cell(const CellKey& key, const FusedCell& cell, const std::string& crs_wkt,
                  const std::string& created_at) {
  require(cell.complete(), "a step of it failed");
  require(cell.window == key.lattice.cell_window(key.cell), "its window is not the key's cell");
  require(covers(cell.elevation, cell.window) && covers(cell.uncertainty, cell.window) &&
              covers(cell.source, cell.window),
          "a plane does not cover its window");
  require(sources_are_listed(cell), "a pixel's source is not in its table");
  ZarrWriter writer;
  add_fused_arrays(writer, key.lattice, cell, crs_wkt);
  return writer.finish(cell_attributes(key, cell, writer.checksums(), created_at));
}

std::optional<FusedCell> decode_cell(const Bytes& file, const CellKey& key,
                                     const BandSelection& bands, const LatticeWindow& part) {
  try {
    return decode(file, key, bands, part);
  } catch (const std::exception&) {
    return std::nullopt;  // not what the writer makes
  }
}

LatticeWindow readable_part(const LatticeWindow& cell, const LatticeWindow& window) noexcept {
  const LatticeWindow part = cell.intersect(window);
  if (part.empty()) return cell;
  const ChunkGrid grid(cell.width, cell.height);
  const ChunkRange chunks = chunks_of(cell, part);
  return LatticeWindow::from_edges(
             cell.col + chunks.first_col * grid.width, cell.row + chunks.first_row * grid.height,
             cell.col + chunks.last_col * grid.width, cell.row + chunks.last_row * grid.height)
      .intersect(cell);
}

std::size_t largest_cell_file(const Lattice& lattice) noexcept {
  const auto edge = static_cast<std::size_t>(lattice.cell_size());
  constexpr std::size_t kPixelBytes = 2 * sizeof(float) + sizeof(SourceId);
  return 2 * kPixelBytes * edge * edge + kLargestMetadata;
}

}  // namespace topobathy
