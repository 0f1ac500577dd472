#include "providers/datum/vdatum_bundle.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <system_error>
#include <tuple>

#include "fusion/error.h"
#include "providers/align/shared_by_key.h"
#include "providers/datum/vdatum_text.h"

namespace topobathy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSharedBundles = 8;

double turned(double lon, double west) {
  return lon - 360.0 * std::floor((lon - west) / 360.0);
}

std::string small(std::string text) {
  for (char& c : text)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// The file of a folder whose name is this, whatever its case (NOAA's archives mix them).
std::string find_file(const std::string& folder, const std::string& name) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (small(entry.path().filename().string()) == small(name)) return entry.path().string();
  return "";
}

std::vector<std::string> folders_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.is_directory(error)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

void look_at_file(const std::string& path, std::vector<GridFile>& files) {
  files.push_back(look_at_grid(fs::path(path).filename().string(), path));
}

VdatumRegion make_region(const std::string& name, const VdatumFacts& facts,
                         const std::string& file) {
  VdatumRegion region;
  region.name = name;
  region.box = region_box(facts, file);
  const bool islands =
      region.box.west > -70.0 && region.box.east < -60.0 && region.box.north < 23.0;
  region.kind = islands                       ? VdatumRegion::Kind::kIslands
                : is_nad83_frame(facts, file) ? VdatumRegion::Kind::kNavd88
                                              : VdatumRegion::Kind::kGravity;
  return region;
}

VdatumRegion installed_region(const std::string& folder, const std::string& name,
                              const std::string& met) {
  VdatumRegion region = make_region(name, read_facts(met), met);
  region.folder = folder;
  look_at_file(folder, region.files);
  look_at_file(met, region.files);
  const std::string polygon = find_file(folder, name + ".bnd");
  if (!polygon.empty()) {
    region.rings = read_rings(polygon);
    look_at_file(polygon, region.files);
  }
  return region;
}

double size_of(const LonLatBox& box) {
  return (box.east - box.west) * (box.north - box.south);
}

std::string root_of(const std::string& folder) {
  const std::string inner = (fs::path(folder) / "vdatum").string();
  std::error_code ignored;
  const std::string root = fs::is_directory(inner, ignored) ? inner : folder;
  if (fs::is_directory(root, ignored)) return root;
  throw Error(ErrorCode::kNotFound, "TOPOBATHY_VDATUM_DIR: '" + folder +
                                        "' is no folder; name the one that NOAA's VDatum archives "
                                        "were unpacked into");
}

void add_listed(VdatumBundle& bundle) {
  const std::string list = find_file(bundle.root, "tidal_area.inf");
  if (list.empty()) return;
  look_at_file(list, bundle.files);
  for (const auto& [name, facts] : read_listed_facts(list)) {
    const auto same = [&, &name = name](const VdatumRegion& region) {
      return small(region.name) == small(name);
    };
    if (std::none_of(bundle.regions.begin(), bundle.regions.end(), same))
      bundle.regions.push_back(make_region(name, facts, list));
  }
}

std::shared_ptr<const VdatumBundle> read_bundle(const std::string& folder) {
  auto bundle = std::make_shared<VdatumBundle>();
  bundle->root = root_of(folder);
  look_at_file(bundle->root, bundle->files);
  for (const std::string& name : folders_in(bundle->root)) {
    const std::string inner = (fs::path(bundle->root) / name).string();
    const std::string met = find_file(inner, name + ".met");
    if (!met.empty()) bundle->regions.push_back(installed_region(inner, name, met));
  }
  add_listed(*bundle);
  const std::string columbia = find_file((fs::path(bundle->root) / "CRD").string(), "crd.bnd");
  if (!columbia.empty()) {
    bundle->columbia = read_rings(columbia);
    look_at_file(columbia, bundle->files);
  }
  std::sort(bundle->regions.begin(), bundle->regions.end(),
            [](const VdatumRegion& a, const VdatumRegion& b) {
              return std::make_tuple(size_of(a.box), a.name) <
                     std::make_tuple(size_of(b.box), b.name);
            });
  return bundle;
}

bool is_current(const VdatumBundle& bundle) {
  return are_unchanged(bundle.files) &&
         std::all_of(bundle.regions.begin(), bundle.regions.end(),
                     [](const VdatumRegion& region) { return are_unchanged(region.files); });
}

/// Whether the line from the place to the east crosses the ring an odd number of times.
bool is_around(const std::vector<LonLat>& ring, const LonLat& place) noexcept {
  bool inside = false;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    const LonLat &a = ring[i], &b = ring[j];
    if ((a.lat > place.lat) == (b.lat > place.lat)) continue;
    // Longitudes relative to the place: rings and places may be a turn apart.
    const double ax = turned(a.lon - place.lon, -180.0), bx = turned(b.lon - place.lon, -180.0);
    if (ax + (place.lat - a.lat) * (bx - ax) / (b.lat - a.lat) > 0.0) inside = !inside;
  }
  return inside;
}

}  // namespace

bool is_inside(const Rings& rings, const LonLat& place) noexcept {
  bool inside = false;
  for (const auto& ring : rings)
    if (is_around(ring, place)) inside = !inside;
  return inside;
}

bool VdatumRegion::contains(const LonLat& place) const noexcept {
  if (place.lat < box.south || place.lat > box.north) return false;
  if (turned(place.lon, box.west) > box.east) return false;
  return rings.empty() || is_inside(rings, place);
}

std::string VdatumRegion::surface(const std::string& suffix) const {
  return find_file(folder, name + "_" + suffix + ".gtx");
}

std::shared_ptr<const VdatumBundle> VdatumBundle::open(const std::string& folder) {
  static SharedByKey<VdatumBundle> shared(kSharedBundles);
  return shared.get(
      folder, [&] { return read_bundle(folder); }, is_current);
}

}  // namespace topobathy
