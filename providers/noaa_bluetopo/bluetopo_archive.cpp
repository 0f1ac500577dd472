#include "providers/noaa_bluetopo/bluetopo_archive.h"

#include <array>
#include <filesystem>
#include <regex>
#include <system_error>

#include "fusion/error.h"
#include "fusion/policy/provider_table.h"
#include "providers/archive/make_once.h"
#include "providers/archive/raw_files.h"
#include "providers/archive/s3_listing.h"
#include "providers/noaa_bluetopo/attribute_sidecar.h"
#include "providers/noaa_bluetopo/tile_scheme.h"

namespace topobathy {
namespace {

constexpr char kBucket[] = "https://noaa-ocs-nationalbathymetry-pds.s3.amazonaws.com";
/// Looking whether there is a new release is one small request.
constexpr std::int64_t kBelieved = 86400;
/// How long a tile that was there is not asked after again.
constexpr std::int64_t kThereSeconds = 60;
/// Forty times the usual scheme.
constexpr std::uint64_t kMostSchemeBytes = std::uint64_t{256} << 20;

struct PublishedScheme {
  std::string name;
  std::string url;
  std::int64_t size = -1;
};

}  // namespace

struct BluetopoArchive::Product {
  const char* name;
  const char* region;  ///< of the discovery cache
  const char* folder;  ///< of its scheme in the bucket
  const char* scheme;  ///< what the scheme's name begins with
};

namespace {

/// The newest scheme in the folder, by the time of release in its name.
template <class Product>
PublishedScheme newest_scheme(HttpClient& http, const Product& product) {
  const std::regex pattern(std::string(product.scheme) + R"(_(\d{8})_(\d{6})\.gpkg)");
  PublishedScheme newest;
  std::string newest_time;
  for (const S3Object& object : list_s3(http, kBucket, product.folder)) {
    const std::string name = object.key.substr(object.key.rfind('/') + 1);
    std::smatch parts;
    if (object.key != product.folder + name || !std::regex_match(name, parts, pattern)) continue;
    const std::string time = parts[1].str() + parts[2].str();
    if (time <= newest_time) continue;
    newest_time = time;
    newest = {name, std::string(kBucket) + "/" + object.key, object.size};
  }
  if (newest.name.empty())
    throw Error(ErrorCode::kUnreadable,
                std::string("'") + kBucket + "/" + product.folder +
                    "': the archive lists no tile scheme " + product.scheme +
                    "_<date>_<time>.gpkg; try again later, or name a mirror in "
                    "TOPOBATHY_ENDPOINTS");
  return newest;
}

}  // namespace

const BluetopoArchive::Product& BluetopoArchive::find_product(const Step& step) {
  static constexpr std::array kProducts = {
      Product{"bluetopo", "all", "BlueTopo/_BlueTopo_Tile_Scheme/", "BlueTopo_Tile_Scheme"},
      Product{"modeling", "modeling", "Test-and-Evaluation/Modeling/_Modeling_Tile_Scheme/",
              "Modeling_Tile_Scheme"},
  };
  const std::string name = product_of(step);
  for (const Product& product : kProducts)
    if (name == product.name) return product;
  throw Error(ErrorCode::kInternal, "no tile scheme for product '" + name + "'");
}

BluetopoArchive::BluetopoArchive(const ArchiveSetup& setup)
    : Archive(setup), product_(find_product(setup.step)) {}

std::vector<Candidate> BluetopoArchive::find(const LonLatBox& box) {
  const auto assets = context().discovery->find(
      product_.region, box, [&](const std::string& old_note) { return ask(old_note); });
  std::vector<Candidate> candidates;
  // Patterns are about the surveys within a tile, not about the tile.
  for (const Asset& asset : assets)
    candidates.push_back({asset, left_out(filter(), asset, /*names=*/false)});
  sort_candidates(candidates);
  return candidates;
}

Discovery BluetopoArchive::ask(const std::string& old_note) const {
  const PublishedScheme scheme = newest_scheme(*context().http, product_);
  Discovery found;
  found.seconds = kBelieved;
  found.note = scheme.name;
  const std::string path = find_kept(context(), std::string(product_.scheme) + ".gpkg");
  if (scheme.name == old_note && !path.empty()) {
    try {
      found.assets = read_tile_scheme(path, scheme.url);
      return found;
    } catch (const Error&) {
      // Damaged on this disk: the archive has it whole.
    }
  }
  found.assets = fetch_scheme(scheme.url, scheme.size);
  return found;
}

std::vector<Asset> BluetopoArchive::fetch_scheme(const std::string& url, std::int64_t size) const {
  const std::string path = writable_folder(context()) + "/" + product_.scheme + ".gpkg";
  // The scheme at hand stays until the new one has been read to its end.
  const std::string fresh = writable_folder(context()) + "/.tmp-" + product_.scheme + ".gpkg";
  Download wanted;
  wanted.url = url;
  wanted.path = fresh;
  if (size >= 0) wanted.size = static_cast<std::uint64_t>(size);
  wanted.max_bytes = kMostSchemeBytes;
  require_body(context().http->download(wanted), url);
  try {
    std::vector<Asset> assets = read_tile_scheme(fresh, url);
    std::filesystem::rename(fresh, path);
    return assets;
  } catch (const std::filesystem::filesystem_error& error) {
    throw Error(ErrorCode::kCache, "cannot write " + path + ": " + error.code().message());
  } catch (const Error&) {
    std::error_code ignored;
    std::filesystem::remove(fresh, ignored);
    throw;
  }
}

void BluetopoArchive::throw_republished(const Asset& asset) const {
  context().discovery->expire(product_.region);
  throw Error(ErrorCode::kNotFound,
              "'" + without_secrets(asset.url) + "': tile " + asset.id +
                  " is gone, probably published anew under another date: read again, the archive's "
                  "tile scheme will be looked up afresh");
}

/// Each cell that a tile touches opens it: it is asked for once in a while.
void BluetopoArchive::require_there(const Asset& asset) {
  const std::int64_t now = context().clock->now();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto seen = there_.find(asset.url);
    if (seen != there_.end() && now < seen->second + kThereSeconds) return;
  }
  HttpRequest request;
  request.url = asset.url;
  request.method = HttpRequest::Method::kHead;
  const HttpAnswer answer = context().http->ask(request);
  if (answer.absent()) throw_republished(asset);
  require_body(answer, asset.url);
  const std::lock_guard<std::mutex> lock(mutex_);
  there_[asset.url] = now;
}

AssetFile BluetopoArchive::open(const Asset& asset, double /*pixel*/) {
  // GDAL, not the HTTP client, goes there.
  if (!context().endpoints.allows(asset.url))
    throw Error(ErrorCode::kUnreadable,
                "'" + without_secrets(asset.url) + "': the tile scheme sends tile " + asset.id +
                    " to a host that is none of the archive's; it is not followed");
  LocalSidecar sidecar;
  if (!asset.sidecar_url.empty()) sidecar = fetch_sidecar(context(), asset);
  if (sidecar.is_gone) throw_republished(asset);
  if (!sidecar.was_asked_for) require_there(asset);
  return {"/vsicurl/" + context().endpoints.resolve(asset.url), sidecar.path};
}

std::unique_ptr<Archive> make_bluetopo(const ArchiveSetup& setup) {
  return std::make_unique<BluetopoArchive>(setup);
}

}  // namespace topobathy
