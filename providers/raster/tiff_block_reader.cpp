#include "providers/raster/tiff_block_reader.h"

#include <algorithm>

#include "fusion/plane.h"
#include "fusion/window.h"
#include "providers/raster/decode_time.h"
#include "providers/raster/plain_file.h"
#include "providers/raster/predictor.h"
#include "providers/raster/tuning.h"

namespace topobathy {
namespace {

/// The blocks of the file that make one tile.
BlockRange blocks_of(const LevelLayout& level, const TileWindow& window) noexcept {
  return {window.col / level.block_width, window.row / level.block_height,
          ceil_div(window.col + window.width, level.block_width),
          ceil_div(window.row + window.height, level.block_height)};
}

/// One band of the tile being made.
struct Target {
  std::size_t sample = 0;  ///< its place among the interleaved samples
  const SampleRule* rule = nullptr;
  BlockBuffer out;
  std::size_t valid = 0;
};

/// The part of a tile that one block fills, in pixels of the tile; clipped to the raster.
struct Place {
  std::int64_t col, row, width, height;
};

bool all_absent(const std::vector<BlockLocation>& locations) {
  return std::all_of(locations.begin(), locations.end(),
                     [](const BlockLocation& location) { return location.offset == 0; });
}

class TileDecode {
 public:
  TileDecode(const RasterLayout& layout, const LevelLayout& level, const TiffLevel& tiff,
             const TileWindow& window, EmptyPattern& empty)
      : layout_(layout), level_(level), tiff_(tiff), window_(window), empty_(empty) {}

  void add(int band);
  /// Decodes the blocks of the tile into targets [first, last). False if something is not as it
  /// should be.
  bool decode(const BlockRange& range, const std::vector<BlockLocation>& locations,
              std::size_t first, std::size_t last);
  std::vector<BlockPointer> finish();

 private:
  bool decode_block(const BlockLocation& location, const Place& place, std::size_t first,
                    std::size_t last);
  bool decode_rows(const BlockLocation& location, const Place& place, std::size_t first,
                   std::size_t last);
  bool load(const BlockLocation& location);
  void place_row(std::uint8_t* row, const Place& place, std::int64_t y, Target& target);
  void erase(const Place& place, Target& target);
  void erase_beyond_raster(Target& target);
  std::size_t pixels() const noexcept {
    return static_cast<std::size_t>(level_.tile_width * level_.tile_height);
  }

