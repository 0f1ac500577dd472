#include "utils/serve/service.h"

#include <cpl_error.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "fusion/error.h"
#include "fusion/policy/nearest.h"
#include "providers/policy_file.h"
#include "utils/serve/http_error.h"
#include "utils/serve/look_interval.h"

namespace topobathy {
namespace {

namespace fs = std::filesystem;

/// Each keeps its plan, and what it knows of its archives, in memory.
constexpr std::size_t kOpenPolicies = 32;
constexpr std::size_t kOpenRasters = 16;  ///< of one policy, beside those of its tiles
constexpr std::size_t kLongestName = 100;

void warn_of_tile(const std::string& message) {
  CPLError(CE_Warning, CPLE_FileIO, "%s", message.c_str());
}

TileMaker::Setup tile_setup(const OpenRequest& policy, std::chrono::milliseconds look_every) {
  TileMaker::Setup setup;
  setup.policy = policy;
  setup.look_every = look_every;
  setup.warn = warn_of_tile;
  return setup;
}

std::string exactly(const std::optional<double>& value) {
  if (!value) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%a", *value);
  return text;
}

/// What a request changes of its policy.
std::string view_key(const OpenRequest& as) {
  std::string key = as.crs.value_or("-") + '\n' + exactly(as.resolution) + '\n' +
                    (as.zoom ? std::to_string(*as.zoom) : "-") + '\n';
  if (as.bbox)
    for (const double edge : {as.bbox->west, as.bbox->south, as.bbox->east, as.bbox->north})
      key += exactly(edge) + ' ';
  return key + as.bbox_crs + '\n' +
         std::to_string(as.overview ? static_cast<int>(*as.overview) : -1) + ' ' +
         std::to_string(as.on_error ? static_cast<int>(*as.on_error) : -1);
}

bool is_policy_name(const std::string& name) {
  return !name.empty() && name.size() <= kLongestName &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '_' || c == '-';
         });
}

std::vector<std::string> policy_names(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end;
       at.increment(ignored))
    if (at->path().extension() == ".yaml" && is_policy_name(at->path().stem().string()))
      names.push_back(at->path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// The policy's own words. Those of another machine are looked at with the sources.
std::string text_of(const OpenRequest& request) {
  const std::string& path = request.policy_path;
  if (path.empty()) return request.policy_text;
  if (path.rfind("/vsi", 0) == 0) return "";
  try {
    return read_policy_text(path, true).text;
  } catch (const Error&) {
    throw HttpError(503, "the policy's file cannot be read now");
  }
}

[[noreturn]] void refuse_policy(const std::string& name, const std::string& folder) {
  const std::string near = folder.empty() ? "" : nearest_name(name, policy_names(folder));
  throw HttpError(404, "policy '" + name + "' is not served here" +
                           (near.empty() ? "; without a name the server's active policy answers"
                                         : "; did you mean '" + near + "'?"));
}

}  // namespace

ServedPolicy::ServedPolicy(const OpenRequest& policy, std::string text)
    : request_(policy),
      text_(std::move(text)),
      look_every_(look_interval(policy)),
      tiles_(tile_setup(policy, look_every_)),
      rasters_(kOpenRasters) {}

std::shared_ptr<FusedRaster> ServedPolicy::raster(const OpenRequest& as) {
  const std::string key = view_key(as);
  const auto now = std::chrono::steady_clock::now();
  const auto known = rasters_.find(key);
  if (known && now - known->looked < look_every_) return known->raster;
  OpenRequest request = request_;
  request.crs = as.crs;
  request.resolution = as.resolution;
  request.zoom = as.zoom;
  request.bbox = as.bbox;
  request.bbox_crs = as.bbox_crs;
  request.overview = as.overview;
  request.on_error = as.on_error;
  // What is known stays alive meanwhile: equal requests share it.
  const auto raster = open_policy(request);
  rasters_.put(key, {raster, now});
  return raster;
}

Service::Service(ServiceSettings settings)
    : settings_(std::move(settings)), open_(kOpenPolicies), texts_(kOpenTexts) {}

/// What is open is of the text that the file has now: comparing takes 10 us.
std::shared_ptr<ServedPolicy> Service::of_file(const std::string& name,
                                               const OpenRequest& request) {
  const std::string text = text_of(request);
  if (auto known = open_.find(name); known && (*known)->text() == text) return *known;
  auto opened = std::make_shared<ServedPolicy>(request, text);
  open_.put(name, opened);
  return opened;
}

std::shared_ptr<ServedPolicy> Service::policy(const std::string& name) {
  OpenRequest request = settings_.policy;
  if (name.empty()) {
    if (request.policy_path.empty() && request.policy_text.empty())
      throw HttpError(503,
                      "no policy is active: start the server with --policy, or name one of its "
                      "--policy-dir with policy=NAME");
    return of_file(name, request);
  }
  if (!is_policy_name(name))
    throw HttpError(400, "a policy's name has letters, digits, '_' and '-', at most " +
                             std::to_string(kLongestName) + " of them");
  request.policy_text.clear();
  request.policy_path = settings_.policy_dir + "/" + name + ".yaml";
  std::error_code ignored;
  if (settings_.policy_dir.empty() || !fs::is_regular_file(request.policy_path, ignored)) {
    open_.erase(name);
    refuse_policy(name, settings_.policy_dir);
  }
  return of_file(name, request);
}

}  // namespace topobathy
