#include "providers/noaa_topobathy/project_list.h"

#include <algorithm>
#include <regex>
#include <set>

#include "providers/align/lonlat_hull.h"
#include "providers/coastal/published_names.h"

namespace topobathy {
namespace {

constexpr std::size_t kMaxHref = 500;

std::string first_group(const std::string& text, const std::regex& shape) {
  std::smatch part;
  if (text.size() > kMaxHref || !std::regex_search(text, part, shape)) return "";
  return part[1];
}

std::string id_of(const std::string& folder) {
  static const std::regex kNumber("_([0-9]{1,9})$");
  const std::string number = first_group(folder, kNumber);
  return number.empty() ? folder : number;
}

void join(DemProject& known, const DemProject& other) {
  if (known.item.empty()) known.item = other.item;
  known.year = std::max(known.year, other.year);
  if (known.box && other.box)
    known.box = lonlat_hull({*known.box, *other.box});
  else
    known.box.reset();
}

}  // namespace

std::string dem_folder(const std::string& link) {
  static const std::regex kFolder(
      "(?:^|/)(?:dem|htdata/raster[0-9]/elevation)/([A-Za-z0-9_][A-Za-z0-9_.-]*)/");
  return first_group(link, kFolder);
}

std::string inport_item(const std::string& link) {
  static const std::regex kItem("/inport/item/([0-9]{1,9})(?:[/?#]|$)");
  return first_group(link, kItem);
}

std::vector<DemProject> unique_projects(std::vector<DemProject> projects) {
  std::stable_sort(projects.begin(), projects.end(),
                   [](const DemProject& a, const DemProject& b) { return a.folder < b.folder; });
  std::vector<DemProject> unique;
  for (const DemProject& project : projects) {
    if (!unique.empty() && unique.back().folder == project.folder)
      join(unique.back(), project);
    else
      unique.push_back(project);
  }
  std::set<std::string> taken;
  for (DemProject& project : unique) {
    project.id = id_of(project.folder);
    if (!taken.insert(project.id).second) project.id = project.folder;
  }
  return unique;
}

}  // namespace topobathy
