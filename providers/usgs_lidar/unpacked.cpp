#include "providers/usgs_lidar/unpacked.h"

#include <libdeflate.h>
#include <zstd.h>

#include <algorithm>
#include <memory>

#include "fusion/error.h"

namespace topobathy {
namespace {

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const noexcept {
    libdeflate_free_decompressor(decompressor);
  }
};

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
  throw Error(ErrorCode::kUnreadable, "'" + name + "': " + why);
}

}  // namespace

std::string gunzipped(const std::string& name, std::string bytes, std::uint64_t max_bytes) {
  if (bytes.compare(0, 2, "\x1f\x8b") != 0) return bytes;
  const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(
      libdeflate_alloc_decompressor());
  for (std::uint64_t room = std::min<std::uint64_t>(max_bytes, 4 * bytes.size() + 4096);;
       room = std::min<std::uint64_t>(max_bytes, room * 4)) {
    std::string unpacked(room, '\0');
    std::size_t length = 0;
    switch (libdeflate_gzip_decompress(decompressor.get(), bytes.data(), bytes.size(),
                                       unpacked.data(), room, &length)) {
      case LIBDEFLATE_SUCCESS:
        unpacked.resize(length);
        return unpacked;
      case LIBDEFLATE_INSUFFICIENT_SPACE:
        if (room < max_bytes) continue;
        refuse(name, "unpacks to more than " + std::to_string(max_bytes) + " bytes: it is refused");
      default:
        refuse(name, "is no sound gzip file: it is cut short or damaged");
    }
  }
}

std::string unzstandarded(const std::string& name, const std::string& bytes, std::uint64_t size) {
  std::string unpacked(size, '\0');
  const std::size_t length = ZSTD_decompress(unpacked.data(), size, bytes.data(), bytes.size());
  if (ZSTD_isError(length) != 0 || length != size)
    refuse(name, "does not unpack to " + std::to_string(size) + " bytes: it is damaged");
  return unpacked;
}

}  // namespace topobathy
