#include "providers/usgs_lidar/laz_stream.h"

#include <algorithm>
#include <utility>

namespace topobathy {
namespace {

constexpr std::uint64_t kWindow = std::uint64_t{1} << 20;

}  // namespace

LazStream::LazStream(std::string prefix, ByteSource& file, const BytePiece& stretch)
    : prefix_(std::move(prefix)), file_(file), stretch_(stretch) {}

void LazStream::fill(std::uint64_t place) {
  if (place < prefix_.size()) {
    window_ = prefix_.substr(place);
  } else {
    const std::uint64_t inside = place - prefix_.size();
    window_ = file_.read(stretch_.offset + inside, std::min(kWindow, stretch_.length - inside));
  }
  window_end_ = place + window_.size();
  setg(window_.data(), window_.data(), window_.data() + window_.size());
}

LazStream::int_type LazStream::underflow() {
  if (gptr() < egptr()) return traits_type::to_int_type(*gptr());
  if (window_end_ >= size()) return traits_type::eof();
  try {
    fill(window_end_);
  } catch (...) {
    failure_ = std::current_exception();
    return traits_type::eof();
  }
  return traits_type::to_int_type(*gptr());
}

LazStream::pos_type LazStream::seekoff(off_type offset, std::ios_base::seekdir from,
                                       std::ios_base::openmode which) {
  const auto here = static_cast<off_type>(position());
  if (from == std::ios_base::cur && offset == 0) return pos_type(here);
  const off_type base = from == std::ios_base::beg   ? 0
                        : from == std::ios_base::cur ? here
                                                     : static_cast<off_type>(size());
  return seekpos(pos_type(base + offset), which);
}

LazStream::pos_type LazStream::seekpos(pos_type place, std::ios_base::openmode /*which*/) {
  const off_type wanted = place;
  if (wanted < 0 || static_cast<std::uint64_t>(wanted) > size()) return pos_type(off_type(-1));
  const auto target = static_cast<std::uint64_t>(wanted);
  if (target <= window_end_ && target + window_.size() >= window_end_) {
    const std::uint64_t begin = window_end_ - window_.size();
    setg(window_.data(), window_.data() + (target - begin), window_.data() + window_.size());
  } else {
    // The next read fetches.
    window_.clear();
    window_end_ = target;
    setg(nullptr, nullptr, nullptr);
  }
  return place;
}

}  // namespace topobathy
