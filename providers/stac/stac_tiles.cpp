#include "providers/stac/stac_tiles.h"

#include <map>
#include <utility>

#include "fusion/error.h"
#include "providers/dem/named_tile.h"
#include "providers/dem/names.h"

namespace topobathy {

StacTiles::StacTiles(std::shared_ptr<ArchiveContext> context, Collection collection)
    : context_(context),
      collection_(std::move(collection)),
      client_(context->http, context->endpoints),
      tokens_(SasTokens::shared(*context)),
      revision_(context,
                [tokens = tokens_](const HttpRequest& request) { return tokens->ask(request); }) {}

std::vector<Asset> StacTiles::list(const LonLatBox& box) {
  std::map<std::string, Asset> by_id;  // a tile at an edge is in the squares of both sides
  for (const DegreeSquare& square : degree_squares(box, 1.0)) {
    const auto ask_square = [&](const std::string&) { return ask(square.box); };
    for (Asset& asset :
         context_->discovery->find(collection_.name + ":" + square.name, box, ask_square)) {
      const bool wanted = collection_.gsd == 0.0 || asset.resolution == collection_.gsd;
      if (!wanted) continue;
      std::string id = asset.id;
      by_id.insert_or_assign(std::move(id), std::move(asset));
    }
  }
  std::vector<Asset> assets;
  for (auto& [id, asset] : by_id)
    assets.push_back(std::move(asset));
  return assets;
}

Discovery StacTiles::ask(const LonLatBox& square) const {
  Discovery found;
  for (const StacItem& item : client_.search(collection_.name, square))
    found.assets.push_back(tile_of(item));
  return found;
}

Asset StacTiles::tile_of(const StacItem& item) const {
  const std::string href = data_href(item);
  const std::string place = std::string(kStacRoot) + "search': item '" + item.id + "'";
  const std::optional<BlobContainer> container = container_of(href);
  if (!container)
    throw Error(ErrorCode::kUnreadable,
                "'" + place + " links to no blob of the archive; the answer is not believed");
  Asset asset =
      named_tile(require_link_below(href, container->prefix(), kStacRoot), on_first_turn(item.box));
  asset.id = item.id;
  asset.resolution = item.gsd;
  asset.year = iso_year(item.end_datetime.empty() ? item.start_datetime : item.end_datetime);
  asset.record.date_start = iso_day(item.start_datetime);
  asset.record.date_end = iso_day(item.end_datetime);
  collection_.describe(item, asset);
  if (collection_.gsd != 0.0 && asset.resolution == 0.0)
    throw Error(ErrorCode::kUnreadable,
                "'" + place + " states no gsd, so that its product cannot be told");
  return asset;
}

void StacTiles::state_revision(Asset& asset) {
  std::vector<std::string> regions;
  for (const DegreeSquare& square : degree_squares(asset.box, 1.0))
    regions.push_back(collection_.name + ":" + square.name);
  revision_.state(asset, regions);
}

void StacTiles::make_ready(const Asset& asset) {
  tokens_->open_paths(asset.url, context_->endpoints);
}

}  // namespace topobathy
