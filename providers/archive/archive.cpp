#include "providers/archive/archive.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "fusion/error.h"
#include "providers/archive/raw_files.h"

namespace topobathy {

Archive::Archive(const ArchiveSetup& setup) : step_(setup.step), context_(setup.context) {}
Archive::~Archive() = default;

AssetFile Archive::open(const Asset& asset, double /*pixel*/) {
  if (asset.access == Asset::Access::kStream)
    return {"/vsicurl/" + context().endpoints.resolve(asset.url), ""};
  return {path_inside(fetch_raw_file(context(), asset), asset), ""};
}

void Archive::forget(const Asset& asset) {
  context().discovery->expire("tile:" + asset.url);  // see AssetRevision
}

bool Archive::is_local(const Asset& asset, double /*pixel*/) {
  return asset.access != Asset::Access::kStream && !find_raw_file(context(), asset).empty();
}

void sort_candidates(std::vector<Candidate>& candidates) {
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(a.asset.rank, a.asset.id) < std::tie(b.asset.rank, b.asset.id);
  });
}

}  // namespace topobathy
