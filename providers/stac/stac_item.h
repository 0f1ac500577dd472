#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "fusion/policy/policy.h"

namespace topobathy {

/// An item of a STAC catalogue, as far as rasters and point clouds need it. Small whatever the
/// server sends: texts, members and assets are limited in number and length, odd ones are left out.
struct StacItem {
  std::string id;
  std::string collection;
  LonLatBox box;         ///< degrees; east passes 180 where the item crosses the antimeridian
  double gsd = 0.0;      ///< metres between samples, 0 = not stated
  std::string datetime;  ///< ISO 8601 as stated, "" = not stated; so are the next two
  std::string start_datetime;
  std::string end_datetime;
  /// "EPSG:26918": of the horizontal or the compound CRS, from proj:epsg, proj:code or
  /// proj:projjson; "" = not stated.
  std::string crs;
  std::string vertical_crs;                   ///< "EPSG:5703", of the compound CRS; "" = not stated
  std::string projjson;                       ///< the text of proj:projjson, "" = none or too long
  std::map<std::string, std::string> assets;  ///< key -> href without a query: never signed
  std::map<std::string, std::string> properties;  ///< texts and numbers, as text
};

/// \throws Error(kUnreadable), without the place: no id that can be part of a name, no box of
/// longitudes and latitudes
StacItem parse_stac_item(const nlohmann::json& feature);

/// The link to the item's data: of the assets `data`, `elevation`, `merged` the first there is. ""
/// = none of them.
std::string data_href(const StacItem& item);

/// The day of an ISO 8601 time ("2014-03-02T10:00:00Z" -> "2014-03-02"), "" for what is none.
std::string iso_day(const std::string& time);
/// The year of it, 0 for what is none.
int iso_year(const std::string& time);

}  // namespace topobathy
