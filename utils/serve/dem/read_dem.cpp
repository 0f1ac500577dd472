#include <algorithm>

#include "cache/cell_attributes.h"
#include "cache/fused_zarr.h"
#include "cache/read_file.h"
#include "cache/zarr_reader.h"
#include "utils/serve/dem/dem_window.h"
#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

/// Opened for one answer; a second's work.
constexpr std::size_t kMostCellsRead = 1024;
constexpr std::size_t kLargestCell = std::size_t{512} << 20;

using CellsRead = std::vector<std::pair<DemDataset::Place, std::string>>;

/// Only places inside the window are looked at, row by row.
CellsRead cells_in(const DemDataset& dataset, const LatticeWindow& window) {
  const std::int64_t edge = dataset.lattice.cell_size;
  const std::int64_t left = floor_div(window.col, edge),
                     right = floor_div(window.right() - 1, edge);
  CellsRead cells;
  for (std::int64_t row = floor_div(window.row, edge); row * edge < window.bottom(); ++row)
    for (auto cell = dataset.cells.lower_bound({row, left});
         cell != dataset.cells.end() && cell->first <= std::make_pair(row, right); ++cell) {
      cells.push_back(*cell);
      if (cells.size() > kMostCellsRead)
        throw HttpError(413, "the window has more than " + std::to_string(kMostCellsRead) +
                                 " cells; ask for a smaller one, or for a dataset of a coarser "
                                 "level");
    }
  return cells;
}

/// The first of every `stride` pixels from the window's edge on, taken from its middle.
std::int64_t sampled(const LatticeWindow& window, std::int64_t stride, std::int64_t out,
                     bool is_column) {
  const std::int64_t from = is_column ? window.col : window.row;
  const std::int64_t end = is_column ? window.right() : window.bottom();
  return std::min(from + out * stride + stride / 2, end - 1);
}

template <class T>
void sample_plane(const Plane<T>& cell, const LatticeWindow& at, const DemWindow& asked,
                  Plane<T>& out) {
  const auto first = [&](std::int64_t begin, std::int64_t origin) {
    return std::max<std::int64_t>(0, (begin - origin) / asked.stride - 1);
  };
  for (std::int64_t r = first(at.row, asked.window.row); r < out.height(); ++r) {
    const std::int64_t row = sampled(asked.window, asked.stride, r, false);
    if (row < at.row) continue;
    if (row >= at.bottom()) break;
    for (std::int64_t c = first(at.col, asked.window.col); c < out.width(); ++c) {
      const std::int64_t col = sampled(asked.window, asked.stride, c, true);
      if (col < at.col) continue;
      if (col >= at.right()) break;
      out.at(c, r) = cell.at(col - at.col, row - at.row);
    }
  }
}

template <class T>
bool read_whole(const ZarrReader& reader, const char* name, const LatticeWindow& at,
                Plane<T>& plane) {
  return reader.read_plane(name, at.width, at.height, ChunkGrid(at.width, at.height).all(),
                           checksums_of(reader.attributes()), plane);
}

/// A cell that has gone meanwhile, or is not sound, has no pixels here: the next read of the
/// policy makes it anew.
void add_cell(const Bytes& file, const LatticeWindow& at, const DemWindow& asked,
              const BandSelection& bands, DemPlanes& planes) {
  const ZarrReader reader(file);
  if (!reader.attributes().is_object()) return;
  FusedCell cell;
  cell.fused = cell.window = at;
  read_tables(reader.attributes(), cell);
  if (bands.elevation && !read_whole(reader, kElevationArray, at, cell.elevation)) return;
  if (bands.source && !read_whole(reader, kSourceArray, at, cell.source)) return;
  if (bands.elevation) sample_plane(cell.elevation, at, asked, planes.elevation);
  if (bands.source) sample_plane(cell.source, at, asked, planes.source);
  planes.sources.insert(cell.sources.begin(), cell.sources.end());
}

}  // namespace

DemPlanes read_dem(const std::string& root, const DemDataset& dataset, const DemWindow& window,
                   const BandSelection& bands, const std::function<bool()>& gone) {
  DemPlanes planes;
  const CellsRead cells = cells_in(dataset, window.window);
  if (bands.elevation) planes.elevation = Plane<float>(window.width(), window.height(), kNoValue);
  if (bands.source) planes.source = Plane<SourceId>(window.width(), window.height(), kNoSource);
  const std::int64_t edge = dataset.lattice.cell_size;
  for (const auto& [place, path] : cells) {
    if (gone()) throw Error(ErrorCode::kCancelled, "nobody waits for the answer any more");
    const auto file = read_file(root + "/" + path, kLargestCell, Reading::kUse);
    if (!file) continue;
    try {
      add_cell(*file, {place.second * edge, place.first * edge, edge, edge}, window, bands, planes);
    } catch (const std::exception&) {
      continue;  // its tables are damaged
    }
  }
  return planes;
}

}  // namespace topobathy