  const RasterLayout& layout_;
  const LevelLayout& level_;
  const TiffLevel& tiff_;
  const TileWindow& window_;
  EmptyPattern& empty_;
  const ScratchLoan loan_;
  std::vector<Target> targets_;
};

void TileDecode::add(int band) {
  Target target;
  target.sample = tiff_.samples > 1 ? static_cast<std::size_t>(band - 1) : 0;
  target.rule = &layout_.bands[static_cast<std::size_t>(band - 1)].rule;
  target.out = new_block(pixels());
  erase_beyond_raster(target);
  targets_.push_back(std::move(target));
}

void TileDecode::erase_beyond_raster(Target& target) {
  if (window_.width < level_.tile_width)
    erase({window_.width, 0, level_.tile_width - window_.width, window_.height}, target);
  if (window_.height < level_.tile_height)
    erase({0, window_.height, level_.tile_width, level_.tile_height - window_.height}, target);
}

void TileDecode::erase(const Place& place, Target& target) {
  for (std::int64_t y = place.row; y < place.row + place.height; ++y) {
    float* const row = target.out->data() + y * level_.tile_width;
    std::fill(row + place.col, row + place.col + place.width, kNoValue);
  }
}

bool TileDecode::decode(const BlockRange& range, const std::vector<BlockLocation>& locations,
                        std::size_t first, std::size_t last) {
  if (all_absent(locations)) return true;  // finish() gives the shared empty tile
  std::size_t i = 0;
  for (std::int64_t row = range.first_row; row < range.last_row; ++row) {
    for (std::int64_t col = range.first_col; col < range.last_col; ++col, ++i) {
      Place place{col * level_.block_width - window_.col, row * level_.block_height - window_.row,
                  0, 0};
      place.width = std::min(level_.block_width, window_.width - place.col);
      place.height = std::min(level_.block_height, window_.height - place.row);
      if (locations[i].offset == 0) {
        for (std::size_t t = first; t < last; ++t)
          erase(place, targets_[t]);
      } else if (!decode_block(locations[i], place, first, last)) {
        return false;
      }
    }
  }
  return true;
}

/// Reads the compressed bytes of a block.
bool TileDecode::load(const BlockLocation& location) {
  const auto decoded_bytes =
      static_cast<std::uint64_t>(level_.block_width * level_.block_height) * tiff_.pixel_bytes();
  if (location.bytes == 0 || location.bytes > decoded_bytes + tuning::kCompressedSlackBytes)
    return false;
  const auto bytes = static_cast<std::size_t>(location.bytes);
  std::uint8_t* const out = (*loan_).compressed(bytes);
  const FetchTime counted;
  if (tiff_.plain) {
    const std::shared_ptr<const PlainFile> file = open_plain_file(tiff_.path, tiff_.stamp);
    return file && file->read_at(location.offset, out, bytes);
  }
  HandlePool::Loan handle = shared_handle_pool().borrow(layout_.recipe);
  VSILFILE* const file = handle->file(tiff_.path);
  const bool is_whole = file != nullptr && VSIFSeekL(file, location.offset, SEEK_SET) == 0 &&
                        VSIFReadL(out, 1, bytes, file) == bytes;
  if (!is_whole) handle.discard();  // its state after an error is anyone's guess
  return is_whole;
}

bool TileDecode::decode_block(const BlockLocation& location, const Place& place, std::size_t first,
                              std::size_t last) {
  if (!load(location)) return false;
  const auto bytes = static_cast<std::size_t>(location.bytes);
  const std::uint8_t* const compressed = (*loan_).compressed(bytes);
  std::uint64_t samples = 0;
  std::size_t valid = 0;
  for (std::size_t t = first; t < last; ++t) {
    samples |= targets_[t].sample < 64 ? std::uint64_t{1} << targets_[t].sample : 0;
    valid += targets_[t].valid;
  }
  const bool comparable = tiff_.samples <= 64;
  if (comparable && empty_.matches(compressed, bytes, samples)) {
    for (std::size_t t = first; t < last; ++t)
      erase(place, targets_[t]);
    return true;
  }
  if (!decode_rows(location, place, first, last)) return false;
  for (std::size_t t = first; t < last; ++t)
    valid -= targets_[t].valid;
  // What lies beyond the raster's edge was not looked at: only a whole block tells of others.
  const bool whole = place.width == level_.block_width && place.height == level_.block_height;
  if (comparable && whole && valid == 0) empty_.learn(compressed, bytes, samples);
  return true;
}

bool TileDecode::decode_rows(const BlockLocation& location, const Place& place, std::size_t first,
                             std::size_t last) {
  const std::size_t row_bytes = static_cast<std::size_t>(level_.block_width) * tiff_.pixel_bytes();
  const auto decoded = (*loan_).decode(tiff_.compression, static_cast<std::size_t>(location.bytes),
                                       row_bytes * static_cast<std::size_t>(level_.block_height));
  // The last strip of a file may hold only the rows there are.
  if (!decoded || decoded->bytes < row_bytes * static_cast<std::size_t>(place.height)) return false;
  for (std::int64_t y = 0; y < place.height; ++y) {
    std::uint8_t* const row = decoded->data + static_cast<std::size_t>(y) * row_bytes;
    for (std::size_t t = first; t < last; ++t)
      place_row(row, place, y, targets_[t]);
  }
  note_decode_work(place.width * place.height * static_cast<std::int64_t>(last - first),
                   static_cast<std::int64_t>(location.bytes));
  return true;
}

void TileDecode::place_row(std::uint8_t* row, const Place& place, std::int64_t y, Target& target) {
  const std::size_t bytes = sample_bytes(tiff_.type);
  const auto block_width = static_cast<std::size_t>(level_.block_width);
  const auto samples = static_cast<std::size_t>(tiff_.samples);
  const auto width = static_cast<std::size_t>(place.width);
  float* const out = target.out->data() + (place.row + y) * level_.tile_width + place.col;
  if (tiff_.predictor == 3) {
    // Differences run through the byte planes of the whole row, padding included.
    std::uint8_t* const values = (*loan_).values(block_width * bytes);
    undo_float_predictor(row, block_width, samples, target.sample, bytes,
                         (*loan_).sums(block_width * bytes), values);
    target.valid += convert_samples(tiff_.type, values, 1, width, *target.rule, out);
    return;
  }
  if (tiff_.predictor == 2) undo_horizontal_predictor(row, width, samples, target.sample, bytes);
  target.valid +=
      convert_samples(tiff_.type, row + target.sample * bytes, samples, width, *target.rule, out);
}

std::vector<BlockPointer> TileDecode::finish() {
  std::vector<BlockPointer> blocks;
  for (Target& target : targets_)
    blocks.push_back(target.valid == 0 ? empty_block(pixels())
                                       : BlockPointer(std::move(target.out)));
  return blocks;
}

}  // namespace

TiffBlockReader::TiffBlockReader(const RasterLayout& layout) : layout_(layout) {
  for (std::size_t i = 0; i < layout.levels.size(); ++i)
    levels_.push_back(std::make_unique<Level>());
}

/// What the fast path knows of a level, looked up at its first tile; null if it is GDAL's.
const TiffLevel* TiffBlockReader::find_level(int number) {
  const auto i = static_cast<std::size_t>(number);
  Level& level = *levels_[i];
  const std::lock_guard<std::mutex> lock(level.mutex);
  if (!level.known) {
    const HandlePool::Loan handle = shared_handle_pool().borrow(layout_.recipe);
    level.tiff = read_tiff_level(layout_, layout_.levels[i], *handle);
    level.known = true;
  }
  return level.tiff ? &*level.tiff : nullptr;
}

std::optional<std::vector<BlockPointer>> TiffBlockReader::read(const TileId& tile,
                                                               const std::vector<int>& bands) {
  const TiffLevel* const tiff = find_level(tile.level);
  if (tiff == nullptr) return std::nullopt;
  const auto i = static_cast<std::size_t>(tile.level);
  const LevelLayout& level = layout_.levels[i];
  const TileWindow window = tile_window(level, tile.col, tile.row);
  const BlockRange range = blocks_of(level, window);
  TileDecode decode(layout_, level, *tiff, window, levels_[i]->empty);
  for (const int band : bands)
    decode.add(band);
  const bool all_at_once = tiff->samples > 1;
  const std::size_t step = all_at_once ? bands.size() : 1;
  for (std::size_t b = 0; b < bands.size(); b += step) {
    const auto locations =
        levels_[i]->index.find(layout_, level, all_at_once ? 1 : bands[b], range);
    if (!locations || !decode.decode(range, *locations, b, b + step)) return std::nullopt;
  }
  return decode.finish();
}

}  // namespace topobathy
