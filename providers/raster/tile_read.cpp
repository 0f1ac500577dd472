#include "providers/raster/tile_read.h"

namespace topobathy {
namespace {

// A plain value: nothing to destroy when the thread ends or the library is unloaded.
thread_local DecodeWork decode_work;

}  // namespace

Error tile_error(const RasterLayout& layout, const TileId& tile, int band,
                 const std::string& reason) {
  return Error(ErrorCode::kUnreadable,
               "cannot read tile (" + std::to_string(tile.col) + ", " + std::to_string(tile.row) +
                   ") of band " + std::to_string(band) + ", level " + std::to_string(tile.level) +
                   " of '" + layout.recipe.path + "': " + reason);
}

void note_decode_work(std::int64_t pixels, std::int64_t bytes) noexcept {
  decode_work.pixels += pixels;
  decode_work.bytes += bytes;
}

DecodeWork take_decode_work() noexcept {
  const DecodeWork work = decode_work;
  decode_work = DecodeWork{};
  return work;
}

}  // namespace topobathy
