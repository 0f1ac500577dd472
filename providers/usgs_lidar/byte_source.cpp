#include "providers/usgs_lidar/byte_source.h"

#include <cpl_vsi.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "fusion/error.h"
#include "providers/raster/gdal_errors.h"

namespace topobathy {
namespace {

constexpr std::uint64_t kMaxGap = std::uint64_t{64} << 10;
constexpr std::uint64_t kMaxRequest = std::uint64_t{16} << 20;

[[noreturn]] void refuse_cut(const std::string& name, std::uint64_t offset, std::uint64_t length) {
  throw Error(ErrorCode::kUnreadable, "'" + name + "': has no " + std::to_string(length) +
                                          " bytes at " + std::to_string(offset) +
                                          ": it is cut short or damaged");
}

struct CloseFile {
  void operator()(VSILFILE* file) const noexcept { VSIFCloseL(file); }
};

class LocalBytes final : public ByteSource {
 public:
  explicit LocalBytes(const std::string& path) : path_(path) {
    const QuietGdalErrors quiet;
    file_.reset(VSIFOpenL(path.c_str(), "rb"));
    if (!file_)
      throw Error(ErrorCode::kNotFound, "'" + path + "': there is no such file, or it is closed");
    VSIFSeekL(file_.get(), 0, SEEK_END);
    size_ = VSIFTellL(file_.get());
  }

  const std::string& name() const noexcept override { return path_; }
  std::uint64_t size() override { return size_; }
  std::string read(std::uint64_t offset, std::uint64_t length) override {
    if (offset > size_ || length > size_ - offset) refuse_cut(path_, offset, length);
    std::string bytes(length, '\0');
    if (VSIFSeekL(file_.get(), offset, SEEK_SET) != 0 ||
        VSIFReadL(bytes.data(), 1, length, file_.get()) != length)
      refuse_cut(path_, offset, length);
    return bytes;
  }

 private:
  const std::string path_;
  std::unique_ptr<VSILFILE, CloseFile> file_;
  std::uint64_t size_ = 0;
};

class BytesAtHand final : public ByteSource {
 public:
  BytesAtHand(std::string name, std::string bytes)
      : name_(std::move(name)), bytes_(std::move(bytes)) {}

  const std::string& name() const noexcept override { return name_; }
  std::uint64_t size() override { return bytes_.size(); }
  std::string read(std::uint64_t offset, std::uint64_t length) override {
    if (offset > bytes_.size() || length > bytes_.size() - offset)
      refuse_cut(name_, offset, length);
    return bytes_.substr(offset, length);
  }

 private:
  const std::string name_;
  const std::string bytes_;
};

class RemoteBytes final : public ByteSource {
 public:
  RemoteBytes(AskHttp ask, const std::string& url)
      : ask_(std::move(ask)), url_(url), name_(without_secrets(url)) {}

  const std::string& name() const noexcept override { return name_; }
  std::uint64_t size() override {
    if (size_ < 0) read(0, 1);
    if (size_ < 0)
      throw Error(ErrorCode::kUnreadable, "'" + name_ + "': the server does not tell its size");
    return static_cast<std::uint64_t>(size_);
  }

  std::string read(std::uint64_t offset, std::uint64_t length) override {
    if (length == 0) return {};
    HttpRequest request;
    request.url = url_;
    request.range = ByteRange{offset, offset + length - 1};
    request.max_bytes = length;
    HttpAnswer answer = ask_(request);
    require_body(answer, url_);
    if (answer.body.size() != length) refuse_cut(name_, offset, length);
    require_same_edition(answer);
    return std::move(answer.body);
  }

 private:
  void require_same_edition(const HttpAnswer& answer) {
    if (answer.size >= 0) size_ = answer.size;
    const std::string& mark = answer.etag.empty() ? answer.last_modified : answer.etag;
    if (edition_.empty()) edition_ = mark;
    if (mark != edition_)
      throw Error(ErrorCode::kUnreadable,
                  "'" + name_ + "': changed while it was being read: read again");
  }

  const AskHttp ask_;
  const std::string url_;
  const std::string name_;
  std::int64_t size_ = -1;
  std::string edition_;
};

}  // namespace

std::unique_ptr<ByteSource> open_local_bytes(const std::string& path) {
  return std::make_unique<LocalBytes>(path);
}

std::unique_ptr<ByteSource> bytes_at_hand(std::string name, std::string bytes) {
  return std::make_unique<BytesAtHand>(std::move(name), std::move(bytes));
}

std::unique_ptr<ByteSource> open_remote_bytes(AskHttp ask, const std::string& url) {
  return std::make_unique<RemoteBytes>(std::move(ask), url);
}

void read_pieces(ByteSource& file, const std::vector<BytePiece>& pieces, const TakePiece& take) {
  std::vector<std::size_t> order(pieces.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return pieces[a].offset < pieces[b].offset; });
  for (std::size_t first = 0; first < order.size();) {
    const std::uint64_t begin = pieces[order[first]].offset;
    std::uint64_t end = begin + pieces[order[first]].length;
    std::size_t last = first + 1;
    for (; last < order.size(); ++last) {
      const BytePiece& next = pieces[order[last]];
      const std::uint64_t reach = std::max(end, next.offset + next.length);
      if (next.offset > end + kMaxGap || reach - begin > kMaxRequest) break;
      end = reach;
    }
    const std::string bytes = file.read(begin, end - begin);
    for (; first < last; ++first) {
      const BytePiece& piece = pieces[order[first]];
      take(order[first], bytes.substr(piece.offset - begin, piece.length));
    }
  }
}

}  // namespace topobathy
