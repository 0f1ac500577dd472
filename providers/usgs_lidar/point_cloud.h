#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "providers/align/transformer.h"
#include "providers/usgs_lidar/byte_source.h"
#include "providers/usgs_lidar/lidar_crs.h"
#include "providers/usgs_lidar/lidar_points.h"

namespace topobathy {

struct CloudFacts {
  LidarCrs crs;
  CrsBox bounds;         ///< that all points lie in, in the units of the CRS
  double spacing = 0.0;  ///< mean distance of all points, units of the CRS; 0 = not known
};

/// A cloud of lidar points, maybe an octree whose upper levels thin out the whole. For one thread.
class PointCloud {
 public:
  virtual ~PointCloud() = default;
  virtual const std::string& name() const noexcept = 0;
  virtual const CloudFacts& facts() const noexcept = 0;
  /// At least the points inside the box of every level down to the one whose points are at most
  /// `spacing` apart (units of the CRS); others may come with them. Only the nodes that touch the
  /// box are fetched. Their order means nothing. \throws Error: a node that is listed and missing,
  /// damage, the network
  virtual void read(const CrsBox& box, double spacing, const PointSink& sink) = 0;
};

/// A COPC file (Cloud Optimized Point Cloud 1.0), read node by node; any other LAS or LAZ file is
/// one node. `crs`: what its archive states. \throws Error
std::unique_ptr<PointCloud> open_las_cloud(std::unique_ptr<ByteSource> file, const StatedCrs& crs);

/// The files of an EPT (Entwine Point Tile 1.0 and 1.1), by their path below ept.json's folder.
class EptFiles {
 public:
  virtual ~EptFiles() = default;
  virtual const std::string& name() const noexcept = 0;  ///< of the folder, for messages
  /// Nothing if there is no such file. Thread-safe. \throws Error: it cannot be told, or it is
  /// longer than `max_bytes`
  virtual std::optional<std::string> get(const std::string& relative, std::uint64_t max_bytes) = 0;
};
std::unique_ptr<EptFiles> local_ept_files(const std::string& folder);
std::unique_ptr<EptFiles> remote_ept_files(AskHttp ask, const std::string& base_url);

std::unique_ptr<PointCloud> open_ept_cloud(std::unique_ptr<EptFiles> files);

}  // namespace topobathy
