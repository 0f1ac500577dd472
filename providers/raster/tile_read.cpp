#include "providers/raster/tile_read.h"

#include "providers/raster/decode_time.h"

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

FetchTime::~FetchTime() {
  decode_work.fetch_time += time_.elapsed();
}

DecodeTime::DecodeTime() noexcept : fetched_before_(decode_work.fetch_time) {}

DecodeTime::~DecodeTime() {
  decode_work.decode_time += time_.elapsed() - (decode_work.fetch_time - fetched_before_);
}

DecodeWork take_decode_work() noexcept {
  const DecodeWork work = decode_work;
  decode_work = DecodeWork{};
  return work;
}

}  // namespace topobathy
