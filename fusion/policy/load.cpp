#include "fusion/policy/load.h"

#include "fusion/policy/canonical.h"
#include "fusion/policy/map_reader.h"
#include "fusion/policy/messages.h"
#include "fusion/policy/read_geometry.h"
#include "fusion/policy/read_step.h"
#include "fusion/policy/step_names.h"

namespace topobathy {
namespace {

constexpr double kDefaultResolution = 30.0;  ///< metres
constexpr const char* kMercator = "EPSG:3857";

const TextNode& empty_map() {
  static const TextNode kMap = [] {
    TextNode map;
    map.kind = TextNode::Kind::kMap;
    return map;
  }();
  return kMap;
}

/// The one variable; the text may name no other.
const TextNode& only_variable(const MapReader& root) {
  const auto& variables = root.items("variables");
  if (variables.empty()) {
    fail(root.place("variables"), Message::kExpected,
         {"variables", "a list with one variable", "an empty list"});
  }
  if (variables.size() > 1) fail(variables[1].place(), Message::kSeveralVariables);
  return variables[0];
}

void read_pixel_size(const MapReader& root, const MapReader& defaults, Policy& policy) {
  policy.zoom = root.integer("zoom");
  policy.resolution = root.number("resolution");
  const auto default_resolution = defaults.number("resolution");
  if (!policy.resolution) policy.resolution = default_resolution;
  if (policy.zoom && policy.resolution) {
    fail(root.place("zoom"), Message::kExclusiveKeys, {"resolution", "zoom"});
  }
  if (policy.zoom && policy.crs != kMercator) {
    fail(root.place("zoom"), Message::kZoomNeedsMercator, {shown(policy.crs)});
  }
  if (!policy.zoom && !policy.resolution) policy.resolution = kDefaultResolution;
}

void read_variable(const MapReader& root, const StepDefaults& defaults, Policy& policy) {
  const MapReader variable(only_variable(root), variable_section());
  const std::string name = variable.text("name").value_or("elevation");
  if (name != "elevation") {
    fail(variable.place("name"), Message::kVariableName, {shown(name)});
  }
  (void)variable.text("description");
  policy.background = variable.number("background");
  for (const TextNode& node : variable.items("steps")) {
    policy.steps.push_back(read_step(node, defaults));
  }
  if (policy.steps.empty() && !policy.background) {
    fail(variable.place("steps"), Message::kNoSteps);
  }
  name_steps(policy.steps);
  resolve_targets(policy.steps);
}

Policy read_policy(const TextNode& tree) {
  const MapReader root(tree, root_section());
  const TextNode* defaults_node = root.find("defaults");
  const MapReader defaults(defaults_node != nullptr ? *defaults_node : empty_map(),
                           defaults_section());
  Policy policy;
  policy.name = *root.text("name");
  policy.version = root.text("version").value_or("1.0.0");
  policy.description = root.text("description").value_or("");
  policy.crs = normal_crs(root.text("crs").value_or(policy.crs));
  read_pixel_size(root, defaults, policy);
  if (const TextNode* extent = root.find("extent")) {
    policy.extent = read_box(*extent, *root_section().find("extent"));
  }
  policy.extent_place = root.place("extent");
  policy.crs_place = root.place("crs");
  policy.vertical_crs = root.text("vertical_crs");
  policy.vertical_crs_place = root.place("vertical_crs");
  policy.overview = root.choice_of<OverviewRule>("overview").value_or(policy.overview);
  const OnError on_error = root.choice_of<OnError>("on_error").value_or(OnError::kFail);
  read_variable(root, read_step_defaults(defaults, on_error), policy);
  return policy;
}

}  // namespace

Policy load_policy(const std::string& text, const std::string& file, const std::string& directory) {
  const std::string label = file.empty() ? "policy" : file;
  const TextNode tree = parse_text_tree(text, label);
  if (tree.kind == TextNode::Kind::kNull) fail({label}, Message::kEmptyPolicy);
  Policy policy = read_policy(tree);
  policy.file = file;
  policy.directory = directory;
  policy.hash = policy_hash(policy);
  return policy;
}

}  // namespace topobathy
