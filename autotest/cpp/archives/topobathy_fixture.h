#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "archives/coastal_fixture.h"

namespace topobathy {

/// Where the tiles of every made project lie, unless it says otherwise.
constexpr LonLatBox kInside{0.4, 0.4, 0.6, 0.6};
inline const std::string kDavJson = kCoast + "/laz/dav.json";
inline const std::string kIndexHtml = kCoast + "/laz/index.html";

struct MadeProject {
  std::string folder;
  std::string item;
  LonLatBox box{0, 0, 1, 1};
  std::string datum = "NAVD88";
  std::string title = "topobathy DEM";
  std::string year = "2015";
  std::string resolution = "1";
  std::vector<std::string> tiles = {"tile_001.tif"};
};

inline std::string item_url(const std::string& item) {
  return "https://www.fisheries.noaa.gov/inport/item/" + item + "/inport-xml";
}

inline std::string number_text(double number) {
  return std::to_string(number);
}

inline std::string dav_feature(const MadeProject& project) {
  const auto [w, s, e, n] = project.box;
  const auto point = [](double x, double y) {
    return "[" + number_text(x) + "," + number_text(y) + "]";
  };
  return R"({"type":"Feature","geometry":{"type":"Polygon","coordinates":[[)" + point(w, s) + "," +
         point(e, s) + "," + point(e, n) + "," + point(w, n) + "," + point(w, s) +
         R"(]]},"properties":{"Name":"p","DataType":"DEM","Year":0,"Metalink":)"
         R"("https://www.fisheries.noaa.gov/inport/item/)" +
         project.item + R"(","ExternalProviderLink":{"links":[{"label":"Bulk Download","link":")" +
         kCoast + "/dem/" + project.folder + R"(/index.html"}]}}})";
}

inline std::string item_xml(const MadeProject& project) {
  return "<inport-metadata><item-identification><title>" + project.title +
         "</title></item-identification><time-frame><start-date-time>" + project.year +
         "-01-01</start-date-time><end-date-time>" + project.year +
         "-12-31</end-date-time></time-frame><spatial-resolution><horizontal-distance>" +
         project.resolution +
         "</horizontal-distance></spatial-resolution><coordinate-reference-system><crs-type>"
         "Vertical</crs-type><datum-name>" +
         project.datum + "</datum-name></coordinate-reference-system></inport-metadata>";
}

/// The archive's list, its items, and each project's folder with a zipped shapefile.
class Topobathy : public ::testing::Test {
 protected:
  Topobathy() : made_("noaa_topobathy") {}

  void put_folder(const MadeProject& project) {
    const std::string prefix = "dem/" + project.folder + "/";
    std::vector<std::string> keys = {prefix + "index.html", prefix + "tileindex_x.zip"};
    MadeIndex index;
    for (const std::string& tile : project.tiles) {
      keys.push_back(prefix + tile);
      index.rows.push_back(
          {{tile}, project.box.west, project.box.south, project.box.east, project.box.north});
    }
    const std::string zip = zipped_shapefile(index);
    made_.http->put(listing_url("dem%2F" + project.folder + "%2F"), listing(keys));
    made_.http->put(kCoast + "/" + prefix + "tileindex_x.zip", zip);
  }

  void put(const std::vector<MadeProject>& projects) {
    std::string features, rows;
    for (const MadeProject& project : projects) {
      features += (features.empty() ? "" : ",") + dav_feature(project);
      rows += "<tr><td><a href=\"" + kCoast + "/dem/" + project.folder +
              "/index.html\">Bulk</a></td>\n<td><a "
              "href=\"https://www.fisheries.noaa.gov/inport/item/" +
              project.item + "\">Metadata</a></td></tr>\n";
      made_.http->put(item_url(project.item), item_xml(project));
      put_folder(project);
    }
    made_.http->put(kDavJson, R"({"type":"FeatureCollection","features":[)" + features + "]}");
    made_.http->put(kIndexHtml, "<table>" + rows + "</table>");
  }

  Filter& filter() { return made_.step.filter; }

  CoastalSetup made_;
};

inline MadeProject old_one() {
  MadeProject project{"Old_DEM_8888", "1"};
  project.datum = "Ellipsoid";
  project.year = "2010";
  return project;
}

inline MadeProject new_one() {
  MadeProject project{"New_DEM_9999", "2"};
  project.year = "2020";
  return project;
}

}  // namespace topobathy
