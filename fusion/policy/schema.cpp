#include "fusion/policy/schema.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "fusion/policy/options.h"
#include "fusion/policy/provider_table.h"
#include "fusion/policy/schema_providers.h"

namespace topobathy {
namespace {

using Json = nlohmann::ordered_json;  // keys in the order of the reference

Json reference(const Section& section) {
  return {{"$ref", "#/definitions/" + section.id}};
}

/// 30.0 as 30: what people write.
Json plain(double number) {
  const bool whole = std::floor(number) == number && std::abs(number) < 1e15;
  return whole ? Json(static_cast<long long>(number)) : Json(number);
}

Json number_schema(const Option& option, const char* type) {
  Json schema = {{"type", type}};
  if (std::isfinite(option.min)) {
    schema[option.above_min ? "exclusiveMinimum" : "minimum"] = plain(option.min);
  }
  if (std::isfinite(option.max)) schema["maximum"] = plain(option.max);
  return schema;
}

Json array_of(Json item) {
  return {{"type", "array"}, {"items", std::move(item)}};
}

Json any_of(std::initializer_list<Json> schemas) {
  return {{"anyOf", Json(schemas)}};
}

Json box_schema() {
  Json schema = array_of({{"type", "number"}});
  schema["minItems"] = 4;
  schema["maxItems"] = 4;
  return schema;
}

Json coordinates_schema() {
  Json pair = array_of({{"type", "number"}});
  pair["minItems"] = 2;
  pair["maxItems"] = 2;
  return any_of({array_of({{"type", "number"}}), array_of(std::move(pair))});
}

Json text_schema() {
  return {{"type", "string"}, {"minLength", 1}};
}
Json literal_schema() {
  return {{"type", {"string", "number"}}};
}

Json value_schema(const Option& option) {
  switch (option.type) {
    case ValueType::kText:
      return text_schema();
    case ValueType::kNote:
      return {{"type", "string"}};
    case ValueType::kLiteral:
      return literal_schema();
    case ValueType::kNumber:
      return number_schema(option, "number");
    case ValueType::kInteger:
      return number_schema(option, "integer");
    case ValueType::kFlag:
      return {{"type", "boolean"}};
    case ValueType::kChoice:
      return {{"enum", option.choices}};
    case ValueType::kProvider:
      return {{"enum", provider_names_and_aliases()}};
    case ValueType::kTextList:
      return any_of({text_schema(), array_of(text_schema())});
    case ValueType::kLiteralList:
      return any_of({literal_schema(), array_of(literal_schema())});
    case ValueType::kSection:
      return reference(*option.section);
    case ValueType::kSectionList:
      return array_of(reference(*option.section));
    case ValueType::kBox:
      return box_schema();
    case ValueType::kZone:
      return any_of({box_schema(), reference(*option.section)});
    case ValueType::kCoordinates:
      return coordinates_schema();
    case ValueType::kNumberOrMap:
      return any_of({number_schema(option, "number"), reference(*option.section)});
  }
  return Json::object();
}

Json option_schema(const Option& option) {
  // null is the same as leaving a key out, so it is fine wherever the key need not be.
  Json schema = option.required ? value_schema(option)
                                : any_of({value_schema(option), Json{{"type", "null"}}});
  schema["description"] = option.help;
  if (!option.default_value.empty()) schema["default"] = Json::parse(option.default_value);
  return schema;
}

Json section_schema(const Section& section) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const Option& option : section.options) {
    properties[option.key] = option_schema(option);
    if (option.required) required.push_back(option.key);
  }
  Json schema = {{"type", "object"},
                 {"description", section.help},
                 {"additionalProperties", false},
                 {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

// Rules between keys, so that editors show them: the loader has its own checks.

/// A key that is there and not null.
Json has(const char* key) {
  return {{"required", {key}}, {"properties", {{key, {{"not", {{"type", "null"}}}}}}}};
}

Json one_of_keys(std::initializer_list<const char*> keys, const char* word) {
  Json schemas = Json::array();
  for (const char* key : keys)
    schemas.push_back(has(key));
  return {{word, std::move(schemas)}};
}

/// Where a step's files are and what goes with them, and what its provider takes.
void add_step_rules(Json& step) {
  step["if"] = {{"properties", {{"provider", {{"const", kRasterProvider}}}}}};
  const Json location = any_of({{{"not", has("location_field")}}, has("index")});
  step["then"] = {
      {"allOf", Json::array({one_of_keys({"path", "glob", "index"}, "oneOf"), location})}};
  step["else"] = {
      {"not",
       one_of_keys({"path", "glob", "index", "location_field", "crs", "allow_vrt"}, "anyOf")}};
  step["properties"]["path"]["not"] = {{"maxItems", 0}, {"type", "array"}};
  step["allOf"] = provider_rules();
}

void add_transition_rules(Json& transition) {
  transition["allOf"] = Json::array({one_of_keys({"target_provider", "target"}, "anyOf"),
                                     one_of_keys({"operator", "operation"}, "anyOf")});
}

void add_root_rules(Json& root) {
  root["not"] = {{"allOf", Json({has("resolution"), has("zoom")})}};
  root["properties"]["variables"]["minItems"] = 1;
  root["properties"]["variables"]["maxItems"] = 1;
}

}  // namespace

std::string policy_schema_json() {
  Json root = {{"$schema", "http://json-schema.org/draft-07/schema#"},
               {"title", "Topobathymetric fusion policy"}};
  Json definitions = Json::object();
  for (const Section* section : all_sections()) {
    Json schema = section_schema(*section);
    if (section == &step_section()) add_step_rules(schema);
    if (section == &transition_section()) add_transition_rules(schema);
    if (section == &uncertainty_section()) {
      schema.update(one_of_keys({"constant", "depth_factor"}, "anyOf"));
    }
    if (section == &variable_section()) {
      schema["properties"]["name"]["enum"] = {"elevation", nullptr};
    }
    if (section == &root_section()) {
      add_root_rules(schema);
      root.update(schema);
    } else {
      definitions[section->id] = std::move(schema);
    }
  }
  root["definitions"] = std::move(definitions);
  return root.dump(2) + "\n";
}

}  // namespace topobathy
