#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "providers/http/http_client.h"

namespace topobathy::coastal {

/// The public bucket of NOAA's coastal elevation data.
inline constexpr char kBucket[] = "https://noaa-nos-coastal-lidar-pds.s3.amazonaws.com";

/// A file as the bucket's listing describes it.
struct BucketObject {
  std::string key;  ///< "dem/<folder>/tile.tif"; a plain path
  std::string etag;
  std::string last_modified;
  std::int64_t size = -1;  ///< bytes, -1 = not stated

  /// Differs when the bytes do.
  std::string revision() const;
};

/// The address of a key.
std::string object_url(const std::string& key);

/// Every file whose key begins with `prefix`, by key: all pages of the listing (S3 list-type=2).
/// Keys that are no plain paths and folder marks are left out. \throws Error: no answer, no
/// listing, pages without end; kNotFound where the server does not list at all
std::vector<BucketObject> list_objects(HttpClient& http, const std::string& prefix);

}  // namespace topobathy::coastal
