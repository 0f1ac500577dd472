#include "fusion/policy/read_step.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "fusion/policy/messages.h"
#include "fusion/policy/nearest.h"
#include "fusion/policy/provider_table.h"
#include "fusion/policy/read_filter.h"
#include "fusion/policy/read_geometry.h"

namespace topobathy {
namespace {

std::string read_provider(const MapReader& map) {
  const std::string name = *map.text("provider");
  if (const auto canonical = canonical_provider(name)) return *canonical;
  const std::string near = nearest_name(name, provider_names_and_aliases());
  const Place place = map.place("provider");
  if (!near.empty()) fail(place, Message::kUnknownValueNear, {"provider", shown(name), near});
  fail(place, Message::kUnknownValue,
       {"provider", shown(name), listed(provider_names_and_aliases())});
}

std::optional<UncertaintyModel> read_uncertainty(const MapReader& map) {
  const TextNode* node = map.find("uncertainty");
  if (node == nullptr) return std::nullopt;
  if (node->kind == TextNode::Kind::kScalar) return UncertaintyModel{*map.number("uncertainty")};
  const MapReader model(*node, uncertainty_section());
  const auto constant = model.number("constant");
  const auto depth_factor = model.number("depth_factor");
  if (!constant && !depth_factor) fail(node->place(), Message::kUncertaintyEmpty);
  return UncertaintyModel{constant.value_or(0.0), depth_factor.value_or(0.0)};
}

Transition read_transition(const TextNode& node, const StepDefaults& defaults) {
  const MapReader map(node, transition_section());
  const auto target = map.text("target");
  const auto target_provider = map.text("target_provider");
  if (target && target_provider && *target != *target_provider) {
    fail(map.place("target"), Message::kBothSpellings, {"target_provider", "target"});
  }
  if (!target && !target_provider) {
    fail(node.place(), Message::kMissingKey, {transition_section().name, "target_provider"});
  }
  if (!read_operator(map)) {
    fail(node.place(), Message::kMissingKey, {transition_section().name, "operator"});
  }
  BlendDefaults blend = defaults.blend;
  blend.op.reset();
  Transition transition;
  transition.target = target ? *target : *target_provider;
  transition.blend = read_blend(map, blend);
  transition.place = map.place(target ? "target" : "target_provider");
  return transition;
}

/// Exactly one of path, glob, index, for raster; none of the file keys for the others.
RasterFiles read_files(const MapReader& map) {
  const char* source = nullptr;
  for (const char* key : {"path", "glob", "index"}) {
    if (map.find(key) == nullptr) continue;
    if (source != nullptr) fail(map.place(key), Message::kExclusiveKeys, {source, key});
    source = key;
  }
  RasterFiles files;
  files.paths = map.texts("path");
  files.glob = map.text("glob").value_or("");
  files.index = map.text("index").value_or("");
  files.index_location = map.text("location_field").value_or("location");
  files.crs = normal_crs(map.text("crs").value_or(""));
  files.allow_vrt = map.flag("allow_vrt").value_or(false);
  if (source == nullptr || (files.paths.empty() && files.glob.empty() && files.index.empty())) {
    fail(map.place(), Message::kNoFiles);
  }
  if (map.find("location_field") != nullptr && files.index.empty()) {
    fail(map.place("location_field"), Message::kNeedsIndex);
  }
  return files;
}

void refuse_file_keys(const MapReader& map, const std::string& provider) {
  for (const char* key : {"path", "glob", "index", "location_field", "crs", "allow_vrt"}) {
    if (map.find(key) != nullptr) fail(map.place(key), Message::kRasterOnly, {key, provider});
  }
}

/// The default where none is written.
std::optional<std::string> read_product(const MapReader& map, const ProviderDeclaration& provider) {
  const std::vector<std::string>& known = provider.products;
  const auto text = map.text("product");
  if (!text) return known.empty() ? std::nullopt : std::optional(known.front());
  if (std::find(known.begin(), known.end(), *text) != known.end()) return text;
  const auto old = provider.old_products.find(*text);
  if (old != provider.old_products.end())
    return old->second.empty() ? std::nullopt : std::optional(old->second);
  const Place place = map.place("product");
  if (known.empty()) fail(place, Message::kNoProducts, {provider.name});
  const std::string near = nearest_name(*text, known);
  if (!near.empty())
    fail(place, Message::kUnknownProductNear, {shown(*text), provider.name, near, listed(known)});
  fail(place, Message::kUnknownProduct, {shown(*text), provider.name, listed(known)});
}

void read_source(const MapReader& map, Step& step) {
  step.product = read_product(map, provider_declaration(step.provider));
  if (step.provider != kRasterProvider) {
    refuse_file_keys(map, step.provider);
    return;
  }
  step.files = read_files(map);
  const char* key = !step.files.paths.empty()  ? "path"
                    : !step.files.glob.empty() ? "glob"
                                               : "index";
  step.files_place = map.place(key);
  step.crs_place = map.place("crs");
}

}  // namespace

std::string normal_crs(std::string crs) {
  constexpr std::string_view kAuthority = "EPSG:";
  if (crs.size() <= kAuthority.size()) return crs;
  std::string head = crs.substr(0, kAuthority.size());
  for (char& c : head)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const bool is_code =
      head == kAuthority && crs.find_first_not_of("0123456789", head.size()) == std::string::npos;
  return is_code ? head + crs.substr(head.size()) : crs;
}

StepDefaults read_step_defaults(const MapReader& map, OnError root_on_error) {
  StepDefaults defaults;
  defaults.blend.op = read_operator(map);
  defaults.blend.distance = map.number("blend_distance");
  defaults.blend.weight = map.number("weight");
  defaults.resampling = map.choice_of<Resampling>("resampling").value_or(Resampling::kAuto);
  defaults.filter = read_filter(map, {}, nullptr);
  defaults.vertical_crs = map.text("vertical_crs");
  defaults.assume_heights = map.choice_of<Vertical>("vertical") == Vertical::kAssume;
  defaults.uncertainty = read_uncertainty(map);
  defaults.on_error = map.choice_of<OnError>("on_error").value_or(root_on_error);
  return defaults;
}

Step read_step(const TextNode& node, const StepDefaults& defaults) {
  const MapReader map(node, step_section());
  // A key that is written, even as null, replaces the default's.
  const auto own = [&](const char* key, auto value, auto otherwise) {
    return map.is_written(key) ? value : otherwise;
  };
  Step step;
  step.place = node.place();
  step.provider = read_provider(map);
  read_source(map, step);
  step.name = map.text("name").value_or("");
  step.blend = read_blend(map, defaults.blend);
  step.resampling = map.choice_of<Resampling>("resampling")
                        .value_or(own("resampling", Resampling::kAuto, defaults.resampling));
  step.filter = read_filter(map, defaults.filter, &step);
  for (const TextNode& item : map.items("transitions")) {
    step.transitions.push_back(read_transition(item, defaults));
  }
  if (const TextNode* zone = map.find("zone")) step.zone = read_zone(*zone);
  step.background = map.number("background");
  step.vertical_crs = own("vertical_crs", map.text("vertical_crs"), defaults.vertical_crs);
  step.vertical_crs_place = map.place("vertical_crs");
  step.assume_heights = own("vertical", map.choice_of<Vertical>("vertical") == Vertical::kAssume,
                            defaults.assume_heights);
  step.uncertainty = own("uncertainty", read_uncertainty(map), defaults.uncertainty);
  step.on_error = map.choice_of<OnError>("on_error").value_or(defaults.on_error);
  step.description = map.text("description").value_or("");
  return step;
}

}  // namespace topobathy
