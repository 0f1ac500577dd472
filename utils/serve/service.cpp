#include "utils/serve/service.h"

#include <cpl_error.h>

#include <cstdio>
#include <utility>

#include "fusion/error.h"
#include "providers/policy_file.h"
#include "utils/serve/http_error.h"
#include "utils/serve/look_interval.h"
#include "utils/serve/policy/policy_folder.h"

namespace topobathy {
namespace {

/// Each keeps its plan, and what it knows of its archives, in memory.
constexpr std::size_t kOpenPolicies = 32;
constexpr std::size_t kOpenRasters = 16;  ///< of one policy, beside those of its tiles

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
  request.policy_text.clear();
  try {
    request.policy_path = PolicyFolder(settings_).path_of(name);
  } catch (const HttpError&) {
    open_.erase(name);
    throw;
  }
  return of_file(name, request);
}

}  // namespace topobathy
