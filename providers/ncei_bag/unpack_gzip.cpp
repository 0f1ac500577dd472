#include <zlib.h>

#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "cache/file_system.h"
#include "fusion/error.h"
#include "providers/http/http_client.h"
#include "providers/ncei_bag/fetch_bag.h"

namespace topobathy {
namespace {

constexpr unsigned kBlock = 1U << 20;

[[noreturn]] void fail(const std::string& published, const std::string& what) {
  throw Error(ErrorCode::kUnreadable, "cannot unpack '" + without_secrets(published) +
                                          "': " + what +
                                          "; it is not kept: try again later, or leave the survey "
                                          "out with exclude_patterns");
}

/// A gzip file by zlib. (GDAL's /vsigzip/ remembers the last file of a name, also when there is
/// another under it, and takes a stream that breaks off for its end.)
class Packed {
 public:
  Packed(const std::string& path, const std::string& published)
      : published_(published), file_(gzopen(path.c_str(), "rb"), &gzclose_r) {
    if (!file_ || gzbuffer(file_.get(), kBlock) != 0) fail(published_, "it cannot be opened");
    // What is not gzip at all zlib would copy.
    if (gzdirect(file_.get()) != 0) fail(published_, "it is no gzip file");
  }

  /// Bytes read; 0 at the end of a whole stream.
  std::size_t read(std::vector<char>& block) {
    const int got = gzread(file_.get(), block.data(), static_cast<unsigned>(block.size()));
    int state = Z_OK;
    const char* const reason = gzerror(file_.get(), &state);
    // A stream that breaks off is told by Z_BUF_ERROR only.
    if (got < 0 || (state != Z_OK && state != Z_STREAM_END))
      fail(published_, std::string("it is damaged or cut short (") + reason + ")");
    return static_cast<std::size_t>(got);
  }

 private:
  const std::string& published_;
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file_;
};

/// A new file, gone again unless finished.
class Output {
 public:
  explicit Output(const std::string& path) : path_(path) {
    posix_file_system().remove(path);
    file_ = posix_file_system().create(path);
  }
  ~Output() {
    if (file_ < 0) return;
    try {
      posix_file_system().close(file_);
    } catch (const std::system_error&) {
      // It goes away anyway.
    }
    posix_file_system().remove(path_);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(const char* data, std::size_t size) {
    for (std::size_t done = 0; done < size;)
      done += posix_file_system().write(file_, data + done, size - done);
  }
  void finish() {
    posix_file_system().sync(file_);
    posix_file_system().close(std::exchange(file_, -1));
  }

 private:
  const std::string& path_;
  int file_ = -1;
};

void copy(Packed& packed, Output& output, std::uint64_t max_bytes, const std::string& published) {
  std::vector<char> block(kBlock);
  std::uint64_t total = 0;
  while (const std::size_t got = packed.read(block)) {
    total += got;
    if (total > max_bytes)
      fail(published, "it holds more than " + std::to_string(max_bytes) + " bytes");
    output.write(block.data(), got);
  }
}

}  // namespace

void unpack_gzip(const std::string& from, const std::string& to, std::uint64_t max_bytes,
                 const std::string& published) {
  try {
    Packed packed(from, published);
    Output output(to);
    copy(packed, output, max_bytes, published);
    output.finish();
  } catch (const std::system_error& error) {
    throw Error(ErrorCode::kCache, "cannot write " + to + ": " + error.what() +
                                       "; check the free space and the permissions of the cache "
                                       "directory, or set TOPOBATHY_CACHE_DIR to another one");
  }
}

}  // namespace topobathy
