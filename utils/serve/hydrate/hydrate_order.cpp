#include "utils/serve/hydrate/hydrate_order.h"

#include <algorithm>

#include "fusion/error.h"
#include "utils/hydrate/hydration_area.h"
#include "utils/serve/body/body_members.h"
#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

constexpr int kUnprocessableOrder = 422;
constexpr double kFinestOrdered = 0.01, kCoarsestOrdered = 1e5;  // metres
constexpr int kLastZoomOrdered = 22;
constexpr int kDefaultWorkers = 2;

std::vector<double> ordered_box(BodyMembers& body) {
  const auto box = body.numbers("bbox");
  if (!box)
    throw HttpError(kUnprocessableOrder,
                    "'bbox' is missing: give [west, south, east, north] in degrees");
  try {
    HydrationArea::of_box(*box);
  } catch (const Error& error) {
    throw HttpError(kUnprocessableOrder, "bbox: " + error.message());
  }
  return *box;
}

}  // namespace

HydrateOrder read_hydrate_order(const std::string& text, const ServiceLimits& limits) {
  BodyMembers body(text);
  HydrateOrder order;
  order.box = ordered_box(body);
  order.resolution = body.number("resolution", kFinestOrdered, kCoarsestOrdered);
  if (const auto zoom = body.integer("zoom", 0, kLastZoomOrdered))
    order.zoom = static_cast<int>(*zoom);
  order.policy_name = body.text("policy_name").value_or("");
  order.policy_yaml = body.text("policy_yaml");
  const int usual = std::min(kDefaultWorkers, limits.workers_per_job);
  order.workers =
      static_cast<int>(body.integer("max_workers", 1, limits.workers_per_job).value_or(usual));
  body.ignore({"force", "lidar_url", "ept_url", "use_seam_blending"});
  body.require_no_more();
  return order;
}

nlohmann::json hydrate_order_schema(const ServiceLimits& limits) {
  using nlohmann::json;
  const json edge{{"type", "number"}, {"minimum", -180}, {"maximum", 180}};
  json properties;
  properties["bbox"] = {{"type", "array"},
                        {"items", edge},
                        {"minItems", 4},
                        {"maxItems", 4},
                        {"description", "west, south, east, north in degrees"}};
  properties["resolution"] = {{"type", "number"},
                              {"minimum", kFinestOrdered},
                              {"maximum", kCoarsestOrdered},
                              {"description", "metres; left out: the policy's own"}};
  properties["zoom"] = {{"type", "integer"},
                        {"minimum", 0},
                        {"maximum", kLastZoomOrdered},
                        {"description", "cells behind the web tiles of a zoom"}};
  properties["policy_name"] = {{"type", "string"}};
  properties["policy_yaml"] = {{"type", "string"}, {"description", "a policy's whole text"}};
  properties["max_workers"] = {{"type", "integer"},
                               {"minimum", 1},
                               {"maximum", limits.workers_per_job},
                               {"default", kDefaultWorkers}};
  return {{"type", "object"}, {"required", {"bbox"}}, {"properties", properties}};
}

}  // namespace topobathy
