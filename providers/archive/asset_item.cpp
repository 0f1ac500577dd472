#include "providers/archive/asset_item.h"

#include "fusion/error.h"
#include "providers/datum/height_names.h"
#include "providers/datum/height_statement.h"
#include "providers/http/http_client.h"

namespace topobathy {
namespace {

InventoryItem::Access access_of(Asset::Access access) {
  switch (access) {
    case Asset::Access::kStream:
      return InventoryItem::Access::kStream;
    case Asset::Access::kDownload:
      return InventoryItem::Access::kDownload;
    case Asset::Access::kService:
      return InventoryItem::Access::kService;
  }
  throw Error(ErrorCode::kInternal, "an asset that is got at in no way");
}

}  // namespace

InventoryItem item_of(const Candidate& candidate, const Step& step) {
  const Asset& asset = candidate.asset;
  InventoryItem item;
  item.id = asset.id;
  item.url = without_secrets(asset.url);
  item.survey_id = asset.record.survey_id;
  item.project = asset.project;
  item.year = asset.year;
  item.resolution = asset.resolution;
  item.size = asset.size;
  item.access = access_of(asset.access);
  const LayerHeights heights = layer_heights(step.vertical_crs, "", asset.heights);
  const std::string& stated = asset.record.vertical_datum;
  item.vertical_datum = stated.empty() ? heights_name(heights.crs) : stated;
  item.vertical_basis = heights.basis;
  item.excluded = candidate.excluded;
  return item;
}

}  // namespace topobathy
