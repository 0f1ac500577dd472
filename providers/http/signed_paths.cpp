#include "providers/http/signed_paths.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

namespace topobathy {
namespace {

using Query = std::function<std::string()>;

constexpr std::string_view kVsicurl = "/vsicurl/";

struct Signers {
  std::mutex mutex;
  std::map<std::string, Query> by_prefix;
};

Signers& signers() {
  // Never destroyed: threads may still look at it while the process ends.
  static Signers& all = *new Signers;
  return all;
}

/// "https://host/a" is above "https://host/a/b.tif", not above "https://host/ab.tif".
bool is_below(const std::string& url, const std::string& prefix) {
  if (url.compare(0, prefix.size(), prefix) != 0) return false;
  return url.size() == prefix.size() || prefix.back() == '/' || url[prefix.size()] == '/' ||
         url[prefix.size()] == '?';
}

Query signer_of(const std::string& url) {
  Signers& all = signers();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const Query* best = nullptr;
  std::size_t longest = 0;
  for (const auto& [prefix, query] : all.by_prefix) {
    if (prefix.size() < longest || !is_below(url, prefix)) continue;
    best = &query;
    longest = prefix.size();
  }
  return best == nullptr ? Query() : *best;
}

}  // namespace

void sign_below(const std::string& url_prefix, Query query) {
  if (url_prefix.empty()) return;
  const std::lock_guard<std::mutex> lock(signers().mutex);
  signers().by_prefix[url_prefix] = std::move(query);
}

void stop_signing(const std::string& url_prefix) {
  const std::lock_guard<std::mutex> lock(signers().mutex);
  signers().by_prefix.erase(url_prefix);
}

std::string url_of_vsicurl(const std::string& path) {
  return path.compare(0, kVsicurl.size(), kVsicurl) == 0 ? path.substr(kVsicurl.size()) : "";
}

std::string signed_path(const std::string& path) {
  const std::string url = url_of_vsicurl(path);
  if (url.empty()) return path;
  const Query signer = signer_of(url);
  // Outside of the lock: it may ask the network.
  const std::string query = signer ? signer() : "";
  if (query.empty()) return path;
  return path + (url.find('?') == std::string::npos ? "?" : "&") + query;
}

std::string without_queries(std::string message) {
  for (std::size_t at = message.find("://"); at != std::string::npos;
       at = message.find("://", at + 3)) {
    const std::size_t end = std::min(message.find_first_of(" \t\n'\"`<>", at), message.size());
    const std::size_t query = message.find('?', at);
    if (query < end) message.erase(query, end - query);
  }
  return message;
}

}  // namespace topobathy
