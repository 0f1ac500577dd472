#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/policy/policy.h"

namespace topobathy {

/// A set of DEM tiles in the coastal lidar bucket, as a list of projects names it.
struct DemProject {
  std::string id;      ///< "9310": the number at the folder's end; the folder where it has none
  std::string folder;  ///< "NY_NYC_Topobathy_2017_9310", a plain name
  std::string item;    ///< number of its InPort item, "" = none named
  int year = 0;        ///< as listed, 0 = not
  std::optional<LonLatBox> box;
};

/// laz/dav.json: GeoJSON with a CRS; of each feature the DEM folder among its links, the InPort
/// item, the year, the box. Features without a DEM folder (point clouds only) are none.
/// \throws Error(kUnreadable) naming `url`
std::vector<DemProject> read_dav_json(const std::string& text, const std::string& url);

/// laz/index.html: a table row a project, with links to the DEM folder and the InPort item. States
/// no boxes. Empty where no row has a DEM folder.
std::vector<DemProject> read_index_html(const std::string& text);

/// The DEM folder that a link leads to (".../dem/<folder>/..." and the same tree on
/// coast.noaa.gov); "" = none.
std::string dem_folder(const std::string& link);
/// The number of the InPort item that a link leads to, "" = none.
std::string inport_item(const std::string& link);

/// One entry a folder, by folder; boxes joined, ids made unique (of two folders with one number the
/// later goes by its name).
std::vector<DemProject> unique_projects(std::vector<DemProject> projects);

}  // namespace topobathy
