#include "fusion/policy/options.h"

#include <utility>

#include "fusion/policy/enum_names.h"

namespace topobathy {
namespace {

Option option(std::string key, ValueType type, std::string help) {
  Option result;
  result.key = std::move(key);
  result.type = type;
  result.help = std::move(help);
  return result;
}

Option required(Option option) {
  option.required = true;
  return option;
}

Option with_default(Option option, std::string json) {
  option.default_value = std::move(json);
  return option;
}

Option number(std::string key, std::string help) {
  return option(std::move(key), ValueType::kNumber, std::move(help));
}

Option integer(std::string key, double min, double max, std::string help) {
  Option result = option(std::move(key), ValueType::kInteger, std::move(help));
  result.min = min;
  result.max = max;
  return result;
}

Option between(double min, double max, Option option) {
  option.min = min;
  option.max = max;
  return option;
}

Option at_least_zero(Option option) {
  option.min = 0.0;
  return option;
}

Option above_zero(Option option) {
  option.min = 0.0;
  option.above_min = true;
  return option;
}

template <class Enum>
Option choice(std::string key, std::string help) {
  Option result = option(std::move(key), ValueType::kChoice, std::move(help));
  result.choices = enum_names<Enum>();
  return result;
}

Option of_section(std::string key, ValueType type, const Section& section, std::string help) {
  Option result = option(std::move(key), type, std::move(help));
  result.section = &section;
  return result;
}

// The same in steps and in defaults.
Option operator_option() {
  return choice<Operator>("operator", "how the layer meets what lies beneath it");
}
Option operation_option() {
  return choice<Operator>("operation", "other spelling of operator");
}
Option distance_option() {
  return at_least_zero(number("blend_distance",
                              "length of the ramp inside the layer's edge, ground metres; for "
                              "metric_feather, 0 or none is a hard edge"));
}
Option weight_option() {
  return with_default(
      between(0.0, 1.0, number("weight", "share of the upper layer; for linear_blend")), "0.5");
}
Option resampling_option() {
  return with_default(choice<Resampling>("resampling",
                                         "how source pixels become lattice pixels; auto averages a "
                                         "finer source and interpolates a coarser one"),
                      "\"auto\"");
}
Option vertical_crs_option() {
  return option("vertical_crs", ValueType::kText,
                "vertical CRS of the step's heights; what its files state is not used");
}
Option vertical_option(std::string help) {
  return choice<Vertical>("vertical", std::move(help));
}
Option uncertainty_option() {
  return at_least_zero(
      of_section("uncertainty", ValueType::kNumberOrMap, uncertainty_section(),
                 "1-sigma metres where the source states none: a constant, or a depth model"));
}
Option filter_option() {
  return of_section("filter", ValueType::kSection, filter_section(),
                    "which pixels and surveys of the source take part");
}
Option on_error_option(std::string help) {
  return choice<OnError>("on_error", std::move(help));
}
Option description_option() {
  return option("description", ValueType::kNote, "for people; changes nothing");
}

}  // namespace

const Option* Section::find(std::string_view key) const {
  for (const Option& option : options) {
    if (option.key == key) return &option;
  }
  return nullptr;
}

std::vector<std::string> Section::keys() const {
  std::vector<std::string> names;
  for (const Option& option : options)
    names.push_back(option.key);
  return names;
}

const Section& root_section() {
  static const Section kSection = {
      "policy",
      "the policy",
      "The document itself.",
      {
          required(option("name", ValueType::kText, "what people call the policy")),
          with_default(option("version", ValueType::kLiteral, "the author's version"), "\"1.0.0\""),
          description_option(),
          of_section("defaults", ValueType::kSection, defaults_section(),
                     "what every step takes that does not say otherwise"),
          with_default(
              option("crs", ValueType::kText, "horizontal CRS of the raster: anything PROJ reads"),
              "\"EPSG:4326\""),
          with_default(above_zero(number("resolution", "pixel size, metres")), "30"),
          integer("zoom", 0, 30,
                  "instead of resolution, with EPSG:3857: pixels are those of XYZ tiles (256)"),
          option("extent", ValueType::kBox,
                 "lon/lat degrees; west above east crosses the antimeridian; without it, the "
                 "extent of the sources"),
          option("vertical_crs", ValueType::kText, "vertical CRS of the raster, e.g. EPSG:5703"),
          with_default(choice<OverviewRule>("overview",
                                            "what an overview pixel shows of the "
                                            "pixels it covers"),
                       "\"mean\""),
          with_default(on_error_option("what a source that cannot be read does: fail the read, "
                                       "or be skipped and the cell marked incomplete"),
                       "\"fail\""),
          required(of_section("variables", ValueType::kSectionList, variable_section(),
                              "exactly one: elevation")),
      }};
  return kSection;
}

const Section& defaults_section() {
  static const Section kSection = {
      "defaults",
      "defaults",
      "What every step takes that does not say otherwise.",
      {
          above_zero(number("resolution", "pixel size, metres, where the root has none")),
          operator_option(),
          operation_option(),
          at_least_zero(number("blend_distance",
                               "ground metres, for every metric_feather (also in transitions) "
                               "without its own")),
          between(0.0, 1.0,
                  number("weight", "for every linear_blend (also in transitions) without its own")),
          resampling_option(),
          of_section("filter", ValueType::kSection, filter_section(),
                     "key by key; keys without meaning for a step's provider pass it by"),
          vertical_crs_option(),
          vertical_option("shift or assume"),
          uncertainty_option(),
          on_error_option("goes before the root's"),
      }};
  return kSection;
}

const Section& variable_section() {
  static const Section kSection = {
      "variable",
      "a variable",
      "What the raster holds.",
      {
          with_default(option("name", ValueType::kText, "elevation is the only one"),
                       "\"elevation\""),
          description_option(),
          number("background", "elevation where no step has data, metres"),
          required(of_section("steps", ValueType::kSectionList, step_section(),
                              "bottom-up: the first has the lowest priority")),
      }};
  return kSection;
}

const Section& step_section() {
  static const Section kSection = {
      "step",
      "a step",
      "One layer: a provider, and how it meets what lies beneath.",
      {
          required(option("provider", ValueType::kProvider, "where the layer comes from")),
          option("name", ValueType::kText,
                 "for transitions and messages; by default the provider's name, with #2, #3 when "
                 "it repeats"),
          option("product", ValueType::kText,
                 "which of the provider's products; by default the first"),
          with_default(operator_option(), "\"overwrite\""),
          operation_option(),
          [] {
            Option mode = option("blend_mode", ValueType::kChoice,
                                 "old spelling: linear is linear_blend, feather metric_feather");
            mode.choices = {"linear", "feather"};
            return mode;
          }(),
          distance_option(),
          weight_option(),
          resampling_option(),
          filter_option(),
          of_section("transitions", ValueType::kSectionList, transition_section(),
                     "other blends where a certain layer lies beneath; the first that matches"),
          of_section("zone", ValueType::kZone, zone_section(),
                     "the step applies only inside; a box [west, south, east, north] or a map"),
          number("background",
                 "elevation the layer takes where it has none, inside its zone, "
                 "metres"),
          vertical_crs_option(),
          with_default(vertical_option("heights of another datum than the raster's are shifted; "
                                       "where that cannot be done: an error, or, with assume, "
                                       "they are taken as they are"),
                       "\"shift\""),
          uncertainty_option(),
          on_error_option("fail or skip; by default the one of defaults, then of the root"),
          description_option(),
          option("path", ValueType::kTextList,
                 "raster only: a file or a list of files, relative to the policy file"),
          option("glob", ValueType::kText, "raster only: a pattern of file names"),
          option("index", ValueType::kText, "raster only: a GDAL tile index"),
          with_default(option("location_field", ValueType::kText,
                              "raster with index only: its field with the file name"),
                       "\"location\""),
          option("crs", ValueType::kText, "raster only: CRS of the files instead of their own"),
          with_default(option("allow_vrt", ValueType::kFlag,
                              "raster only: VRT files, which may read any other file, may be "
                              "opened"),
                       "false"),
      }};
  return kSection;
}

const Section& filter_section() {
  static const Section kSection = {
      "filter",
      "a filter",
      "Which pixels and surveys of a source take part.",
      {
          number("min_elevation", "metres; source pixels below become no data"),
          number("max_elevation", "metres; source pixels above become no data"),
          at_least_zero(number("max_deviation", "metres; despike threshold")),
          at_least_zero(number("max_depth_change",
                               "metres; the despike threshold where max_deviation is not given")),
          at_least_zero(number("max_interpolation_gap_m",
                               "metres; enclosed holes up to this width are filled")),
          option("include_patterns", ValueType::kTextList,
                 "surveys to keep: a glob, or a regular expression that begins with (?i) or ^"),
          option("exclude_patterns", ValueType::kTextList, "surveys to leave out, written alike"),
          integer("min_year", 1000, 9999, "surveys of this year and later"),
          above_zero(number("max_resolution", "metres; surveys with coarser pixels are left out")),
          option("project_id", ValueType::kLiteralList, "one project or a list of them"),
          choice<ProjectType>("project_type",
                              "projects that reach under water (as without it), or the others"),
      }};
  return kSection;
}

const Section& transition_section() {
  static const Section kSection = {
      "transition",
      "a transition",
      "Another blend where the pixel beneath belongs to a certain layer.",
      {
          option("target_provider", ValueType::kText,
                 "provider (name or alias) or name of a step below this one"),
          option("target", ValueType::kText, "other spelling of target_provider"),
          operator_option(),
          operation_option(),
          distance_option(),
          weight_option(),
      }};
  return kSection;
}

const Section& zone_section() {
  static const Section kSection = {
      "zone",
      "a zone",
      "Where a step applies, lon/lat degrees.",
      {
          [] {
            Option type = option("type", ValueType::kChoice, "shape of coords");
            type.choices = {"bbox", "polygon"};
            return with_default(type, "\"bbox\"");
          }(),
          required(option("coords", ValueType::kCoordinates,
                          "bbox: west, south, east, north; polygon: lon, lat, lon, lat, ...; flat "
                          "or in pairs")),
          integer("priority", 0, 0, "known from older policies: 0 or null"),
      }};
  return kSection;
}

const Section& uncertainty_section() {
  static const Section kSection = {
      "uncertainty",
      "an uncertainty",
      "sqrt(constant^2 + (depth_factor * depth)^2), the form of IHO S-44, 1 sigma.",
      {
          at_least_zero(number("constant", "metres")),
          at_least_zero(number("depth_factor", "metres a metre of depth")),
      }};
  return kSection;
}

std::vector<const Section*> all_sections() {
  return {&root_section(),   &defaults_section(),   &variable_section(), &step_section(),
          &filter_section(), &transition_section(), &zone_section(),     &uncertainty_section()};
}

}  // namespace topobathy
