#include "providers/stac/stac_tiles.h"

#include <algorithm>
#include <utility>

#include "fusion/error.h"
#include "providers/dem/named_tile.h"
#include "providers/dem/names.h"

namespace topobathy {
namespace {

/// Boxes of items are rounded, at 1e-6 degrees or so: 30 m more.
LonLatBox with_margin(LonLatBox box) {
  constexpr double kMargin = 0.0003;
  box.west -= kMargin;
  box.south -= kMargin;
  box.east += kMargin;
  box.north += kMargin;
  return on_first_turn(box);
}

}  // namespace

StacTiles::StacTiles(std::shared_ptr<ArchiveContext> context, Collection collection)
    : context_(context),
      collection_(std::move(collection)),
      regions_(collection_.name, 1.0),
      client_(context->http, context->endpoints),
      tokens_(SasTokens::shared(*context)),
      revision_(context,
                [tokens = tokens_](const HttpRequest& request) { return tokens->ask(request); }) {}

std::vector<Asset> StacTiles::list(const LonLatBox& box) {
  std::vector<Asset> assets = regions_.find(
      *context_->discovery, box, [this](const LonLatBox& square) { return ask(square); });
  const auto is_of_another_product = [this](const Asset& asset) {
    return collection_.gsd != 0.0 && asset.resolution != collection_.gsd;
  };
  assets.erase(std::remove_if(assets.begin(), assets.end(), is_of_another_product), assets.end());
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
      named_tile(require_link_below(href, container->prefix(), kStacRoot), with_margin(item.box));
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
  revision_.state(asset, regions_.names(asset.box));
}

void StacTiles::make_ready(const Asset& asset) {
  tokens_->open_paths(asset.url, context_->endpoints);
}

}  // namespace topobathy
