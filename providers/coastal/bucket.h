#pragma once

#include <string>
#include <vector>

#include "providers/archive/s3_listing.h"

namespace topobathy::coastal {

/// The public bucket of NOAA's coastal elevation data.
inline constexpr char kBucket[] = "https://noaa-nos-coastal-lidar-pds.s3.amazonaws.com";

/// The address of a key.
std::string object_url(const std::string& key);

/// Every file whose key begins with `prefix`, by key: "dem/<folder>/tile.tif". Keys that are no
/// plain paths and folder marks are left out. \throws Error as list_s3() does
std::vector<S3Object> list_objects(HttpClient& http, const std::string& prefix);

}  // namespace topobathy::coastal
