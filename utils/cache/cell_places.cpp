#include <map>
#include <memory>
#include <mutex>

#include "fusion/error.h"
#include "providers/align/crs.h"
#include "providers/align/transformer.h"
#include "utils/cache/cache_request.h"

namespace topobathy {
namespace {

/// Of the geographic lattice (docs/architecture.md, Geometry).
constexpr double kMetresOfDegree = 111320.0;

struct KnownCrs {
  Transformer to_lonlat;
  bool geographic;
};

/// A cache holds cells of a few CRSs; each is looked up once.
class Places {
 public:
  std::optional<CellPlace> find(const CellFacts& facts) {
    const auto crs = known(facts.crs);
    if (!crs) return std::nullopt;
    const auto box =
        crs->to_lonlat.transform_box({facts.left(), facts.bottom(), facts.right(), facts.top()});
    if (!box) return std::nullopt;
    return CellPlace{to_lonlat_box(*box),
                     facts.pixel_size * (crs->geographic ? kMetresOfDegree : 1.0)};
  }

 private:
  std::shared_ptr<const KnownCrs> known(const std::string& name) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = known_.find(name);
    if (found != known_.end()) return found->second;
    std::shared_ptr<const KnownCrs> crs;
    try {
      crs = std::make_shared<const KnownCrs>(KnownCrs{
          Transformer(name, "EPSG:4326"), crs_traits(name).kind == CrsTraits::Kind::kGeographic});
    } catch (const Error&) {
      // Of a PROJ that knew more: its cells have no place here.
    }
    return known_[name] = crs;
  }

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const KnownCrs>> known_;
};

}  // namespace

FindPlace proj_places() {
  const auto places = std::make_shared<Places>();
  return [places](const CellFacts& facts) { return places->find(facts); };
}

}  // namespace topobathy
