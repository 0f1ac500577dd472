#include "providers/archive/archive.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "fusion/error.h"
#include "fusion/policy/name_pattern.h"

namespace topobathy {

Archive::Archive(const ArchiveSetup& setup) : step_(setup.step), context_(setup.context) {}
Archive::~Archive() = default;

AssetFile Archive::open(const Asset& asset, double /*pixel*/) {
  return {"/vsicurl/" + context().endpoints.resolve(asset.url), ""};
}

bool Archive::is_local(const Asset& /*asset*/, double /*pixel*/) {
  return false;
}

void sort_candidates(std::vector<Candidate>& candidates) {
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(a.asset.rank, a.asset.id) < std::tie(b.asset.rank, b.asset.id);
  });
}

}  // namespace topobathy
