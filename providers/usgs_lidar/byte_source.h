#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "providers/http/http_client.h"

namespace topobathy {

/// How an archive is asked: HttpClient::ask, or what signs the URL first. \throws Error
using AskHttp = std::function<HttpAnswer(const HttpRequest& request)>;

/// Bytes of one file by place. For one thread.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual const std::string& name() const noexcept = 0;  ///< for messages
  /// All of the file. \throws Error
  virtual std::uint64_t size() = 0;
  /// Exactly these bytes. \throws Error(kUnreadable) they are not there
  virtual std::string read(std::uint64_t offset, std::uint64_t length) = 0;
};

/// A file that GDAL's VSI opens. \throws Error(kNotFound)
std::unique_ptr<ByteSource> open_local_bytes(const std::string& path);

/// Bytes at hand, under a name.
std::unique_ptr<ByteSource> bytes_at_hand(std::string name, std::string bytes);

/// A file of an archive, by ranges. Nothing is asked yet. An edition that changes between two
/// ranges is an error.
std::unique_ptr<ByteSource> open_remote_bytes(AskHttp ask, const std::string& url);

/// A piece of a file.
struct BytePiece {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};
/// Called for each piece by its index, in the order of the file.
using TakePiece = std::function<void(std::size_t index, std::string bytes)>;
/// Reads pieces with few requests: neighbours less than 64 KiB apart are asked for at once, 16 MiB
/// at most (or one piece, when it is longer). \throws Error
void read_pieces(ByteSource& file, const std::vector<BytePiece>& pieces, const TakePiece& take);

}  // namespace topobathy
