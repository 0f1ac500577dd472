#include "providers/open.h"

#include <cpl_conv.h>
#include <cpl_error.h>

#include <cmath>
#include <map>
#include <mutex>
#include <utility>

#include "cache/fact_file.h"
#include "cache/policy_raster.h"
#include "cache/shared_registry.h"
#include "fusion/error.h"
#include "fusion/policy/load.h"
#include "providers/align/crs.h"
#include "providers/align/lonlat_hull.h"
#include "providers/align/transformer.h"
#include "providers/archive/archive_access.h"
#include "providers/datum/height_names.h"
#include "providers/object_store/cache_place.h"
#include "providers/plan.h"
#include "providers/policy_file.h"

namespace topobathy {
namespace {

void override_policy(const OpenRequest& request, Policy& policy) {
  if (request.crs) policy.crs = *request.crs;
  if (request.resolution) {
    policy.resolution = request.resolution;
    policy.zoom.reset();
  }
  if (request.zoom) {
    policy.zoom = request.zoom;
    policy.resolution.reset();
  }
  if (request.overview) policy.overview = *request.overview;
  if (request.on_error)
    for (Step& step : policy.steps)
      step.on_error = *request.on_error;
}

/// Runs a part of opening whose values stand at `place` of the policy (nullptr: the request states
/// them), so that a CRS PROJ does not know is told like any other mistake in the text.
template <class Part>
auto with_place(const Place* place, const Part& part) {
  try {
    return part();
  } catch (const Error& error) {
    if (place == nullptr || error.code() != ErrorCode::kUsage) throw;
    throw Error(ErrorCode::kPolicy, error.what(), *place);
  }
}

/// The box in lattice coordinates: of the request, else of the policy, else of all sources (whose
/// headers are then read).
CrsBox find_extent(const OpenRequest& request, const Policy& policy, const FusePlan& plan) {
  const auto image = [&](const CrsBox& box, const std::string& crs, const std::string& what) {
    const auto found = Transformer(crs, policy.crs).transform_box(box);
    if (!found) throw Error(ErrorCode::kUsage, what + " has no image in " + policy.crs);
    return *found;
  };
  if (request.bbox) return image(to_crs_box(*request.bbox), request.bbox_crs, "the bounding box");
  if (policy.extent) return image(to_crs_box(*policy.extent), "EPSG:4326", "the extent");
  std::vector<LonLatBox> boxes;
  for (const PlannedStep& step : plan.steps)
    if (const auto box = step.source->lonlat_extent()) boxes.push_back(*box);
  const auto all = lonlat_hull(boxes);
  if (!all)
    throw Error(ErrorCode::kPolicy,
                "neither the policy nor its sources state an extent: add 'extent: [west, south, "
                "east, north]' or the open option BBOX",
                {policy.file, 0, 0});
  return image(to_crs_box(*all), "EPSG:4326", "the extent of the sources");
}

LatticeWindow window_on(const Lattice& lattice, const CrsBox& box, int& coarsest) {
  const LatticeWindow window = lattice.window_of(box.left, box.bottom, box.right, box.top);
  constexpr std::int64_t kLargestSide = 2147483647;
  coarsest = coarsest_level(window.width, window.height);
  const LatticeWindow snapped = snap_outward(window, coarsest);
  if (snapped.empty()) throw Error(ErrorCode::kUsage, "the extent is empty");
  if (snapped.width > kLargestSide || snapped.height > kLargestSide)
    throw Error(ErrorCode::kUsage, "the extent is " + std::to_string(snapped.width) + " x " +
                                       std::to_string(snapped.height) +
                                       " pixels; GDAL takes at most 2147483647 a side: use a "
                                       "coarser resolution or a smaller extent");
  return snapped;
}

std::shared_ptr<SourceIds> open_ids(const OpenRequest& request, const std::string& folder) {
  if (request.cache == CacheMode::kOff) return std::make_shared<MemorySourceIds>();
  return shared_source_registry(folder, request.cache == CacheMode::kReadOnly);
}

void warn_by_gdal(const std::string& message) {
  CPLError(CE_Warning, CPLE_FileIO, "%s", message.c_str());
}

SourceAccess source_access(const OpenRequest& request, const CachePlace& place) {
  SourceAccess access;
  access.offline = request.offline;
  if (request.cache != CacheMode::kOff)
    access.facts = make_fact_file(raster_facts_path(place.folder),
                                  request.cache == CacheMode::kReadOnly, warn_by_gdal);
  access.archives = std::make_shared<ArchiveAccess>(
      ArchiveAccess::Setup{place.folder, request.cache, request.offline,
                           endpoints_of(request.endpoints), warn_by_gdal, place.objects});
  return access;
}

std::string scope_of(const Policy& policy) {
  return policy.directory + (policy.overview == OverviewRule::kShoalest ? "\nshoalest" : "\nmean");
}

std::shared_ptr<SharedPolicy> prepare(const OpenRequest& request, Policy policy,
                                      const std::string& text, const CachePlace& place) {
  override_policy(request, policy);
  const bool own_grid = !request.crs && !request.resolution && !request.zoom;
  const Lattice lattice =
      with_place(own_grid ? &policy.crs_place : nullptr, [&] { return make_lattice(policy); });
  const auto plan =
      make_plan(policy, lattice, open_ids(request, place.folder), source_access(request, place));
  int coarsest = 0;
  const LatticeWindow extent = window_on(lattice, find_extent(request, policy, *plan), coarsest);
  std::string wkt = with_place(request.crs ? nullptr : &policy.vertical_crs_place, [&] {
    return crs_wkt(policy.crs, heights_crs(policy.vertical_crs.value_or(""), policy.crs));
  });
  CellService::Setup setup{
      plan,         policy.hash,     policy.name,   text,         scope_of(policy),
      wkt,          policy.overview, request.cache, place.folder, warn_by_gdal,
      place.objects};
  auto cells = std::make_unique<CellService>(std::move(setup));
  return std::make_shared<SharedPolicy>(
      SharedPolicy{std::move(policy), lattice, extent, coarsest, std::move(wkt), std::move(cells)});
}

/// GDAL's configuration options that change what is read, or whether it can be.
std::string configuration() {
  std::string text;
  for (const char* option :
       {"TOPOBATHY_VDATUM_DIR", "TOPOBATHY_PROJ_DATA", "TOPOBATHY_PROJ_NETWORK",
        "TOPOBATHY_GEBCO_DIR", "TOPOBATHY_HTTP_ATTEMPTS", "TOPOBATHY_HTTP_TIMEOUT",
        "TOPOBATHY_LOCAL_CACHE_DIR"})
    text += CPLGetConfigOption(option, "") + std::string(1, '\n');
  return text;
}

/// Every part of a request that pixels or their cache depend on.
std::string identity(const OpenRequest& r, const PolicyText& text, const std::string& root) {
  const auto number = [](double v) {
    char out[32];
    std::snprintf(out, sizeof out, "%a", v);
    return std::string(out);
  };
  std::string key = text.directory + '\n' + text.file + '\n' + root + '\n' + r.crs.value_or("") +
                    '\n' + r.bbox_crs + '\n';
  key += r.resolution ? number(*r.resolution) : "-";
  key += r.zoom ? std::to_string(*r.zoom) : "-";
  if (r.bbox)
    key +=
        number(r.bbox->west) + number(r.bbox->south) + number(r.bbox->east) + number(r.bbox->north);
  key += '\n' + std::to_string(r.overview ? static_cast<int>(*r.overview) : -1) + ' ' +
         std::to_string(r.on_error ? static_cast<int>(*r.on_error) : -1) + ' ' +
         std::to_string(static_cast<int>(r.cache)) + (r.offline ? " offline\n" : "\n") +
         endpoints_of(r.endpoints).text() + '\n' + configuration() + '\n';
  return key + text.text;
}

std::shared_ptr<SharedPolicy> share(const OpenRequest& request) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<SharedPolicy>> known;
  const PolicyText text = request.policy_path.empty()
                              ? inline_policy(request.policy_text)
                              : read_policy_text(request.policy_path, request.offline);
  const std::string root = request.cache == CacheMode::kOff ? ""
                           : request.cache_dir.empty()      ? default_cache_root()
                                                            : request.cache_dir;
  const std::string key = identity(request, text, root);
  {
    const std::lock_guard<std::mutex> lock(mutex);
    if (const auto entry = known.find(key); entry != known.end())
      if (auto shared = entry->second.lock()) return shared;
  }
  const CachePlace place = root.empty() ? CachePlace() : cache_place(root);
  auto prepared =
      prepare(request, load_policy(text.text, text.file, text.directory), text.text, place);
  const std::lock_guard<std::mutex> lock(mutex);
  for (auto it = known.begin(); it != known.end();)
    it = it->second.expired() ? known.erase(it) : std::next(it);
  auto& entry = known[key];
  if (auto shared = entry.lock()) return shared;  // another thread was quicker
  entry = prepared;
  return prepared;
}

}  // namespace

std::shared_ptr<FusedRaster> open_policy(const OpenRequest& request) {
  auto shared = share(request);
  const Transformer to_lonlat(shared->policy.crs, "EPSG:4326");
  return std::make_shared<PolicyRaster>(
      std::move(shared),
      [to_lonlat](double x, double y) {
        to_lonlat.transform(1, &x, &y);
        return LonLat{x, y};
      },
      request.threads);
}

}  // namespace topobathy
