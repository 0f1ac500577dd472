#pragma once

#include <memory>

#include "providers/usgs_lidar/las_header.h"
#include "providers/usgs_lidar/point_cloud.h"

/// Source: COPC specification 1.0 (copc.io).
namespace topobathy {

bool is_copc(const LasHeader& header) noexcept;

/// Reads no more of the file yet. \throws Error(kUnreadable) its info record is nonsense
std::unique_ptr<PointCloud> open_copc_cloud(std::unique_ptr<ByteSource> file,
                                            const LasHeader& header, CloudFacts facts);

}  // namespace topobathy
