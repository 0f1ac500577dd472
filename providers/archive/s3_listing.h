#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "providers/http/http_client.h"

namespace topobathy {

/// An object of a public bucket, as its listing describes it.
struct S3Object {
  std::string key;
  std::int64_t size = -1;     ///< bytes, -1 = not stated
  std::string etag;           ///< as sent, quotes included
  std::string last_modified;  ///< as sent

  /// Differs when the bytes do.
  std::string revision() const;
};

/// Every object below a prefix, all pages (ListObjectsV2, anonymous), as listed: S3 lists ascending
/// by key. \param bucket "https://<bucket>.s3.amazonaws.com"
/// \throws Error(kUnreadable): no answer, one that is no listing, pages without end; kNotFound
/// where the server does not list at all
std::vector<S3Object> list_s3(HttpClient& http, const std::string& bucket,
                              const std::string& prefix);

}  // namespace topobathy
