#include "cache/manage/item_filter.h"

#include <algorithm>
#include <cmath>

namespace topobathy {
namespace {

constexpr double kPi = 3.14159265358979323846;
/// A lattice rounds the resolution so that a cell holds whole pixels: by 0.8 % at most.
constexpr double kResolutionTolerance = 0.01;

double east_of(const LonLatBox& box) noexcept {
  return box.east < box.west ? box.east + 360.0 : box.east;
}

bool asks_for_place(const ItemFilter& filter) noexcept {
  return filter.bbox || filter.resolution;
}

Match cell_matches(const ItemFilter& filter, const std::string& path, const FindPlace& find_place) {
  const auto facts = read_cell_facts(path);
  if (!facts) return Match::kUnknown;
  if (filter.level && *filter.level != facts->level) return Match::kNo;
  if (!asks_for_place(filter)) return Match::kYes;
  const auto place = find_place(*facts);
  if (!place) return Match::kUnknown;
  if (filter.bbox && !overlap(*filter.bbox, place->box)) return Match::kNo;
  const bool same = !filter.resolution ||
                    std::fabs(place->pixel / *filter.resolution - 1.0) <= kResolutionTolerance;
  return same ? Match::kYes : Match::kNo;
}

}  // namespace

bool ItemFilter::empty() const noexcept {
  return !bbox && policies.empty() && provider.empty() && !level && !resolution && !unused_since;
}

std::vector<std::string> ItemFilter::meaningless_for(int tier) const {
  std::vector<std::string> found;
  if (bbox && tier > 3) found.emplace_back("--bbox");
  if (!policies.empty() && tier != 2) found.emplace_back("--policy");
  if (!provider.empty() && tier < 3) found.emplace_back("--provider");
  if (level && tier != 2 && tier != 3) found.emplace_back("--level");
  if (resolution && tier != 2 && tier != 3) found.emplace_back("--resolution");
  return found;
}

Match matches(const ItemFilter& filter, const std::string& root, const CacheEntry& entry,
              const FindPlace& place) {
  const ItemClass& item = entry.item;
  if (filter.unused_since && entry.used() >= *filter.unused_since) return Match::kNo;
  if (!filter.provider.empty() && filter.provider != item.provider) return Match::kNo;
  if (!filter.policies.empty() && filter.policies.count(std::string(item.group)) == 0)
    return Match::kNo;
  if (item.tile)
    return !filter.bbox || overlap(*filter.bbox, tile_box(*item.tile)) ? Match::kYes : Match::kNo;
  if (!filter.level && !asks_for_place(filter)) return Match::kYes;
  if (item.kind != ItemKind::kFusedCell && item.kind != ItemKind::kProviderCell)
    return Match::kUnknown;
  return cell_matches(filter, root + "/" + std::string(entry.path), place);
}

bool overlap(const LonLatBox& a, const LonLatBox& b) noexcept {
  if (a.south >= b.north || b.south >= a.north) return false;
  for (const double turn : {-360.0, 0.0, 360.0})
    if (a.west + turn < east_of(b) && b.west < east_of(a) + turn) return true;
  return false;
}

LonLatBox tile_box(const TilePlace& tile) noexcept {
  const double count = std::ldexp(1.0, tile.zoom);
  const auto lon = [count](double x) { return x / count * 360.0 - 180.0; };
  const auto lat = [count](double y) {
    return std::atan(std::sinh(kPi * (1.0 - 2.0 * y / count))) * 180.0 / kPi;
  };
  const auto x = static_cast<double>(tile.x), y = static_cast<double>(tile.y);
  return {lon(x), lat(y + 1), lon(x + 1), lat(y)};
}

}  // namespace topobathy
