#include "providers/raster/tiff_layout.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <cpl_string.h>

#include "fusion/window.h"
#include "providers/raster/absent_blocks.h"
#include "providers/raster/gdal_errors.h"
#include "providers/raster/recent_stamp.h"
#include "providers/raster/tuning.h"

namespace topobathy {
namespace {

constexpr const char* kStructure = "IMAGE_STRUCTURE";

/// Only on such machines are a file's little-endian samples our own numbers.
bool is_little_endian_host() noexcept {
  const std::uint16_t one = 1;
  std::uint8_t first = 0;
  std::memcpy(&first, &one, 1);
  return first == 1;
}

std::optional<TiffCompression> compression_of(GDALDataset& dataset) {
  const char* const name = dataset.GetMetadataItem("COMPRESSION", kStructure);
  if (name == nullptr) return TiffCompression::kNone;
  if (EQUAL(name, "DEFLATE")) return TiffCompression::kDeflate;
  if (EQUAL(name, "ZSTD")) return TiffCompression::kZstd;
  return std::nullopt;
}

/// The tag only counts where a codec applies it.
int predictor_of(GDALDataset& dataset, TiffCompression compression) {
  const char* const text = dataset.GetMetadataItem("PREDICTOR", kStructure);
  return text == nullptr || compression == TiffCompression::kNone ? 1 : std::atoi(text);
}

bool is_decodable(int predictor, SampleType type) noexcept {
  const bool floating = type == SampleType::kFloat32 || type == SampleType::kFloat64;
  return predictor == 1 || predictor == 2 || (predictor == 3 && floating);
}

/// All bands stored alike, as whole bytes, in a colour space of numbers, without masks.
bool has_plain_bands(const RasterLayout& layout, const LevelLayout& level, RasterHandle& handle) {
  if (handle.dataset().GetMetadataItem("SOURCE_COLOR_SPACE", kStructure) != nullptr) return false;
  for (int b = 1; b <= layout.header.bands; ++b) {
    const BandLayout& band = layout.bands[static_cast<std::size_t>(b - 1)];
    if (band.masked || !band.exact_type || band.type != layout.bands.front().type) return false;
    GDALRasterBand* const stored = handle.band(b, level.overview);
    if (stored == nullptr || stored->GetMetadataItem("NBITS", kStructure) != nullptr) return false;
  }
  return true;
}

/// The file that holds a level. Overviews are all inside the file (nameless datasets) or all in one
/// side-car, whose first carries its name and whose others are nameless like internal ones. Nothing
/// where that leaves a doubt: offsets into the wrong file would read as noise.
std::optional<std::string> file_of(const RasterLayout& layout, const LevelLayout& level,
                                   RasterHandle& handle) {
  if (level.overview < 0) return layout.recipe.path;
  GDALDataset* const first = handle.band(1, 0)->GetDataset();
  const std::string name = first == nullptr ? "" : first->GetDescription();
  if (!name.empty()) return name;
  // GDAL looks for no side-car of a remote file: see VsicurlOptions.
  if (is_remote_path(layout.recipe.path)) return layout.recipe.path;
  if (stamp_file(layout.recipe.path + ".ovr")) return std::nullopt;
  return layout.recipe.path;
}

bool is_little_endian_tiff(RasterHandle& handle, const std::string& path) {
  VSILFILE* const file = handle.file(path);
  char magic[4] = {};
  if (file == nullptr || VSIFSeekL(file, 0, SEEK_SET) != 0 ||
      VSIFReadL(magic, 1, sizeof magic, file) != sizeof magic)
    return false;
  constexpr char kClassic = 42;
  constexpr char kBig = 43;
  return magic[0] == 'I' && magic[1] == 'I' && (magic[2] == kClassic || magic[2] == kBig) &&
         magic[3] == 0;
}

std::optional<std::uint64_t> block_item(GDALRasterBand& band, const char* item, std::int64_t col,
                                        std::int64_t row) {
  char key[64];
  std::snprintf(key, sizeof key, "%s_%lld_%lld", item, static_cast<long long>(col),
                static_cast<long long>(row));
  const char* const text = band.GetMetadataItem(key, "TIFF");
  if (text == nullptr) return std::nullopt;
  return std::strtoull(text, nullptr, 10);
}

BlockLocation location_of(GDALRasterBand& band, std::int64_t col, std::int64_t row) {
  const std::optional<std::uint64_t> offset = block_item(band, "BLOCK_OFFSET", col, row);
  if (!offset || *offset == 0) return {};
  return {*offset, block_item(band, "BLOCK_SIZE", col, row).value_or(0)};
}

/// GDAL presents one huge uncompressed strip as rows of its own making, whose offsets it does not
/// give.
bool is_split_strip(const LevelLayout& level, const TiffLevel& tiff, GDALRasterBand& band) {
  if (tiff.compression != TiffCompression::kNone || level.block_height != 1) return false;
  return location_of(band, 0, 0).bytes !=
         static_cast<std::uint64_t>(level.block_width) * tiff.pixel_bytes();
}

/// See are_surely_absent().
bool are_absences_true(const RasterLayout& layout, const LevelLayout& level, int band,
                       std::int64_t row, const std::vector<BlockLocation>& locations) {
  if (is_plain_file(layout.recipe.path)) return true;
  std::vector<std::int64_t> absent;
  for (std::size_t col = 0; col < locations.size(); ++col)
    if (locations[col].offset == 0) absent.push_back(static_cast<std::int64_t>(col));
  return absent.empty() || are_surely_absent(layout, level, band, row, absent);
}

}  // namespace

bool has_place_in_file(GDALRasterBand& band, std::int64_t col, std::int64_t row) {
  return block_item(band, "BLOCK_OFFSET", col, row).value_or(0) != 0;
}

std::optional<TiffLevel> read_tiff_level(const RasterLayout& layout, const LevelLayout& level,
                                         RasterHandle& handle) {
  const QuietGdalErrors quiet;
  if (!is_little_endian_host() || layout.header.driver != "GTiff" || !layout.recipe.stamp ||
      layout.recipe.stamped_file != layout.recipe.path || !level.tiles_are_whole_blocks() ||
      !has_plain_bands(layout, level, handle))
    return std::nullopt;
  GDALRasterBand* const band = handle.band(1, level.overview);
  GDALDataset* const dataset = band == nullptr ? nullptr : band->GetDataset();
  if (dataset == nullptr) return std::nullopt;
  const std::optional<TiffCompression> compression = compression_of(*dataset);
  const std::optional<std::string> file = file_of(layout, level, handle);
  if (!compression || !file) return std::nullopt;
  TiffLevel tiff;
  tiff.path = *file;
  tiff.plain = is_plain_file(tiff.path);
  tiff.compression = *compression;
  tiff.predictor = predictor_of(*dataset, *compression);
  tiff.samples = layout.pixel_interleaved ? layout.header.bands : 1;
  tiff.type = layout.bands.front().type;
  const std::optional<FileStamp> stamp =
      level.overview < 0 ? layout.recipe.stamp : recent_stamp(tiff.path);
  if (!stamp || is_interleaved_by_pixel(*dataset) != layout.pixel_interleaved ||
      !is_decodable(tiff.predictor, tiff.type) || !is_little_endian_tiff(handle, tiff.path) ||
      is_split_strip(level, tiff, *band))
    return std::nullopt;
  tiff.stamp = *stamp;
  const std::int64_t block_pixels = level.block_width * level.block_height;
  if (block_pixels > tuning::kMaxFastBlockBytes / static_cast<std::int64_t>(tiff.pixel_bytes()))
    return std::nullopt;
  return tiff;
}

std::optional<std::vector<BlockLocation>> BlockIndex::find(const RasterLayout& layout,
                                                           const LevelLayout& level, int band,
                                                           const BlockRange& range) {
  const std::int64_t across = ceil_div(level.width, level.block_width);
  std::vector<BlockLocation> found;
  std::optional<HandlePool::Loan> handle;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (std::int64_t row = range.first_row; row < range.last_row; ++row) {
    Row& locations = rows_[{band, row}];
    if (locations.empty()) {
      if (!handle) handle.emplace(shared_handle_pool().borrow(layout.recipe));
      GDALRasterBand* const source = (*handle)->band(band, level.overview);
      const QuietGdalErrors errors;
      for (std::int64_t col = 0; source != nullptr && col < across; ++col)
        locations.push_back(location_of(*source, col, row));
      if (!errors.reason("").empty() || !are_absences_true(layout, level, band, row, locations)) {
        rows_.erase({band, row});
        handle->discard();
        return std::nullopt;
      }
    }
    if (locations.size() != static_cast<std::size_t>(across)) return std::nullopt;
    found.insert(found.end(), locations.begin() + range.first_col,
                 locations.begin() + range.last_col);
  }
  return found;
}

}  // namespace topobathy
