#include "providers/dem/vrt_tiles.h"

#include <map>
#include <utility>

namespace topobathy {

VrtTiles::VrtTiles(std::shared_ptr<ArchiveContext> context, const std::string& product,
                   VrtPlace place, DescribeTile describe)
    : context_(context),
      region_(product + ":all"),
      place_(std::move(place)),
      describe_(std::move(describe)),
      revision_(std::move(context)) {}

std::vector<Asset> VrtTiles::list(const LonLatBox& box) {
  return context_->discovery->find(region_, box, [this](const std::string&) { return ask(); });
}

Discovery VrtTiles::ask() const {
  HttpRequest request;
  request.url = place_.url;
  request.max_bytes = kMaxVrtBytes;
  const std::string xml = require_body(context_->http->ask(request), place_.url);
  std::map<std::string, Asset> by_id;
  // Of two editions of a tile the VRT shows the later entry.
  for (const VrtTile& tile : read_vrt_index(xml, place_)) {
    Asset asset = named_tile(tile.url, tile.box);
    describe_(asset);
    const std::string id = asset.id;
    by_id.insert_or_assign(id, std::move(asset));
  }
  Discovery found;
  for (auto& [id, asset] : by_id)
    found.assets.push_back(std::move(asset));
  return found;
}

}  // namespace topobathy
