#include "providers/http/endpoints.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "fusion/error.h"
#include "fusion/policy/messages.h"
#include "fusion/policy/nearest.h"
#include "fusion/policy/text_tree.h"
#include "providers/http/url.h"

namespace topobathy {
namespace {

constexpr std::size_t kLargestFile = std::size_t{64} << 10;
constexpr char kHostMark[] = "{host}";

bool is_web(const Url& url) {
  return url.scheme == "http" || url.scheme == "https";
}

/// "*.blob.core.windows.net" stands for any one or more labels before the rest.
bool matches(const std::string& pattern, const std::string& host) {
  if (pattern.compare(0, 2, "*.") != 0) return pattern == host;
  const std::size_t tail = pattern.size() - 1;
  return host.size() > tail && host.compare(host.size() - tail, tail, pattern, 1, tail) == 0;
}

bool is_archive_host(const std::string& host) {
  const auto& hosts = archive_hosts();
  return std::any_of(hosts.begin(), hosts.end(),
                     [&](const std::string& known) { return matches(known, host); });
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string with_host(std::string base, const std::string& host) {
  const std::size_t length = sizeof kHostMark - 1;
  for (std::size_t at = base.find(kHostMark); at != std::string::npos;
       at = base.find(kHostMark, at + host.size()))
    base.replace(at, length, host);
  return base;
}

struct Entry {
  std::string host;
  std::string base;
  Place host_place;
  Place base_place;
};

std::string checked_host(const Entry& entry) {
  const std::string host = lower(entry.host);
  const auto& hosts = archive_hosts();
  const bool is_known = host == "*" || is_archive_host(host) ||
                        std::find(hosts.begin(), hosts.end(), host) != hosts.end();
  if (is_known) return host;
  const std::string near = nearest_name(host, hosts);
  throw Error(ErrorCode::kUsage,
              "endpoints: \"" + shown(entry.host) + "\" is no host that an archive is asked at; " +
                  (near.empty() ? "known are \"*\" for all and " + listed(hosts)
                                : "did you mean \"" + near + "\"?"),
              entry.host_place);
}

std::string checked_base(const Entry& entry) {
  std::string base = entry.base;
  while (!base.empty() && base.back() == '/')
    base.pop_back();
  const auto url = parse_url(with_host(base, "example.org"));
  const std::size_t mark = base.find(kHostMark);
  const std::size_t path = base.find('/', std::min(base.size(), base.find("://") + 3));
  const bool is_base = url && is_web(*url) && base.find_first_of("?#") == std::string::npos &&
                       (mark == std::string::npos || (path != std::string::npos && mark > path));
  if (is_base) return base;
  throw Error(ErrorCode::kUsage,
              "endpoints: the base \"" + shown(entry.base) + "\" of \"" + shown(entry.host) +
                  "\" is no http or https URL; write one without query, as "
                  "https://mirror.example.org/{host}",
              entry.base_place);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kLargestFile + 1, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad() || std::filesystem::is_directory(path))
    throw Error(ErrorCode::kUsage, "endpoints: the file '" + path +
                                       "' cannot be read; give a YAML file of \"host: base "
                                       "URL\", or \"host=base,host=base\"");
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kLargestFile)
    throw Error(ErrorCode::kUsage, "endpoints: the file '" + path + "' is longer than " +
                                       std::to_string(kLargestFile) + " bytes");
  return text;
}

std::vector<Entry> entries_of_file(const std::string& path) {
  const std::string text = read_file(path);
  TextNode root;
  try {
    root = parse_text_tree(text, path);
  } catch (const Error& error) {
    throw Error(ErrorCode::kUsage, "endpoints: " + error.message(), error.place());
  }
  if (root.kind == TextNode::Kind::kNull) return {};
  if (root.kind != TextNode::Kind::kMap)
    throw Error(ErrorCode::kUsage, "endpoints: the file must be a map of \"host: base URL\"",
                root.place());
  std::vector<Entry> entries;
  for (const TextEntry& entry : root.entries) {
    if (entry.value.kind != TextNode::Kind::kScalar)
      throw Error(ErrorCode::kUsage,
                  "endpoints: the base of \"" + shown(entry.key) + "\" must be a URL",
                  entry.value.place());
    entries.push_back({entry.key, entry.value.text, entry.mark.place(), entry.value.place()});
  }
  return entries;
}

std::vector<Entry> entries_of_text(const std::string& text) {
  std::vector<Entry> entries;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find(',', from), text.size());
    const std::string part = text.substr(from, end - from);
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos)
      throw Error(ErrorCode::kUsage,
                  "endpoints: \"" + shown(part) +
                      "\" is neither a file nor an entry; write \"host=base URL\"");
    entries.push_back({part.substr(0, equals), part.substr(equals + 1), {}, {}});
    from = end + 1;
  }
  return entries;
}

}  // namespace

Endpoints Endpoints::read(const std::string& file_or_entries) {
  Endpoints endpoints;
  if (file_or_entries.empty()) return endpoints;
  std::error_code ignored;
  const bool is_text = file_or_entries.find('=') != std::string::npos &&
                       !std::filesystem::exists(file_or_entries, ignored);
  for (const Entry& entry :
       is_text ? entries_of_text(file_or_entries) : entries_of_file(file_or_entries)) {
    const auto [known, is_new] = endpoints.bases_.emplace(checked_host(entry), checked_base(entry));
    if (!is_new)
      throw Error(ErrorCode::kUsage,
                  "endpoints: the host \"" + shown(known->first) + "\" is here twice",
                  entry.host_place);
  }
  return endpoints;
}

const std::string* Endpoints::base_of(const std::string& host) const {
  if (!is_archive_host(host)) return nullptr;
  const std::pair<const std::string, std::string>* best = nullptr;
  for (const auto& entry : bases_) {
    const bool fits = entry.first == "*" || matches(entry.first, host);
    // The longest pattern is the most specific: the host itself, then a wildcard, then "*".
    if (fits && (best == nullptr || entry.first == host ||
                 (best->first != host && entry.first.size() > best->first.size())))
      best = &entry;
  }
  return best == nullptr ? nullptr : &best->second;
}

std::string Endpoints::resolve(const std::string& url) const {
  if (bases_.empty()) return url;
  const auto parts = parse_url(url);
  if (!parts || !is_web(*parts) || !parts->port.empty()) return url;
  const std::string* const base = base_of(parts->host);
  if (base == nullptr) return url;
  return with_host(*base, parts->host) + parts->path +
         (parts->query.empty() ? "" : "?" + parts->query);
}

bool Endpoints::is_base(const std::string& url) const {
  const auto parts = parse_url(url);
  return parts && std::any_of(bases_.begin(), bases_.end(), [&](const auto& entry) {
           const auto base = parse_url(with_host(entry.second, "example.org"));
           return base && base->origin() == parts->origin();
         });
}

bool Endpoints::allows(const std::string& url) const {
  const auto parts = parse_url(url);
  if (!parts || !is_web(*parts)) return false;
  if (is_base(url)) return true;
  const bool is_own_port =
      parts->port.empty() ||
      parts->origin() == Url{parts->scheme, parts->host, "", "", "", false}.origin();
  return is_own_port && !parts->has_user && is_archive_host(parts->host);
}

std::string Endpoints::text() const {
  std::string text;
  for (const auto& [host, base] : bases_)
    text += (text.empty() ? "" : ",") + host + "=" + base;
  return text;
}

}  // namespace topobathy
