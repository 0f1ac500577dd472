#include "providers/raster/raster_inventory.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "fusion/error.h"
#include "providers/align/crs.h"
#include "providers/align/transformer.h"
#include "providers/archive/discovery_cache.h"
#include "providers/http/http_client.h"
#include "providers/raster/file_stamp.h"
#include "providers/raster/network_access.h"

namespace topobathy {
namespace {

constexpr double kMetresPerDegree = 111320.0;

/// Bytes; -1 where nobody can say.
std::int64_t size_of(const std::string& path) {
  try {
    const auto stamp = stamp_file(path);
    return stamp ? stamp->bytes : -1;
  } catch (const Error&) {
    return -1;  // its header was read, or was remembered: reading will tell what is wrong
  }
}

/// Of the file's pixels, nominal.
double resolution_of(const CatalogueFile& file, const std::string& crs) {
  const auto& g = file.header.geotransform;
  const double pixel = std::max(std::hypot(g[1], g[4]), std::hypot(g[2], g[5]));
  const CrsTraits traits = crs_traits(crs);
  const bool degrees = traits.kind == CrsTraits::Kind::kGeographic;
  return pixel * (degrees ? kMetresPerDegree : traits.unit);
}

int year_of(const SourceRecord& record) {
  const std::string& day = record.date_end.empty() ? record.date_start : record.date_end;
  return std::atoi(day.substr(0, 4).c_str());
}

InventoryItem item_of(const CatalogueFile& file, const std::string& crs) {
  InventoryItem item;
  const bool remote = is_network_path(file.path);
  item.id = file.key;
  item.url = remote ? without_secrets(file.path) : file.path;
  item.survey_id = file.record.survey_id;
  item.year = year_of(file.record);
  item.resolution = file.record.resolution > 0 ? file.record.resolution : resolution_of(file, crs);
  item.size = size_of(file.path);
  item.access = remote ? InventoryItem::Access::kStream : InventoryItem::Access::kFile;
  item.vertical_datum = file.record.vertical_datum;
  item.vertical_basis = file.record.vertical_basis;
  item.at_hand = !remote;
  return item;
}

LonLatBox degrees(const CrsBox& box) {
  return {box.left, box.bottom, box.right, box.top};
}

bool lies_in(const CatalogueFile& file, const LonLatBox& box) {
  const auto own = Transformer(file.header.crs_wkt, "EPSG:4326").transform_box(file.box);
  return own && touch(degrees(*own), box);
}

void add_left_out(const CatalogueFile& file, const LonLatBox& box, LayerInventory& inventory) {
  try {
    if (!lies_in(file, box)) return;
    InventoryItem item = item_of(file, file.header.crs_wkt);
    item.excluded = "'" + item.survey_id + "' is left out by include_patterns or exclude_patterns";
    item.at_hand = false;
    inventory.items.push_back(std::move(item));
  } catch (const Error&) {
    // Nobody can place it, and nobody wants it.
  }
}

}  // namespace

LayerInventory inventory_of_files(const RasterCatalogue& catalogue, const std::vector<int>& near,
                                  const std::optional<CrsBox>& box) {
  LayerInventory inventory;
  inventory.messages = catalogue.losses();
  if (!inventory.messages.empty()) inventory.state = LayerInventory::State::kFailed;
  for (auto number = near.rbegin(); number != near.rend(); ++number) {
    const CatalogueFile& file = catalogue.files()[static_cast<std::size_t>(*number)];
    const auto& crs = catalogue.crs_list()[static_cast<std::size_t>(file.crs)];
    inventory.items.push_back(item_of(file, crs));
  }
  if (box)
    for (const CatalogueFile& file : catalogue.left_out())
      add_left_out(file, degrees(*box), inventory);
  return inventory;
}

}  // namespace topobathy
