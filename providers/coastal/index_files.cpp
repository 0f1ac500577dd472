#include "providers/coastal/index_files.h"

#include <atomic>
#include <cstring>

#include <cpl_conv.h>
#include <cpl_vsi.h>

#include "fusion/error.h"

namespace topobathy::coastal {
namespace {

constexpr std::uint64_t kMaxIndexBytes = std::uint64_t{256} << 20;  ///< real ones have up to 10 MB

std::string memory_folder() {
  static std::atomic<unsigned> count{0};
  return "/vsimem/topobathy_tile_index_" + std::to_string(count++);
}

bool lies_there(const std::string& path, std::int64_t size) {
  VSIStatBufL status;
  return size >= 0 && VSIStatL(path.c_str(), &status) == 0 &&
         static_cast<std::int64_t>(status.st_size) == size;
}

/// `replace`: what lies there may be from an answer that nobody could use.
void copy_part(ArchiveContext& context, const IndexPart& part, const std::string& path,
               bool replace) {
  Download wanted;
  wanted.replace = replace;
  wanted.url = part.url;
  wanted.path = path;
  if (part.size >= 0) wanted.size = static_cast<std::uint64_t>(part.size);
  wanted.max_bytes = kMaxIndexBytes;
  const HttpAnswer answer = context.http->download(wanted);
  if (!answer.ok()) require_body(answer, part.url);
}

}  // namespace

IndexFiles::IndexFiles(ArchiveContext& context, const std::vector<IndexPart>& parts, bool known)
    : folder_(context.may_write ? context.folder + "/tile_index" : memory_folder()),
      path_(folder_ + "/" + parts.front().name) {
  for (const IndexPart& part : parts) {
    const std::string path = folder_ + "/" + part.name;
    if (!context.may_write)
      hold(context, part);
    else if (!known || !lies_there(path, part.size))
      copy_part(context, part, path, !known);
  }
}

IndexFiles::~IndexFiles() {
  for (const std::string& path : held_)
    VSIUnlink(path.c_str());
}

void IndexFiles::hold(ArchiveContext& context, const IndexPart& part) {
  HttpRequest request;
  request.url = part.url;
  request.max_bytes = kMaxIndexBytes;
  const HttpAnswer answer = context.http->ask(request);
  const std::string& body = require_body(answer, part.url);
  const std::string path = folder_ + "/" + part.name;
  auto* const bytes = static_cast<GByte*>(CPLMalloc(body.size() + 1));
  std::memcpy(bytes, body.data(), body.size());
  VSILFILE* const file = VSIFileFromMemBuffer(path.c_str(), bytes, body.size(), /*take=*/TRUE);
  if (file == nullptr) {
    CPLFree(bytes);
    throw Error(ErrorCode::kInternal, "no memory for '" + part.url + "'");
  }
  VSIFCloseL(file);
  held_.push_back(path);
}

}  // namespace topobathy::coastal
