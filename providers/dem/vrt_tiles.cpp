#include "providers/dem/vrt_tiles.h"

#include <utility>

#include "providers/archive/square_regions.h"

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
  Discovery found;
  for (const VrtTile& tile : read_vrt_index(xml, place_)) {
    found.assets.push_back(named_tile(tile.url, tile.box));
    describe_(found.assets.back());
  }
  // Of two editions of a tile the VRT shows the later entry.
  found.assets = last_of_each_id(std::move(found.assets));
  return found;
}

}  // namespace topobathy
