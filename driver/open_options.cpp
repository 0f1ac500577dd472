#include "driver/open_options.h"

#include <algorithm>
#include <cmath>

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>

#include "driver/option_values.h"
#include "fusion/error.h"
#include "fusion/policy/nearest.h"

namespace topobathy {
namespace {

using Value = const std::string&;

const char kDefaultBands[] = "Elevation,Uncertainty,Contributor";

std::vector<OptionSpec> declare_options() {
  return {
      {"RESOLUTION",
       "float",
       "",
       1e-6,
       1e7,
       {},
       "Pixel size in metres, instead of the policy's",
       [](OpenSettings& s, Value v) { s.request.resolution = read_number("RESOLUTION", v); }},
      {"ZOOM",
       "int",
       "",
       0,
       30,
       {},
       "Zoom level of the 256-pixel web tile grid, instead of a resolution (CRS EPSG:3857 only)",
       [](OpenSettings& s, Value v) { s.request.zoom = static_cast<int>(read_number("ZOOM", v)); }},
      {"CRS",
       "string",
       "",
       {},
       {},
       {},
       "CRS of the raster, instead of the policy's: anything GDAL takes, for example EPSG:3857",
       [](OpenSettings& s, Value v) { s.request.crs = v; }},
      {"BBOX",
       "string",
       "",
       {},
       {},
       {},
       "Extent as west,south,east,north in BBOX_CRS, instead of the policy's",
       [](OpenSettings& s, Value v) { s.request.bbox = read_box("BBOX", v); }},
      {"BBOX_CRS",
       "string",
       "EPSG:4326",
       {},
       {},
       {},
       "CRS of BBOX; axis order is always x,y (longitude, latitude)",
       [](OpenSettings& s, Value v) { s.request.bbox_crs = v; }},
      {"BANDS",
       "string",
       kDefaultBands,
       {},
       {},
       {},
       "Bands to offer, in this order: Elevation, Uncertainty, Contributor",
       [](OpenSettings& s, Value v) { s.layout.bands = read_bands("BANDS", v); }},
      {"NODATA",
       "string",
       "nan",
       {},
       {},
       {},
       "NoData value of the Float32 bands",
       [](OpenSettings& s, Value v) { s.layout.nodata = read_nodata("NODATA", v); }},
      {"CONTRIBUTOR_TYPE",
       "string-select",
       "Float32",
       {},
       {},
       {"Float32", "UInt32"},
       "Type of the Contributor band; UInt32 has NoData 0",
       [](OpenSettings& s, Value v) { s.layout.typed_contributor = v == "UInt32"; }},
      {"OVERVIEW",
       "string-select",
       "",
       {},
       {},
       {"MEAN", "SHOALEST"},
       "What a pixel of an overview shows of the finer pixels, instead of the policy's",
       [](OpenSettings& s, Value v) {
         s.request.overview = v == "MEAN" ? OverviewRule::kMean : OverviewRule::kShoalest;
       }},
      {"ON_ERROR",
       "string-select",
       "",
       {},
       {},
       {"FAIL", "SKIP"},
       "What happens when a source exists but cannot be read, instead of the policy's",
       [](OpenSettings& s, Value v) {
         s.request.on_error = v == "FAIL" ? OnError::kFail : OnError::kSkip;
       }},
      {"CACHE",
       "string-select",
       "READ_WRITE",
       {},
       {},
       {"READ_WRITE", "READ_ONLY", "OFF"},
       "Use of the fused-cell cache",
       [](OpenSettings& s, Value v) {
         s.request.cache = v == "OFF"         ? CacheMode::kOff
                           : v == "READ_ONLY" ? CacheMode::kReadOnly
                                              : CacheMode::kReadWrite;
       }},
      {"CACHE_DIR",
       "string",
       "",
       {},
       {},
       {},
       "Cache root, a folder or an object store as in /vsis3/bucket/prefix; default: "
       "TOPOBATHY_CACHE_DIR, else $XDG_CACHE_HOME/topobathy, else ~/.cache/topobathy",
       [](OpenSettings& s, Value v) { s.request.cache_dir = v; }},
      {"OFFLINE",
       "boolean",
       "NO",
       {},
       {},
       {},
       "Never use the network; what is not at hand is an error",
       [](OpenSettings& s, Value v) { s.request.offline = read_boolean("OFFLINE", v); }},
      {"ENDPOINTS",
       "string",
       "",
       {},
       {},
       {},
       "Where the archives' hosts are really asked: a YAML file, or host=base,host=base; default: "
       "TOPOBATHY_ENDPOINTS, else the true hosts",
       [](OpenSettings& s, Value v) { s.request.endpoints = v; }},
      {"NUM_THREADS",
       "string",
       "ALL_CPUS",
       {},
       {},
       {},
       "Threads that fuse: ALL_CPUS or a number; default: GDAL_NUM_THREADS, else ALL_CPUS",
       [](OpenSettings& s, Value v) { s.request.threads = read_threads("NUM_THREADS", v); }},
      {"VERTICAL_CRS_IN_SRS",
       "boolean",
       "YES",
       {},
       {},
       {},
       "NO leaves the vertical CRS out of the dataset's CRS, so that gdalwarp shifts no heights",
       [](OpenSettings& s, Value v) {
         s.vertical_crs_in_srs = read_boolean("VERTICAL_CRS_IN_SRS", v);
       }},
  };
}

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::kUsage, message);
}

