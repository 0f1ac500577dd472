#include <algorithm>

#include "providers/coastal/published_names.h"
#include "providers/noaa_topobathy/project_list.h"

namespace topobathy {
namespace {

constexpr std::size_t kMaxLink = 500;

/// What one table row links to.
struct Row {
  std::vector<std::string> folders;
  std::string item;

  void end(std::vector<DemProject>& projects) {
    for (const std::string& folder : folders) {
      DemProject project;
      project.folder = folder;
      project.item = item;
      projects.push_back(std::move(project));
    }
    *this = Row();
  }

  void add(const std::string& link) {
    const std::string folder = dem_folder(link);
    if (!folder.empty()) folders.push_back(folder);
    if (item.empty()) item = inport_item(link);
  }
};

/// The value of an attribute whose name ends before `at`: blanks, =, a quote, the value. Nothing
/// where it has no quotes or is longer than links are.
std::string attribute_value(const std::string& text, std::size_t at) {
  at = text.find_first_not_of(" \t\r\n", at);
  if (at == std::string::npos || text[at] != '=') return "";
  at = text.find_first_not_of(" \t\r\n", at + 1);
  if (at == std::string::npos || (text[at] != '"' && text[at] != '\'')) return "";
  const std::size_t end = text.find(text[at], at + 1);
  if (end == std::string::npos || end - at > kMaxLink) return "";
  return text.substr(at + 1, end - at - 1);
}

}  // namespace

std::vector<DemProject> read_index_html(const std::string& text) {
  const std::string lower = coastal::lower_case(text);
  std::vector<DemProject> projects;
  Row row;
  std::size_t at = 0;
  while (true) {
    const std::size_t tag = lower.find("<tr", at);
    std::size_t link = lower.find("href", at);
    const std::size_t row_end = std::min(tag, lower.size());
    for (; link < row_end; link = lower.find("href", link + 4))
      row.add(attribute_value(text, link + 4));
    row.end(projects);
    if (tag == std::string::npos) return unique_projects(std::move(projects));
    at = tag + 3;
  }
}

}  // namespace topobathy
