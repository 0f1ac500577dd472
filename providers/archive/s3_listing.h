#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "providers/http/http_client.h"

namespace topobathy {

/// An object of a public bucket.
struct S3Object {
  std::string key;
  std::int64_t size = -1;  ///< bytes
  std::string etag;        ///< as sent, quotes included
};

/// Every object below a prefix, all pages (ListObjectsV2, anonymous), as listed: ascending by key.
/// \param bucket "https://<bucket>.s3.amazonaws.com"
/// \throws Error(kUnreadable): no answer, one that is no listing, a continuation that goes in
/// circles
std::vector<S3Object> list_s3(HttpClient& http, const std::string& bucket,
                              const std::string& prefix);

}  // namespace topobathy
