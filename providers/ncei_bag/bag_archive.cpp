#include "providers/ncei_bag/bag_archive.h"

#include <algorithm>
#include <map>
#include <set>

#include "fusion/error.h"
#include "fusion/parallel.h"
#include "providers/archive/make_once.h"
#include "providers/archive/raw_files.h"
#include "providers/ncei_bag/bag_asset.h"
#include "providers/ncei_bag/fetch_bag.h"
#include "providers/ncei_bag/landing_page.h"
#include "providers/ncei_bag/survey_query.h"

namespace topobathy {
namespace {

/// Busy harbours have a hundred surveys in a square of this size.
constexpr double kSquareDegrees = 0.5;
/// The client bounds the requests a host further.
constexpr std::size_t kPagesAtOnce = 8;

/// The BAGs on the surveys' pages. Neighbouring squares share surveys: one find() reads a page
/// once. For one thread.
class Pages {
 public:
  explicit Pages(const ArchiveContext& context) : context_(context) {}

  /// Reads those not read yet, several at once.
  void read(const std::vector<Survey>& surveys) {
    std::set<std::string> wanted;
    for (const Survey& survey : surveys)
      if (!survey.page.empty() && bags_.count(survey.page) == 0) wanted.insert(survey.page);
    const std::vector<std::string> pages(wanted.begin(), wanted.end());
    std::vector<std::vector<std::string>> found(pages.size());
    parallel_for(pages.size(), kPagesAtOnce,
                 [&](std::size_t p) { found[p] = find_bag_urls(context_, pages[p]); });
    for (std::size_t p = 0; p < pages.size(); ++p)
      bags_[pages[p]] = std::move(found[p]);
  }
  const std::vector<std::string>& bags(const Survey& survey) { return bags_[survey.page]; }

 private:
  const ArchiveContext& context_;
  std::map<std::string, std::vector<std::string>> bags_;
};

Discovery ask_square(const ArchiveContext& context, const LonLatBox& square, Pages& pages) {
  const std::vector<Survey> surveys = ask_surveys(*context.http, square);
  pages.read(surveys);
  Discovery found;
  for (const Survey& survey : surveys) {
    const auto& bags = pages.bags(survey);
    for (const std::string& url : bags)
      found.assets.push_back(bag_asset(survey, url));
    if (bags.empty()) found.assets.push_back(survey_without_bags(survey));
  }
  found.assets = merge_by_id(std::move(found.assets));
  return found;
}

void require_bags(const Asset& asset) {
  if (!is_without_bags(asset)) return;
  throw Error(ErrorCode::kUnreadable,
              "survey " + asset.id + " should have BAGs, but its page '" +
                  without_secrets(asset.url) +
                  "' is gone or names none: try again later, or leave the survey out with "
                  "exclude_patterns: [" +
                  asset.id + "]");
}

}  // namespace

std::vector<Asset> BagArchive::known(const LonLatBox& box) const {
  Pages pages(context());
  std::vector<Asset> assets;
  for (const DegreeSquare& square : degree_squares(box, kSquareDegrees)) {
    auto found = context().discovery->find(square.name, box, [&](const std::string& /*old_note*/) {
      return ask_square(context(), square.box, pages);
    });
    assets.insert(assets.end(), std::make_move_iterator(found.begin()),
                  std::make_move_iterator(found.end()));
  }
  return merge_by_id(std::move(assets));
}

/// Cells ask for it one after another: the page is looked at once a minute.
bool BagArchive::is_time_to_look(const std::string& page) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::int64_t now = context().clock->now();
  const auto [last, first] = looked_.emplace(page, now);
  if (!first && now < last->second + DiscoveryCache::kRetrySeconds) return false;
  last->second = now;
  return true;
}

bool BagArchive::has_new_bags(const std::vector<Asset>& assets) {
  return !context().offline && std::any_of(assets.begin(), assets.end(), [&](const Asset& asset) {
    return is_without_bags(asset) && left_out(filter(), asset, /*names=*/true).empty() &&
           is_time_to_look(asset.url) && !find_bag_urls(context(), asset.url).empty();
  });
}

std::vector<Candidate> BagArchive::find(const LonLatBox& box) {
  std::vector<Asset> assets = known(box);
  // A page that named no BAG when it was read must not count for days.
  if (has_new_bags(assets)) {
    expire(box);
    assets = known(box);
  }
  std::vector<Candidate> candidates;
  for (const Asset& asset : assets)
    candidates.push_back({asset, left_out(filter(), asset, /*names=*/true)});
  sort_candidates(candidates);
  return candidates;
}

void BagArchive::expire(const LonLatBox& box) const {
  for (const DegreeSquare& square : degree_squares(box, kSquareDegrees))
    context().discovery->expire(square.name);
}

AssetFile BagArchive::open(const Asset& asset, double /*pixel*/) {
  require_bags(asset);
  const std::string name = raw_bag_name(asset);
  const auto is_kept = [&] { return !find_kept(context(), name).empty(); };
  const std::string path = writable_folder(context()) + "/" + name;
  bool is_there = true;
  make_once(context(), path, is_kept, [&] { is_there = fetch_bag(context(), asset.url, path); });
  if (is_there) return {find_kept(context(), name), ""};
  expire(asset.box);
  throw Error(ErrorCode::kNotFound,
              "'" + without_secrets(asset.url) +
                  "': the archive no longer has this BAG: read again, the survey's files will be "
                  "looked up afresh");
}

bool BagArchive::is_local(const Asset& asset, double /*pixel*/) {
  require_bags(asset);
  return !find_kept(context(), raw_bag_name(asset)).empty();
}

std::unique_ptr<Archive> make_ncei_bag(const ArchiveSetup& setup) {
  return std::make_unique<BagArchive>(setup);
}

}  // namespace topobathy
