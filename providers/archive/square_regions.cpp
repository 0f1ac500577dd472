#include "providers/archive/square_regions.h"

#include <iterator>
#include <map>

namespace topobathy {

std::vector<Asset> SquareRegions::find(DiscoveryCache& discovery, const LonLatBox& box,
                                       const AskSquare& ask) const {
  std::vector<Asset> assets;
  for (const DegreeSquare& square : degree_squares(box, degrees_)) {
    std::vector<Asset> found = discovery.find(
        region_of(square), box, [&](const std::string& /*old_note*/) { return ask(square.box); });
    assets.insert(assets.end(), std::make_move_iterator(found.begin()),
                  std::make_move_iterator(found.end()));
  }
  // A tile at an edge is in the squares of both sides.
  return last_of_each_id(std::move(assets));
}

std::vector<std::string> SquareRegions::names(const LonLatBox& box) const {
  std::vector<std::string> names;
  for (const DegreeSquare& square : degree_squares(box, degrees_))
    names.push_back(region_of(square));
  return names;
}

std::vector<Asset> last_of_each_id(std::vector<Asset> assets) {
  std::map<std::string, Asset> by_id;
  for (Asset& asset : assets) {
    std::string id = asset.id;
    by_id.insert_or_assign(std::move(id), std::move(asset));
  }
  std::vector<Asset> each;
  for (auto& [id, asset] : by_id)
    each.push_back(std::move(asset));
  return each;
}

}  // namespace topobathy