const OptionSpec& spec_of(const std::string& name) {
  std::vector<std::string> names;
  for (const OptionSpec& spec : option_specs()) {
    if (EQUAL(spec.name, name.c_str())) return spec;
    names.emplace_back(spec.name);
  }
  const std::string nearest = nearest_name(name, names);
  refuse("Unknown open option " + name +
         (nearest.empty() ? "; gdalinfo --format TOPOBATHY lists the options"
                          : "; did you mean " + nearest + "?"));
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

/// The value, a choice in its declared spelling.
std::string checked(const OptionSpec& spec, const std::string& value) {
  const std::string shown = std::string("Open option ") + spec.name + "=" + value;
  if (value.empty()) refuse(shown + ": the value is empty");
  if (!spec.choices.empty()) {
    for (const std::string& choice : spec.choices)
      if (EQUAL(choice.c_str(), value.c_str())) return choice;
    const std::string nearest = nearest_name(value, spec.choices);
    refuse(shown + ": not a choice; " +
           (nearest.empty() ? "give one of " + joined(spec.choices)
                            : "did you mean " + nearest + "?"));
  }
  if (spec.min && spec.max) {
    const double number = read_number(spec.name, value);
    if (EQUAL(spec.type, "int") && number != std::floor(number))
      refuse(shown + ": not a whole number");
    if (number < *spec.min || number > *spec.max)
      refuse(shown + CPLSPrintf(": out of range, %g to %g", *spec.min, *spec.max));
  }
  return value;
}

void check_together(const OpenSettings& settings, bool bbox_crs_given) {
  if (settings.request.resolution && settings.request.zoom)
    refuse("Open options RESOLUTION and ZOOM exclude each other; give one");
  if (bbox_crs_given && !settings.request.bbox)
    refuse("Open option BBOX_CRS has no effect without BBOX");
  const BandLayout& layout = settings.layout;
  const bool float_ids = !layout.typed_contributor && planes_for(layout.bands).source;
  const float nodata = layout.nodata;
  if (float_ids && nodata >= 1 && nodata < static_cast<float>(kSourceIdEnd) &&
      nodata == std::floor(nodata))
    refuse(
        CPLSPrintf("Open option NODATA=%.9g could be a source id of the Contributor band; "
                   "choose another value or CONTRIBUTOR_TYPE=UInt32",
                   static_cast<double>(nodata)));
}

/// Defaults that GDAL's own configuration gives. A wrong GDAL_NUM_THREADS is other drivers'
/// business.
void apply_configuration(OpenSettings& settings) {
  settings.request.cache_dir = CPLGetConfigOption("TOPOBATHY_CACHE_DIR", "");
  const int threads = std::atoi(CPLGetConfigOption("GDAL_NUM_THREADS", "0"));
  settings.request.threads = std::max(0, threads);
}

}  // namespace

const std::vector<OptionSpec>& option_specs() {
  static const std::vector<OptionSpec> specs = declare_options();
  return specs;
}

std::string open_option_list_xml() {
  CPLXMLNode* list = CPLCreateXMLNode(nullptr, CXT_Element, "OpenOptionList");
  for (const OptionSpec& spec : option_specs()) {
    CPLXMLNode* option = CPLCreateXMLNode(list, CXT_Element, "Option");
    CPLAddXMLAttributeAndValue(option, "name", spec.name);
    CPLAddXMLAttributeAndValue(option, "type", spec.type);
    CPLAddXMLAttributeAndValue(option, "description", spec.help);
    if (!spec.default_value.empty())
      CPLAddXMLAttributeAndValue(option, "default", spec.default_value.c_str());
    if (spec.min) CPLAddXMLAttributeAndValue(option, "min", CPLSPrintf("%.15g", *spec.min));
    if (spec.max) CPLAddXMLAttributeAndValue(option, "max", CPLSPrintf("%.15g", *spec.max));
    for (const std::string& choice : spec.choices)
      CPLCreateXMLElementAndValue(option, "Value", choice.c_str());
  }
  char* text = CPLSerializeXMLTree(list);
  std::string xml = text;
  CPLFree(text);
  CPLDestroyXMLNode(list);
  return xml;
}

OpenSettings read_settings(const NamedValues& options) {
  OpenSettings settings;
  apply_configuration(settings);
  bool bbox_crs_given = false;
  for (const auto& [name, value] : options) {
    const OptionSpec& spec = spec_of(name);
    spec.apply(settings, checked(spec, value));
    bbox_crs_given |= EQUAL(spec.name, "BBOX_CRS") != 0;
  }
  check_together(settings, bbox_crs_given);
  return settings;
}

}  // namespace topobathy
