#include "providers/object_store/vsi_reading.h"

#include <cpl_error.h>
#include <cpl_vsi.h>
#include <cpl_vsi_error.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "providers/raster/gdal_errors.h"

namespace topobathy {
namespace {

struct CloseVsi {
  void operator()(VSILFILE* file) const noexcept { VSIFCloseL(file); }
};
using VsiFile = std::unique_ptr<VSILFILE, CloseVsi>;

/// Read first; most cells are smaller.
constexpr std::size_t kFirstPiece = std::size_t{1} << 20;

/// The same object through GDAL's streaming readers, which ask once for all of it where the others
/// ask for its beginning first; "" where there is none.
std::string streaming_path(const std::string& path) {
  constexpr std::array kSchemes = {"/vsis3/",  "/vsigs/",    "/vsiaz/",
                                   "/vsioss/", "/vsiswift/", "/vsicurl/"};
  for (const std::string_view scheme : kSchemes)
    if (path.compare(0, scheme.size(), scheme) == 0)
      return std::string(scheme.substr(0, scheme.size() - 1)) + "_streaming/" +
             path.substr(scheme.size());
  return "";
}

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

VsiFile open(const std::string& path) {
  CPLErrorReset();
  VSIErrorReset();
  return VsiFile(VSIFOpenExL(path.c_str(), "rb", /*bSetError=*/TRUE));
}

/// What GDAL has said of an open that failed, in whichever of its two ways.
std::string last_words() {
  const std::string error = VSIGetLastErrorMsg();
  return error.empty() ? CPLGetLastErrorMsg() : error;
}

VsiLook failed_look() {
  using State = VsiLook::State;
  VsiLook look;
  look.reason = last_words();
  switch (VSIGetLastErrorNo()) {
    case VSIE_AWSObjectNotFound:
      return {};
    case VSIE_AWSAccessDenied:
    case VSIE_AWSBucketNotFound:
    case VSIE_AWSInvalidCredentials:
    case VSIE_AWSSignatureDoesNotMatch:
      look.state = State::kRefused;
      return look;
    default:
      // Stores without error texts that GDAL knows: "HTTP response code on <URL>: 404".
      if (ends_with(look.reason, ": 404")) return {};
      if (ends_with(look.reason, ": 0")) look.reason.clear();
      look.state = State::kNoAnswer;
      if (look.reason.empty()) look.reason = "the store does not answer";
      return look;
  }
}

/// Everything up to the end, unless that is beyond the limit.
std::optional<Bytes> read_all(VSILFILE* file, std::size_t limit) {
  Bytes content;
  std::size_t size = 0;
  for (;;) {
    content.resize(std::max(kFirstPiece, 2 * size));
    const std::size_t asked = content.size() - size;
    const std::size_t got = VSIFReadL(content.data() + size, 1, asked, file);
    size += got;
    if (size > limit) return std::nullopt;
    if (got < asked) break;
  }
  content.resize(size);
  return content;
}

bool is_served(const std::string& path) {
  return !streaming_path(path).empty() || path.compare(0, 9, "/vsiadls/") == 0;
}

}  // namespace

VsiLook read_vsi_object(const std::string& path, std::size_t limit) {
  const QuietGdalErrors quiet;
  // Of both ways: they share what they remember by URL.
  VSICurlPartialClearCache(path.c_str());
  VSIErrorReset();
  VsiFile file;
  if (const std::string streamed = streaming_path(path); !streamed.empty()) file = open(streamed);
  // The streaming reader keeps some of its reasons to itself.
  if (!file && VSIGetLastErrorNo() == VSIE_None) file = open(path);
  if (!file && !is_served(path)) return {};
  if (!file) return failed_look();
  return {VsiLook::State::kFound, read_all(file.get(), limit), ""};
}

}  // namespace topobathy
