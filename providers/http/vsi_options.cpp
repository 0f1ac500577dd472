#include "providers/http/vsi_options.h"

#include <cpl_string.h>
#include <cpl_vsi.h>

#include <algorithm>
#include <mutex>

#include "fusion/error.h"
#include "providers/http/http_client.h"
#include "providers/http/signed_paths.h"
#include "providers/http/tuning.h"
#include "providers/http/url.h"
#include "providers/http/user_agent.h"
#include "providers/raster/file_stamp.h"

namespace topobathy {
namespace {

struct Prepared {
  std::mutex mutex;
  std::vector<Endpoints> endpoints;
  HttpLimits limits;
};

Prepared& prepared() {
  // Never destroyed: threads may still look at it while the process ends.
  static Prepared& state = *new Prepared;
  return state;
}

HttpLimits current_limits() {
  const std::lock_guard<std::mutex> lock(prepared().mutex);
  return prepared().limits;
}

/// Those that know the server of a URL.
std::vector<Endpoints> endpoints_of(const std::string& url) {
  const std::lock_guard<std::mutex> lock(prepared().mutex);
  std::vector<Endpoints> knowing;
  std::copy_if(prepared().endpoints.begin(), prepared().endpoints.end(),
               std::back_inserter(knowing), [&](const Endpoints& e) { return e.allows(url); });
  return knowing;
}

/// "If-Match" as an entry of GDAL_HTTP_HEADERS; "" for an ETag that no request can insist on.
std::string if_match(const std::string& etag) {
  const bool is_strong = etag.size() > 1 && etag.front() == '"' && etag.back() == '"';
  if (!is_strong || etag.find_first_of("\\\r\n") != std::string::npos) return "";
  std::string entry = "\"If-Match: ";
  for (const char c : etag)
    entry += c == '"' ? std::string("\\\"") : std::string(1, c);
  return entry + '"';
}

std::string whole(double value) {
  return std::to_string(static_cast<long>(value));
}

}  // namespace

void prepare_vsicurl(const Endpoints& endpoints, const HttpLimits& limits) {
  Prepared& state = prepared();
  const std::lock_guard<std::mutex> lock(state.mutex);
  state.limits = limits;
  const bool is_known =
      std::any_of(state.endpoints.begin(), state.endpoints.end(),
                  [&](const Endpoints& known) { return known.text() == endpoints.text(); });
  if (!is_known) state.endpoints.push_back(endpoints);
}

VsicurlOptions::VsicurlOptions(const std::string& path, const std::string& etag) {
  if (!is_remote_path(path)) return;
  // A bucket may have a million files.
  list_.emplace("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR", /*bSetOnlyIfUndefined=*/false);
  const auto set = [this](const char* key, const std::string& value) {
    options_.push_back(std::make_unique<CPLConfigOptionSetter>(key, value.c_str(),
                                                               /*bSetOnlyIfUndefined=*/true));
  };
  const HttpLimits limits = current_limits();
  set("GDAL_HTTP_USERAGENT", user_agent());
  set("GDAL_HTTP_CONNECTTIMEOUT", whole(limits.connect_seconds));
  set("GDAL_HTTP_TIMEOUT", whole(limits.request_seconds));
  set("GDAL_HTTP_LOW_SPEED_TIME", std::to_string(limits.slow_seconds));
  set("GDAL_HTTP_LOW_SPEED_LIMIT", std::to_string(http_tuning::kSlowBytes));
  set("GDAL_HTTP_MAX_RETRY", std::to_string(limits.attempts - 1));
  set("GDAL_HTTP_RETRY_DELAY", std::to_string(http_tuning::kFirstPause));
  if (const std::string condition = if_match(etag); !condition.empty()) {
    const std::string headers = CPLGetConfigOption("GDAL_HTTP_HEADERS", "");
    if (headers.find(condition) != std::string::npos) return;
    options_.push_back(std::make_unique<CPLConfigOptionSetter>(
        "GDAL_HTTP_HEADERS", (headers.empty() ? condition : headers + ',' + condition).c_str(),
        /*bSetOnlyIfUndefined=*/false));
  }
}

void forget_vsicurl(const std::string& path) noexcept {
  if (!is_remote_path(path)) return;
  // Of what lies in a remote archive, or behind other kinds of servers, only all can be forgotten.
  if (url_of_vsicurl(path).empty())
    VSICurlClearCache();
  else
    VSICurlPartialClearCache(path.substr(0, path.find('?')).c_str());
}

void require_known_redirects(const std::string& path, CSLConstList headers) {
  std::string from = url_of_vsicurl(path);
  if (from.empty()) return;
  const std::vector<Endpoints> knowing = endpoints_of(from);
  if (knowing.empty()) return;
  for (int i = 0; headers != nullptr && headers[i] != nullptr; ++i) {
    char* key = nullptr;
    const char* const value = CPLParseNameValue(headers[i], &key);
    const bool is_location = key != nullptr && EQUAL(key, "Location");
    CPLFree(key);
    if (!is_location || value == nullptr) continue;
    from = absolute_url(from, value);
    const bool is_allowed = std::any_of(knowing.begin(), knowing.end(),
                                        [&](const Endpoints& e) { return e.allows(from); });
    if (!is_allowed)
      throw Error(ErrorCode::kUnreadable,
                  "'" + path + "': the server redirects to '" + without_secrets(value) +
                      "', which is no host of a known archive; it is not followed");
  }
}

}  // namespace topobathy
