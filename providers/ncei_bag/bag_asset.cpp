#include "providers/ncei_bag/bag_asset.h"

#include <cpl_conv.h>
#include <cpl_string.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "providers/align/lonlat_hull.h"
#include "providers/archive/links.h"
#include "providers/ncei_bag/bag_file_name.h"
#include "providers/ncei_bag/landing_page.h"

namespace topobathy {
namespace {

/// The stem of "a.bag" and "a.bag.gz".
std::string stem_of(const std::string& url) {
  std::string name = file_name_of(url);
  for (const char* tail : {".gz", ".bag"}) {
    const std::size_t length = std::char_traits<char>::length(tail);
    if (name.size() > length && EQUAL(name.c_str() + name.size() - length, tail))
      name.resize(name.size() - length);
  }
  return name;
}

/// Whole numbers below 2^53, so the order is exact: centimetres count 10 000 each, years one.
double rank_of(const BagFileName& name, int year) {
  constexpr double kYears = 1e4;
  constexpr double kBelowAllResolutions = 1e12;
  constexpr double kBelowAllOthers = 1e13;
  const bool is_unknown = name.resolution == 0.0 && !name.is_variable;
  const double coarseness = name.is_variable ? 0.0 : std::round(name.resolution * 100.0) * kYears;
  return static_cast<double>(year) - coarseness - (is_unknown ? kBelowAllResolutions : 0.0) -
         (name.datum == "Ellipsoid" ? kBelowAllOthers : 0.0);
}

Asset asset_of(const Survey& survey) {
  Asset asset;
  asset.access = Asset::Access::kDownload;
  asset.box = survey.box;
  asset.year = survey.year;
  asset.project = survey.id;
  asset.record.provider = "ncei_bag";
  asset.record.date_start = survey.date_start;
  asset.record.date_end = survey.date_end;
  asset.record.link = survey.page;
  return asset;
}

void name_asset(Asset& asset, const std::string& id) {
  asset.id = id;
  asset.record.key = "survey:" + id;
  asset.record.survey_id = id;
}

/// Of what is said of one file, a BAG before none and unpacked before packed.
auto order(const Asset& asset) {
  return std::make_tuple(asset.id, is_without_bags(asset),
                         EQUAL(CPLGetExtension(file_name_of(asset.url).c_str()), "gz"));
}

}  // namespace

Asset bag_asset(const Survey& survey, const std::string& url) {
  const std::string stem = stem_of(url);
  const BagFileName name = parse_bag_file_name(stem);
  Asset asset = asset_of(survey);
  name_asset(asset, stem);
  asset.url = url;
  asset.resolution = name.is_variable ? 0.0 : name.resolution;
  asset.rank = rank_of(name, survey.year);
  asset.revision = file_name_of(url) + (survey.modified.empty() ? "" : "@" + survey.modified);
  asset.heights = heights_of_datum(name.datum);
  asset.record.vertical_datum = name.datum.empty() ? "MLLW" : name.datum;
  asset.record.vertical_basis = asset.heights.by == StatedBy::kArchive ? "archive" : "assumed";
  asset.record.resolution = asset.resolution;
  return asset;
}

Asset survey_without_bags(const Survey& survey) {
  Asset asset = asset_of(survey);
  name_asset(asset, survey.id);
  asset.url = survey.page;
  asset.revision = "no BAG";
  return asset;
}

bool is_without_bags(const Asset& asset) {
  return !is_bag_url(asset.url);
}

std::vector<Asset> merge_by_id(std::vector<Asset> assets) {
  std::sort(assets.begin(), assets.end(), [](const Asset& a, const Asset& b) {
    // Of one file the latest news first.
    return std::tuple_cat(order(a), std::tie(b.revision, a.url)) <
           std::tuple_cat(order(b), std::tie(a.revision, b.url));
  });
  std::vector<Asset> merged;
  for (Asset& asset : assets) {
    if (merged.empty() || merged.back().id != asset.id) {
      merged.push_back(std::move(asset));
    } else {
      merged.back().box = *lonlat_hull({merged.back().box, asset.box});
    }
  }
  return merged;
}

}  // namespace topobathy
