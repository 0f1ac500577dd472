#include "providers/usgs_3dep/tnm_tiles.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "fusion/error.h"
#include "providers/dem/named_tile.h"
#include "providers/dem/names.h"
#include "providers/stac/json_answer.h"
#include "providers/stac/stac_item.h"
#include "providers/usgs_3dep/usgs_3dep.h"

namespace topobathy {
namespace {

using Json = nlohmann::json;

constexpr char kProducts[] = "https://tnmaccess.nationalmap.gov/api/v1/products";
constexpr char kProjects[] =
    "https://prd-tnm.s3.amazonaws.com/StagedProducts/Elevation/1m/Projects/";
constexpr std::uint64_t kMaxPageBytes = std::uint64_t{16} << 20;
/// The API's boxes leave out the margin of a tile (6 pixels) and are rounded: 50 m more.
constexpr double kMargin = 0.0005;

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::kUnreadable, "'" + std::string(kProducts) + "': " + why);
}

std::string page_url(const LonLatBox& box, int offset) {
  char box_text[128];
  std::snprintf(box_text, sizeof box_text, "%.6g,%.6g,%.6g,%.6g", box.west, box.south, box.east,
                box.north);
  return std::string(kProducts) +
         "?datasets=Digital%20Elevation%20Model%20%28DEM%29%201%20meter&bbox=" + box_text +
         "&prodFormats=GeoTIFF&max=" + std::to_string(TnmTiles::kPageSize) +
         "&offset=" + std::to_string(offset) + "&outputFormat=JSON";
}

/// Errors of the API come with status 200. What it says is shown short and on one line.
void require_no_error(const Json& answer) {
  const auto found = answer.find("errorMessage");
  if (found == answer.end()) return;
  std::string text = found->is_string() ? found->get<std::string>() : found->dump();
  text.resize(std::min<std::size_t>(text.size(), 200));
  for (char& c : text)
    if (c < 0x20 || c > 0x7e) c = ' ';
  refuse("the server reports an error (" + text + "); try again later");
}

LonLatBox box_of(const Json& item, const std::string& id) {
  const Json& stated = object_of(item, "boundingBox");
  const double none = 1e9;
  const LonLatBox box{
      number_of(stated, "minX", none) - kMargin, number_of(stated, "minY", none) - kMargin,
      number_of(stated, "maxX", none) + kMargin, number_of(stated, "maxY", none) + kMargin};
  if (!is_lonlat_box(box)) refuse("'" + id + "' has no boundingBox in longitudes and latitudes");
  return on_first_turn(box);
}

/// "2024-01-31" -> 20240131: later publications rank higher.
double rank_of(const std::string& day) {
  if (day.empty()) return 0.0;
  return std::atoi((day.substr(0, 4) + day.substr(5, 2) + day.substr(8, 2)).c_str());
}

Asset tile_of(const Json& item) {
  const std::string url = require_link_below(text_of(item, "downloadURL"), kProjects, kProducts);
  const std::size_t from = sizeof kProjects - 1;
  const std::string project = url.substr(from, url.find('/', from) - from);
  const std::string day = iso_day(text_of(item, "publicationDate"));
  Asset asset = named_tile(url, box_of(item, file_stem(url)));
  asset.id = project + "/" + asset.id;
  asset.resolution = 1.0;
  asset.year = iso_year(day);
  asset.project = project;
  asset.rank = rank_of(day);
  asset.size = static_cast<std::int64_t>(number_of(item, "sizeInBytes", -1.0));
  const std::string changed = text_of(item, "lastUpdated");
  asset.revision = (changed.empty() ? day : changed) + ", " + std::to_string(asset.size) + " bytes";
  describe_3dep(asset);
  asset.record.key = "file:" + asset.id;
  asset.record.survey_id = project;
  return asset;
}

}  // namespace

TnmTiles::TnmTiles(std::shared_ptr<ArchiveContext> context)
    : context_(std::move(context)), regions_("1m", 0.25) {}

std::vector<Asset> TnmTiles::list(const LonLatBox& box) {
  return regions_.find(*context_->discovery, box,
                       [this](const LonLatBox& square) { return ask(square); });
}

Discovery TnmTiles::ask(const LonLatBox& square) const {
  Discovery found;
  int received = 0;
  int total = 1;
  while (received < total) {
    HttpRequest request;
    request.url = page_url(square, received);
    request.max_bytes = kMaxPageBytes;
    const Json answer = json_answer(context_->http->ask(request), request.url, kMaxPageBytes);
    require_no_error(answer);
    const double stated = number_of(answer, "total", -1.0);
    if (stated < 0.0 || stated > kMaxItems)
      refuse("the answer states no total, or one above " + std::to_string(kMaxItems));
    total = static_cast<int>(stated);
    const Json& items = array_of(answer, "items");
    if (items.empty() && received < total)
      refuse("the pages end after " + std::to_string(received) + " of " + std::to_string(total) +
             " items; try again later");
    for (const Json& item : items) {
      if (!item.is_object()) refuse("an item is no object");
      found.assets.push_back(tile_of(item));
    }
    received += static_cast<int>(items.size());
  }
  // A page may repeat what the one before ended with.
  found.assets = last_of_each_id(std::move(found.assets));
  return found;
}

}  // namespace topobathy
