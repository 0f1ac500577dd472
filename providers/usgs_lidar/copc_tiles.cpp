#include "providers/usgs_lidar/copc_tiles.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "fusion/error.h"
#include "providers/dem/names.h"
#include "providers/stac/json_answer.h"
#include "providers/usgs_lidar/make_grid.h"
#include "providers/usgs_lidar/survey_facts.h"

namespace topobathy {
namespace {

constexpr char kCollection[] = "3dep-lidar-copc";
constexpr double kSquare = 0.25;
constexpr std::uint64_t kMaxItemBytes = 1 << 20;

std::string property(const StacItem& item, const char* key) {
  const auto found = item.properties.find(key);
  return found == item.properties.end() ? "" : found->second;
}

/// 20140302 of "2014-03-02T...": newer surveys lie on top. 0 = not stated.
double day_rank(const std::string& time) {
  std::string day = iso_day(time);
  day.erase(std::remove(day.begin(), day.end(), '-'), day.end());
  return day.empty() ? 0.0 : std::atof(day.c_str());
}

Asset tile_of(const StacItem& item) {
  const std::string href = data_href(item);
  const auto container = container_of(href);
  if (!container)
    throw Error(ErrorCode::kUnreadable, "'" + std::string(kStacRoot) + "search': item '" + item.id +
                                            "' links to no blob of the archive; the answer is "
                                            "not believed");
  Asset asset;
  asset.id = item.id;
  asset.url = require_link_below(href, container->prefix(), std::string(kStacRoot) + "search");
  asset.access = Asset::Access::kService;
  asset.box = on_first_turn(item.box);
  const double points = std::atof(property(item, "pc:count").c_str());
  asset.resolution = nominal_cell(0.0, mean_spacing(square_metres(item.box), points));
  const std::string& newest = item.end_datetime.empty() ? item.datetime : item.end_datetime;
  asset.year = iso_year(newest);
  asset.rank = day_rank(newest);
  const std::string survey = property(item, "3dep:usgs_id");
  describe_survey(asset, survey.empty() ? item.id : survey);
  asset.record.date_start = iso_day(item.start_datetime);
  asset.record.date_end = iso_day(item.end_datetime);
  asset.record.link = std::string(kStacRoot) + "collections/" + kCollection;
  if (!item.vertical_crs.empty()) state_heights(asset, item.vertical_crs, StatedBy::kArchive);
  return asset;
}

}  // namespace

CopcTiles::CopcTiles(std::shared_ptr<ArchiveContext> context)
    : context_(std::move(context)),
      regions_(kCollection, kSquare),
      client_(context_->http, context_->endpoints),
      tokens_(SasTokens::shared(*context_)),
      revision_(context_,
                [tokens = tokens_](const HttpRequest& request) { return tokens->ask(request); }) {}

std::vector<Asset> CopcTiles::list(const LonLatBox& box) const {
  return regions_.find(*context_->discovery, box,
                       [this](const LonLatBox& square) { return ask_square(square); });
}

Discovery CopcTiles::ask_square(const LonLatBox& square) const {
  Discovery found;
  for (const StacItem& item : client_.search(kCollection, square))
    found.assets.push_back(tile_of(item));
  return found;
}

void CopcTiles::state_revision(Asset& asset) const {
  revision_.state(asset, regions_.names(asset.box));
}

void CopcTiles::download(const Asset& asset, const std::string& path) const {
  Download wanted;
  wanted.url = tokens_->sign(asset.url);
  wanted.path = path;
  if (asset.size >= 0) wanted.size = static_cast<std::uint64_t>(asset.size);
  require_body(context_->http->download(wanted), asset.url);
}

std::string CopcTiles::stated_crs(const Asset& asset) const {
  HttpRequest request;
  request.url = std::string(kStacRoot) + "collections/" + kCollection + "/items/" + asset.id;
  request.max_bytes = kMaxItemBytes;
  const StacItem item =
      parse_stac_item(json_answer(context_->http->ask(request), request.url, kMaxItemBytes));
  const bool split = !item.crs.empty() && !item.vertical_crs.empty();
  if (!item.projjson.empty()) return item.projjson;
  return split ? item.crs + "+" + item.vertical_crs.substr(item.vertical_crs.find(':') + 1)
               : item.crs;
}

}  // namespace topobathy
