#include "providers/stac/stac_client.h"

#include <cstdio>
#include <optional>
#include <set>
#include <utility>

#include "fusion/error.h"
#include "providers/stac/json_answer.h"

namespace topobathy {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMaxPageBytes = std::uint64_t{32} << 20;

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::kUnreadable, "'" + std::string(kStacRoot) + "search': " + why);
}

std::string number_text(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", number);
  return text;
}

/// A page to ask for. What a "next" link with `merge` completes is `parameters`.
struct Page {
  HttpRequest request;
  Json parameters;
};

Page first_page(const std::string& collection, const LonLatBox& box) {
  Page page;
  page.request.url = std::string(kStacRoot) + "search?collections=" + collection +
                     "&bbox=" + number_text(box.west) + "," + number_text(box.south) + "," +
                     number_text(box.east) + "," + number_text(box.north) +
                     "&limit=" + std::to_string(StacClient::kPageSize);
  page.request.max_bytes = kMaxPageBytes;
  page.parameters = {{"collections", {collection}},
                     {"bbox", {box.west, box.south, box.east, box.north}},
                     {"limit", StacClient::kPageSize}};
  return page;
}

/// The link's address as published: below the catalogue's root, or below where that is really
/// asked.
std::string published(const std::string& href, const Endpoints& endpoints) {
  const std::string root = kStacRoot;
  const std::string mirror = endpoints.resolve(root);
  const bool clean = href.size() <= 8192 && href.find("..") == std::string::npos &&
                     href.find_first_of(" \t\r\n\\") == std::string::npos;
  if (clean && href.rfind(root, 0) == 0) return href;
  if (clean && href.rfind(mirror, 0) == 0) return root + href.substr(mirror.size());
  refuse("the link to the next page leads out of the catalogue");
}

std::optional<Page> next_page(const Json& answer, const Page& page, const Endpoints& endpoints) {
  for (const Json& link : array_of(answer, "links")) {
    if (!link.is_object() || text_of(link, "rel") != "next") continue;
    Page next;
    next.request.url = published(text_of(link, "href"), endpoints);
    next.request.max_bytes = kMaxPageBytes;
    next.parameters = page.parameters;
    if (text_of(link, "method") == "POST") {
      const auto merge = link.find("merge");
      const bool merges = merge != link.end() && merge->is_boolean() && merge->get<bool>();
      if (!merges) next.parameters = Json::object();
      next.parameters.update(object_of(link, "body"));
      next.request.method = HttpRequest::Method::kPost;
      next.request.body = next.parameters.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    return next;
  }
  return std::nullopt;
}

void take_items(const Json& answer, std::set<std::string>& ids, std::vector<StacItem>& items) {
  const auto features = answer.find("features");
  if (features == answer.end() || !features->is_array()) refuse("the answer has no features");
  for (const Json& feature : *features) {
    try {
      StacItem item = parse_stac_item(feature);
      if (ids.insert(item.id).second) items.push_back(std::move(item));
    } catch (const Error& error) {
      refuse(error.message());
    }
  }
}

}  // namespace

StacClient::StacClient(std::shared_ptr<HttpClient> http, Endpoints endpoints)
    : http_(std::move(http)), endpoints_(std::move(endpoints)) {}

std::vector<StacItem> StacClient::search(const std::string& collection,
                                         const LonLatBox& box) const {
  std::vector<StacItem> items;
  std::set<std::string> ids;
  std::set<std::pair<std::string, std::string>> asked;
  std::optional<Page> page = first_page(collection, box);
  while (page) {
    if (!asked.emplace(page->request.url, page->request.body).second)
      refuse("the pages of the answer go in circles");
    if (asked.size() > static_cast<std::size_t>(kMaxPages))
      refuse("the answer has more than " + std::to_string(kMaxPages) + " pages");
    const Json answer = json_answer(http_->ask(page->request), page->request.url, kMaxPageBytes);
    take_items(answer, ids, items);
    page = next_page(answer, *page, endpoints_);
  }
  return items;
}

}  // namespace topobathy
