#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/error.h"

/// The policy as values. Loading and checking text is in load.h, the canonical form and its hash in
/// canonical.h.
namespace topobathy {

enum class Operator { kOverwrite, kMetricFeather, kLinearBlend };
enum class Resampling { kAuto, kNearest, kBilinear, kCubic, kAverage };
enum class OverviewRule { kMean, kShoalest };
enum class OnError { kFail, kSkip };
/// What becomes of heights that count from another datum than the raster and cannot be shifted: an
/// error, or they are taken as they are and marked so.
enum class Vertical { kShift, kAssume };
/// Which of NOAA's coastal lidar projects: those that reach under water, or the others.
enum class ProjectType { kTopobathy, kTopographic };

/// How a layer meets what lies beneath it.
struct Blend {
  Operator op = Operator::kOverwrite;
  double distance = 0.0;  ///< metres on the ground, metric_feather only; 0 acts as overwrite
  double weight = 0.5;    ///< of the upper layer, 0..1, linear_blend only
};

/// Replaces the step's blend where the pixel beneath belongs to `target`: a step whose provider
/// (canonical name) or name it is. The first transition that matches counts.
struct Transition {
  std::string target;
  Blend blend;
  Place place;
};

struct LonLat {
  double lon = 0.0;
  double lat = 0.0;
};

/// Degrees; west > east means the box crosses the antimeridian.
struct LonLatBox {
  double west = 0.0;
  double south = 0.0;
  double east = 0.0;
  double north = 0.0;
};

/// The step applies only inside this ring (lon/lat degrees, not closed, at least 3 points). A bbox
/// zone is kept as its box.
struct Zone {
  std::optional<LonLatBox> bbox;
  std::vector<LonLat> polygon;  ///< empty when bbox is set
};

/// 1-sigma used where a source states none: sqrt(constant^2 + (depth_factor * depth)^2), depth =
/// max(0, -elevation), metres (the form of IHO S-44 TVU).
struct UncertaintyModel {
  double constant = 0.0;
  double depth_factor = 0.0;
};

struct Filter {
  std::optional<double> min_elevation;     ///< source pixels below become no data
  std::optional<double> max_elevation;     ///< source pixels above become no data
  std::optional<double> max_deviation;     ///< despike threshold, metres (see operators/despike.h)
  std::optional<double> max_depth_change;  ///< other spelling of the despike threshold, used when
                                           ///< max_deviation is unset
  std::optional<double> max_interpolation_gap;  ///< metres; key max_interpolation_gap_m
  std::vector<std::string>
      include_patterns;  ///< survey names to keep (glob, or regex if it begins with (?i) or ^)
  std::vector<std::string> exclude_patterns;
  std::optional<int> min_year;
  std::optional<double> max_resolution;  ///< metres
  std::vector<std::string> project_ids;  ///< key project_id: one text or a list
  std::optional<ProjectType> project_type;
};

/// Where a step of provider `raster` finds its files. Exactly one of paths, glob, index is given.
struct RasterFiles {
  std::vector<std::string> paths;  ///< as written; relative to the policy file
  std::string glob;
  std::string index;  ///< a GDAL tile index (any OGR file)
  std::string
      index_location;  ///< its field with the file name; key location_field, default "location"
  std::string crs;     ///< overrides or supplies the files' CRS; empty = the files' own
  bool allow_vrt =
      false;  ///< VRT files may read any other file: only where the policy's owner says so
};

struct Step {
  std::string provider;  ///< canonical name, alias resolved
  std::string name;  ///< unique in the policy; default = the provider's name, "#2", "#3" appended
                     ///< when it repeats
  std::optional<std::string> product;  ///< the default filled in; unset where the provider has none
                                       ///< to choose from
  Blend blend;
  Resampling resampling = Resampling::kAuto;
  Filter filter;
  std::vector<Transition> transitions;
  std::optional<Zone> zone;
  std::optional<double> background;  ///< value the layer takes where it has none (inside its zone)
  std::optional<std::string> vertical_crs;
  bool assume_heights = false;  ///< key vertical: assume; heights that cannot be brought to the
                                ///< policy's datum are taken as they are
  std::optional<UncertaintyModel> uncertainty;
  OnError on_error = OnError::kFail;
  std::string description;
  RasterFiles files;  ///< provider `raster` only
  Place place;        ///< of the step in the policy text
  Place files_place;  ///< of its path, glob or index
  Place crs_place;    ///< of its crs; of the step where it states none, as the next
  Place vertical_crs_place;
};

struct Policy {
  std::string name;
  std::string version;
  std::string description;
  std::string crs = "EPSG:4326";
  std::optional<double> resolution;  ///< metres (see design: Geometry); unset with a zoom
  std::optional<int> zoom;           ///< EPSG:3857 only
  std::optional<LonLatBox> extent;
  std::optional<std::string> vertical_crs;
  OverviewRule overview = OverviewRule::kMean;
  std::optional<double> background;  ///< lowest layer of all, everywhere
  std::vector<Step> steps;           ///< bottom-up: the first has the lowest priority
  std::string file;                  ///< path the text came from, or "" for inline text
  std::string directory;             ///< relative paths are resolved against this
  std::string hash;                  ///< SHA-256 (hex) of the canonical form
  Place crs_place;                   ///< of the key, else of the whole policy, as the next two
  Place vertical_crs_place;
  Place extent_place;
};

}  // namespace topobathy
