#include "providers/jcu_gbr100/gbr_archive.h"

#include <filesystem>
#include <system_error>

#include "cache/key_lock.h"
#include "fusion/error.h"
#include "fusion/sha256.h"
#include "providers/archive/raw_files.h"
#include "providers/jcu_gbr100/zip_member.h"
#include "providers/raster/allowed_drivers.h"
#include "providers/raster/open_dataset.h"

namespace topobathy {
namespace {

constexpr const char* kUrl =
    "https://files.ausseabed.gov.au/survey/"
    "Great%20Barrier%20Reef%20Bathymetry%202020%20100m.zip";
constexpr const char* kName = "Great_Barrier_Reef_Bathymetry_2020_100m";
/// Until the file is at hand: the reef and the Coral Sea with room to spare; an asset's box must
/// not be smaller than its pixels' (they lie in some 142 to 155 E, 29 to 10 S).
constexpr LonLatBox kRegion = {138.0, -32.0, 164.0, -6.0};
constexpr double kMetres = 0.001 * 111320.0;
constexpr std::uint64_t kLargestZip = std::uint64_t{4} << 30;
constexpr std::uint64_t kLargestGrid = std::uint64_t{16} << 30;
constexpr std::int64_t kDays = 30;

/// What tells the zip on the server from an earlier one.
std::string revision_of(const HttpAnswer& answer) {
  for (const std::string& text : {answer.etag, answer.last_modified})
    if (!text.empty()) return "2020 " + text;
  return answer.size >= 0 ? "2020 " + std::to_string(answer.size) : "2020";
}

Asset ask_for_zip(HttpClient& http) {
  HttpRequest request;
  request.url = kUrl;
  request.method = HttpRequest::Method::kHead;
  const HttpAnswer answer = http.ask(request);
  if (!answer.ok())
    throw Error(
        ErrorCode::kUnreadable,
        "'" + std::string(kUrl) + "': the server answers with status " +
            std::to_string(answer.status) +
            "; the archive has moved or is closed, see https://doi.org/10.26186/5e2f8bb629d07");
  Asset asset;
  asset.id = kName;
  asset.url = kUrl;
  asset.access = Asset::Access::kDownload;
  asset.box = kRegion;
  asset.resolution = kMetres;
  asset.size = answer.size;
  asset.revision = revision_of(answer);
  asset.heights = {"EPSG:5714", StatedBy::kArchive};
  SourceRecord& record = asset.record;
  record.provider = "jcu_gbr100";
  record.survey_id = "Great Barrier Reef Bathymetry 2020 100m";
  record.key = "survey:" + record.survey_id;
  record.institution = "James Cook University";
  record.license_name = "CC BY 4.0";
  record.license_url = "https://creativecommons.org/licenses/by/4.0/";
  record.vertical_datum = "mean sea level";
  record.vertical_basis = "archive";
  record.resolution = kMetres;
  record.link = "https://doi.org/10.26186/5e2f8bb629d07";
  return asset;
}

bool is_file(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

/// \throws Error(kUnreadable) a zip that was good when it came, and is so no longer
AssetFile read_in_place(const std::string& zip) {
  const GridInZip grid = find_grid_in_zip(zip, kLargestGrid);
  if (!grid.path.empty()) return {grid.path, ""};
  throw Error(ErrorCode::kUnreadable,
              "cannot use '" + zip + "': " + grid.problem + "; delete it to have it fetched again");
}

/// Of a grid in degrees; nothing for any other.
std::optional<LonLatBox> box_of_grid(const std::string& path) {
  const OpenRecipe recipe = make_recipe(path, {}, /*allow_vrt=*/false);
  const auto guard = serialise(recipe.serialised);
  const DatasetPointer grid = open_dataset(recipe);
  double t[6] = {};
  if (grid->GetGeoTransform(t) != CE_None || t[2] != 0 || t[4] != 0 || !(t[1] > 0) || !(t[5] < 0))
    return std::nullopt;
  const LonLatBox box = {t[0], t[3] + t[5] * grid->GetRasterYSize(),
                         t[0] + t[1] * grid->GetRasterXSize(), t[3]};
  const bool degrees = box.west >= -180 && box.east <= 360 && box.south >= -90 && box.north <= 90;
  return degrees ? std::optional(box) : std::nullopt;
}

}  // namespace

std::optional<LonLatBox> GbrArchive::extent() const {
  return kRegion;
}

std::string GbrArchive::path_in(const std::string& folder, const Asset& asset) const {
  return folder + "/raw/" + kName + "_" + sha256_hex(asset.revision).substr(0, 8) + ".zip";
}

std::vector<Candidate> GbrArchive::find(const LonLatBox& box) {
  if (!touch(kRegion, box)) return {};
  const auto ask = [&](const std::string& /*old_note*/) {
    Discovery discovery;
    discovery.assets = {ask_for_zip(*context().http)};
    discovery.seconds = kDays * 86400;
    return discovery;
  };
  std::vector<Candidate> found;
  for (Asset& asset : context().discovery->find("all", box, ask)) {
    asset.box = box_of(asset);
    if (touch(asset.box, box)) found.push_back({std::move(asset), ""});
  }
  return found;
}

LonLatBox GbrArchive::box_of(const Asset& asset) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = boxes_.find(asset.revision);
  if (known != boxes_.end()) return known->second;
  const std::string zip = path_in(context().folder, asset);
  if (!is_file(zip)) return asset.box;
  LonLatBox box = asset.box;
  try {
    box = box_of_grid(read_in_place(zip).path).value_or(box);
  } catch (const Error&) {
    // Whether it can be read is for open() to say, to those who want its pixels.
  }
  return boxes_[asset.revision] = box;
}

bool GbrArchive::is_local(const Asset& asset, double /*pixel*/) {
  return is_file(path_in(context().folder, asset));
}

AssetFile GbrArchive::open(const Asset& asset, double /*pixel*/) {
  const std::string kept = path_in(context().folder, asset);
  if (is_file(kept)) return read_in_place(kept);
  const std::string folder = writable_folder(context());
  const std::string path = path_in(folder, asset);
  const KeyLock lock(folder + "/locks", path);
  if (!is_file(path)) fetch(asset, path);
  return read_in_place(path);
}

void GbrArchive::fetch(const Asset& asset, const std::string& path) {
  Download wanted;
  wanted.url = asset.url;
  wanted.path = path;
  wanted.max_bytes = kLargestZip;
  if (asset.size >= 0) wanted.size = static_cast<std::uint64_t>(asset.size);
  // What is remembered may be of the page that came in its place.
  const auto ask_again = [this] { context().discovery->expire("all"); };
  HttpAnswer answer;
  try {
    answer = context().http->download(wanted);
  } catch (const Error&) {
    ask_again();
    throw;
  }
  const GridInZip grid = answer.ok() ? find_grid_in_zip(path, kLargestGrid) : GridInZip();
  if (!grid.path.empty()) return;
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  ask_again();
  if (answer.ok())
    throw Error(ErrorCode::kUnreadable,
                "'" + asset.url + "': what came cannot be used and was not kept: " + grid.problem +
                    "; a proxy or login page may stand in between, open the address in a browser");
  throw Error(ErrorCode::kUnreadable, "'" + asset.url + "': the server answers with status " +
                                          std::to_string(answer.status) +
                                          "; the archive has moved or is closed, see " +
                                          asset.record.link);
}

}  // namespace topobathy
