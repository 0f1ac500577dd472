#pragma once

#include <cstdint>
#include <string>

#include "providers/usgs_lidar/octree.h"
#include "providers/usgs_lidar/point_cloud.h"

/// ept.json and the points that EPT stores by itself. Source: entwine.io, Entwine Point Tile.
namespace topobathy {

/// A number in every stored point. Which are there, and in which order, differs from set to set.
struct EptDimension {
  enum class Type { kNone, kSigned, kUnsigned, kFloat };
  Type type = Type::kNone;  ///< kNone: there is no such dimension
  int size = 0;             ///< bytes: 1, 2, 4, 8
  int place = 0;            ///< of its first byte in the point
  double scale = 1.0;
  double offset = 0.0;

  double value(const std::string& bytes, std::size_t point) const noexcept;
};

struct EptInfo {
  enum class Data { kLaszip, kBinary, kZstandard };
  Data data = Data::kLaszip;
  OctreeCube cube;
  CrsBox bounds;    ///< that all points lie in
  std::string crs;  ///< text, "" = not stated
  int point_size = 0;
  EptDimension x;
  EptDimension y;
  EptDimension z;
  EptDimension classification;
  EptDimension withheld;
};

/// \throws Error(kUnreadable) no EPT, or nonsense; Error(kUnsupported) a data type we do not know
EptInfo parse_ept(const std::string& name, const std::string& json);

/// The points of a node of kind kBinary or kZstandard. \throws Error(kUnreadable) other than
/// `count`
void decode_ept_points(const std::string& name, const EptInfo& info, const std::string& bytes,
                       std::uint64_t count, const PointSink& sink);

}  // namespace topobathy
