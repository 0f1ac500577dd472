#include "providers/ncei_bag/landing_page.h"

#include <cpl_string.h>

#include <optional>
#include <set>

#include "providers/archive/links.h"

namespace topobathy {
namespace {

constexpr std::uint64_t kLargestPage = std::uint64_t{4} << 20;

bool ends_with(const std::string& text, const char* tail) {
  const std::size_t length = std::char_traits<char>::length(tail);
  return text.size() > length && EQUAL(text.c_str() + text.size() - length, tail);
}

bool names_bag(const std::string& url) {
  const std::string name = file_name_of(url);
  return ends_with(name, ".bag") || ends_with(name, ".bag.gz");
}

bool is_bag_folder(const std::string& url) {
  return ends_with(url, "/BAG/");
}

/// Nothing where the archive has no such page.
std::optional<std::string> read_page(const ArchiveContext& context, const std::string& url) {
  HttpRequest request;
  request.url = url;
  request.max_bytes = kLargestPage;
  HttpAnswer answer = context.http->ask(request);
  if (answer.absent()) return std::nullopt;
  require_body(answer, url);
  return std::move(answer.body);
}

std::set<std::string> folder_links(const ArchiveContext& context, const std::string& page,
                                   const std::string& html) {
  std::set<std::string> folders;
  for (const std::string& href : hrefs_of(html)) {
    const auto url = resolve_link(page, href);
    if (url && is_bag_folder(*url) && context.endpoints.allows(*url)) folders.insert(*url);
  }
  return folders;
}

}  // namespace

bool is_bag_url(const std::string& url) {
  return names_bag(url) && is_plain_name(file_name_of(url));
}

std::vector<std::string> bag_links(const ArchiveContext& context, const std::string& page,
                                   const std::string& html) {
  std::set<std::string> links;
  for (const std::string& href : hrefs_of(html)) {
    const auto url = resolve_link(page, href);
    if (!url || !names_bag(*url)) continue;
    if (is_bag_url(*url) && context.endpoints.allows(*url)) {
      links.insert(*url);
    } else if (context.warn) {
      context.warn("'" + without_secrets(page) + "': its link to '" + without_secrets(*url) +
                   "' is not followed: another host, or a name that no file may have");
    }
  }
  return {links.begin(), links.end()};
}

std::vector<std::string> find_bag_urls(const ArchiveContext& context, const std::string& page) {
  if (!resolve_link(page, page) || !context.endpoints.allows(page)) return {};
  if (names_bag(page)) return is_bag_url(page) ? std::vector{page} : std::vector<std::string>{};
  const auto html = read_page(context, page);
  if (!html) return {};
  std::vector<std::string> links = bag_links(context, page, *html);
  if (!links.empty()) return links;
  for (const std::string& folder : folder_links(context, page, *html)) {
    const auto listing = read_page(context, folder);
    if (!listing) continue;
    const auto files = bag_links(context, folder, *listing);
    links.insert(links.end(), files.begin(), files.end());
  }
  return links;
}

}  // namespace topobathy
