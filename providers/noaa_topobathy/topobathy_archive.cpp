#include "providers/noaa_topobathy/topobathy_archive.h"

#include <algorithm>
#include <utility>

#include "fusion/error.h"
#include "fusion/parallel.h"
#include "providers/archive/tuning.h"
#include "providers/coastal/bucket.h"
#include "providers/coastal/unusable.h"
#include "providers/ncei_cudem/cudem_product.h"
#include "providers/noaa_topobathy/project_facts.h"
#include "providers/noaa_topobathy/project_rank.h"
#include "providers/noaa_topobathy/project_tiles.h"

namespace topobathy {
namespace {

constexpr std::uint64_t kMaxListBytes = std::uint64_t{128} << 20;  ///< detailed outlines of 1000s
constexpr std::uint64_t kMaxItemBytes = std::uint64_t{4} << 20;

/// CUDEM's sets lie in the same bucket; in here their older editions would lie under the newer
/// ones.
bool is_cudem(const std::string& folder) {
  const auto& sets = cudem_products();
  return std::any_of(sets.begin(), sets.end(),
                     [&](const CudemProduct& set) { return folder == set.folder; });
}

HttpAnswer ask_for(ArchiveContext& context, const std::string& url, std::uint64_t max_bytes) {
  HttpRequest request;
  request.url = url;
  request.max_bytes = max_bytes;
  return context.http->ask(request);
}

/// The list in JSON, which has boxes; where the archive has none, or one of point clouds only, the
/// page for people.
std::vector<DemProject> fetch_projects(ArchiveContext& context) {
  const std::string json_url = coastal::object_url("laz/dav.json");
  const HttpAnswer json = ask_for(context, json_url, kMaxListBytes);
  std::vector<DemProject> projects;
  if (!json.absent()) projects = read_dav_json(require_body(json, json_url), json_url);
  if (!projects.empty()) return projects;
  const std::string page_url = coastal::object_url("laz/index.html");
  const HttpAnswer page = ask_for(context, page_url, kMaxListBytes);
  if (page.absent())
    throw Error(ErrorCode::kUnreadable,
                "NOAA's list of coastal lidar projects is unavailable: '" +
                    std::string(coastal::kBucket) +
                    "' has neither laz/dav.json nor laz/index.html; try again later, or name a "
                    "mirror in TOPOBATHY_ENDPOINTS");
  projects = read_index_html(require_body(page, page_url));
  if (projects.empty())
    throw Error(ErrorCode::kUnreadable,
                "the list of projects '" + page_url + "' links to no DEM folder; try again later");
  return projects;
}

}  // namespace

TopobathyArchive::TopobathyArchive(const ArchiveSetup& setup)
    : Archive(setup), topographic_(filter().project_type == ProjectType::kTopographic) {}

Discovery TopobathyArchive::ask_projects() {
  Discovery found;
  for (const DemProject& project : fetch_projects(context()))
    found.assets.push_back(project_asset(project));
  return found;
}

Discovery TopobathyArchive::ask_facts(const std::string& number) {
  const std::string url = inport_xml_url(number);
  const HttpAnswer answer = ask_for(context(), url, kMaxItemBytes);
  // The list of projects names the record: without it heights and dates would quietly be unknown.
  if (answer.absent())
    throw Error(ErrorCode::kUnreadable,
                "'" + url +
                    "': the list of projects names this record, and the catalogue does not have "
                    "it; try again later, or leave the project out with exclude_patterns");
  Discovery found;
  found.assets.push_back(facts_asset(number, read_inport_xml(require_body(answer, url), url)));
  return found;
}

std::string TopobathyArchive::left_out_unread(const Asset& project) const {
  if (filter().project_ids.empty() && is_cudem(project.record.survey_id))
    return "no lidar project but CUDEM: use provider ncei_cudem";
  Filter names = filter();
  names.min_year.reset();
  names.max_resolution.reset();
  return left_out(names, project, /*names=*/true);
}

std::string TopobathyArchive::wrong_type(const Asset& project, bool bathymetric) const {
  if (!filter().project_ids.empty()) return "";
  const bool topobathy = bathymetric || named_topobathy(project.record.survey_id);
  if (topobathy != topographic_) return "";
  return topobathy ? "a topobathymetric project, and project_type is topographic"
                   : "a topographic project, and project_type is topobathy";
}

std::string TopobathyArchive::describe(Asset& project, const LonLatBox& box) {
  const std::string number = item_of(project);
  bool bathymetric = false;
  if (!number.empty()) {
    const auto facts = context().discovery->find(
        "inport:" + number, box, [&](const std::string&) { return ask_facts(number); });
    for (const Asset& fact : facts) {
      adopt_facts(project, fact);
      bathymetric = fact.rank > 0.0;
    }
  }
  project.rank = project_rank(filter(), project);
  const std::string reason = wrong_type(project, bathymetric);
  return reason.empty() ? left_out(filter(), project, /*names=*/true) : reason;
}

void TopobathyArchive::add_project(Asset project, const LonLatBox& box,
                                   std::vector<Candidate>& found) {
  // A list without boxes says nothing of where a project lies: its tiles must.
  const bool placed = !coastal::is_world(project.box);
  std::string reason = left_out_unread(project);
  if (reason.empty() && placed) reason = describe(project, box);
  if (!reason.empty()) {
    if (placed) found.push_back({project, reason});
    return;
  }
  const std::string& folder = project.record.survey_id;
  auto tiles =
      context().discovery->find("project:" + project.id, box, [&](const std::string& old_note) {
        return ask_project_tiles(context(), project.id, folder, old_note);
      });
  if (tiles.empty()) return;
  if (!placed) reason = describe(project, box);
  for (Asset& tile : tiles) {
    adopt_project(tile, project);
    const std::string unusable = coastal::why_unusable(tile);
    found.push_back({std::move(tile), unusable.empty() ? reason : unusable});
  }
}

std::vector<Candidate> TopobathyArchive::find(const LonLatBox& box) {
  std::vector<Candidate> found;
  const auto projects = context().discovery->find(
      "projects", box, [this](const std::string&) { return ask_projects(); });
  // A project that is not known yet takes several questions, one after the other.
  std::vector<std::vector<Candidate>> of_project(projects.size());
  parallel_for(projects.size(), kAskedAtOnce,
               [&](std::size_t i) { add_project(projects[i], box, of_project[i]); });
  for (auto& candidates : of_project)
    std::move(candidates.begin(), candidates.end(), std::back_inserter(found));
  sort_candidates(found);
  return found;
}

/// The listing of the project's folder states the ETags of all of its tiles.
void TopobathyArchive::forget(const Asset& asset) {
  context().discovery->expire("project:" + asset.project);
}

}  // namespace topobathy
