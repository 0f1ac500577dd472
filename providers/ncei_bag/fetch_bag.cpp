#include "providers/ncei_bag/fetch_bag.h"

#include <cpl_string.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "fusion/error.h"
#include "providers/archive/links.h"
#include "providers/ncei_bag/landing_page.h"
#include "providers/raster/open_dataset.h"

namespace topobathy {
namespace {

/// Removes a file that has not become what it was made for.
class Unfinished {
 public:
  explicit Unfinished(std::string path) : path_(std::move(path)) {}
  ~Unfinished() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  const std::string& path() const noexcept { return path_; }

 private:
  const std::string path_;
};

bool is_gzip(const std::string& url) {
  const std::string name = file_name_of(url);
  return name.size() > 3 && EQUAL(name.c_str() + name.size() - 3, ".gz");
}

/// A real BAG shrinks to a tenth; much of one may be empty. What claims more is a bomb.
std::uint64_t most_unpacked(const std::string& packed) {
  constexpr std::uint64_t kFactor = 200;
  constexpr std::uint64_t kAlways = std::uint64_t{64} << 20;
  return kAlways + kFactor * std::filesystem::file_size(packed);
}

void require_bag(const std::string& path, const std::string& url) {
  std::string reason;
  try {
    const DatasetPointer dataset = open_dataset(make_recipe(path, {}, /*allow_vrt=*/false));
    if (EQUAL(dataset->GetDriverName(), "BAG")) return;
    reason = "it is of format " + std::string(dataset->GetDriverName());
  } catch (const Error&) {
    reason = "it is damaged, cut short, or an error page";
  }
  throw Error(ErrorCode::kUnreadable,
              "'" + without_secrets(url) + "' is no BAG that can be read: " + reason +
                  "; it is not kept: try again later, or leave it out with exclude_patterns");
}

/// Whether there is such a file at the archive.
bool download(const ArchiveContext& context, const std::string& url, const std::string& path) {
  Download wanted;
  wanted.url = url;
  wanted.path = path;
  const HttpAnswer answer = context.http->download(wanted);
  if (answer.absent()) return false;
  require_body(answer, url);
  return true;
}

}  // namespace

std::string raw_bag_name(const Asset& asset) {
  const std::size_t at = asset.revision.rfind('@');
  const std::string edition = at == std::string::npos ? "" : "." + asset.revision.substr(at + 1);
  return "raw/" + asset.id + edition + ".bag";
}

bool fetch_bag(const ArchiveContext& context, const std::string& url, const std::string& path) {
  const std::filesystem::path target(path);
  const std::string folder = target.parent_path().string() + "/.tmp-";
  const Unfinished bag(folder + target.filename().string());
  if (is_gzip(url)) {
    const Unfinished packed(bag.path() + ".gz");
    if (!download(context, url, packed.path())) return false;
    unpack_gzip(packed.path(), bag.path(), most_unpacked(packed.path()), url);
  } else if (!download(context, url, bag.path())) {
    return false;
  }
  require_bag(bag.path(), url);
  std::error_code error;
  std::filesystem::rename(bag.path(), path, error);
  if (error) throw Error(ErrorCode::kCache, "cannot write " + path + ": " + error.message());
  return true;
}

}  // namespace topobathy
