#include "fusion/policy/canonical.h"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "fusion/policy/enum_names.h"
#include "fusion/policy/provider_table.h"
#include "fusion/sha256.h"

namespace topobathy {
namespace {

using Json = nlohmann::json;  // objects are sorted by key

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json to_json(const LonLatBox& box) {
  return {box.west, box.south, box.east, box.north};
}

Json to_json(const Blend& blend) {
  return {{"operator", name_of(blend.op)},
          {"blend_distance", blend.distance},
          {"weight", blend.weight}};
}

Json to_json(const Zone& zone) {
  if (zone.bbox) return {{"bbox", to_json(*zone.bbox)}};
  Json ring = Json::array();
  for (const LonLat& point : zone.polygon)
    ring.push_back({point.lon, point.lat});
  return {{"polygon", ring}};
}

Json to_json(const Filter& filter) {
  return {{"min_elevation", or_null(filter.min_elevation)},
          {"max_elevation", or_null(filter.max_elevation)},
          {"max_deviation", or_null(filter.max_deviation)},
          {"max_depth_change", or_null(filter.max_depth_change)},
          {"max_interpolation_gap_m", or_null(filter.max_interpolation_gap)},
          {"include_patterns", filter.include_patterns},
          {"exclude_patterns", filter.exclude_patterns},
          {"min_year", or_null(filter.min_year)},
          {"max_resolution", or_null(filter.max_resolution)},
          {"project_id", filter.project_ids},
          {"project_type", filter.project_type ? Json(name_of(*filter.project_type)) : Json()}};
}

Json to_json(const UncertaintyModel& model) {
  return {{"constant", model.constant}, {"depth_factor", model.depth_factor}};
}

Json to_json(const RasterFiles& files) {
  return {{"path", files.paths},  {"glob", files.glob},
          {"index", files.index}, {"location_field", files.index_location},
          {"crs", files.crs},     {"allow_vrt", files.allow_vrt}};
}

/// Step name -> its number from the bottom: a name is no more than a way to point.
using StepNumbers = std::map<std::string, std::size_t>;

Json transitions_json(const Step& step, const StepNumbers& numbers) {
  Json all = Json::array();
  for (const Transition& transition : step.transitions) {
    Json json = to_json(transition.blend);
    json["target"] = canonical_provider(transition.target) ? Json(transition.target)
                                                           : Json(numbers.at(transition.target));
    all.push_back(std::move(json));
  }
  return all;
}

Json step_json(const Step& step, const StepNumbers& numbers) {
  const bool has_files = step.provider == kRasterProvider;
  Json json = {{"provider", step.provider},
               {"product", or_null(step.product)},
               {"blend", to_json(step.blend)},
               {"resampling", name_of(step.resampling)},
               {"filter", to_json(step.filter)},
               {"transitions", transitions_json(step, numbers)},
               {"zone", step.zone ? to_json(*step.zone) : Json()},
               {"background", or_null(step.background)},
               {"vertical_crs", or_null(step.vertical_crs)},
               {"uncertainty", step.uncertainty ? to_json(*step.uncertainty) : Json()},
               {"on_error", name_of(step.on_error)},
               {"files", has_files ? to_json(step.files) : Json()}};
  // A key of later days: policies that do not use it keep their hashes, and so their caches.
  if (step.assume_heights) json["vertical"] = name_of(Vertical::kAssume);
  return json;
}

Json steps_json(const std::vector<Step>& steps) {
  StepNumbers numbers;
  for (std::size_t i = 0; i < steps.size(); ++i)
    numbers[steps[i].name] = i;
  Json all = Json::array();
  for (const Step& step : steps)
    all.push_back(step_json(step, numbers));
  return all;
}

}  // namespace

std::string canonical_json(const Policy& policy) {
  const Json root = {{"crs", policy.crs},
                     {"resolution", or_null(policy.resolution)},
                     {"zoom", or_null(policy.zoom)},
                     {"extent", policy.extent ? to_json(*policy.extent) : Json()},
                     {"vertical_crs", or_null(policy.vertical_crs)},
                     {"overview", name_of(policy.overview)},
                     {"background", or_null(policy.background)},
                     {"steps", steps_json(policy.steps)}};
  return root.dump();
}

std::string layer_json(const Step& step, const std::string& vertical_crs) {
  Json filter = to_json(step.filter);
  for (const char* later : {"max_deviation", "max_depth_change", "max_interpolation_gap_m"})
    filter.erase(later);
  const Json layer = {
      {"provider", step.provider},
      {"product", or_null(step.product)},
      {"filter", std::move(filter)},
      {"resampling", name_of(step.resampling)},
      {"vertical_crs", or_null(step.vertical_crs)},
      {"vertical", name_of(step.assume_heights ? Vertical::kAssume : Vertical::kShift)},
      {"target_vertical_crs", vertical_crs}};
  return layer.dump();
}

std::string policy_hash(const Policy& policy) {
  return sha256_hex(canonical_json(policy));
}

}  // namespace topobathy
