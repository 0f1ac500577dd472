#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <cpl_conv.h>

#include "providers/http/endpoints.h"
#include "providers/http/http_limits.h"

/// GDAL's /vsicurl under the rules of fetching.
namespace topobathy {

/// From now on /vsicurl/ paths at servers of archives (true or configured) are archive files: they
/// may be redirected only to where the same endpoints allow; and the limits are those of every
/// remote path. Endpoints of several datasets of a process stand beside each other. Thread-safe.
void prepare_vsicurl(const Endpoints& endpoints, const HttpLimits& limits = {});

/// While it lives this thread's GDAL keeps to our user agent, time limits and retries with a remote
/// path, and asks for no list of its folder. What the user has configured counts more (but for the
/// list). Nothing for a local path.
///
/// GDAL reads some of these when it opens a file and some at each request, so this is needed
/// around both. (Path-specific options, which GDAL has from 3.6 on, are passed over by /vsicurl
/// there.)
///
/// `etag` of the edition that is being read ("" = any): every request then asks for that edition
/// only, so that pieces of two editions are never put together. A weak ETag cannot do that.
class VsicurlOptions {
 public:
  explicit VsicurlOptions(const std::string& path, const std::string& etag = "");

 private:
  std::optional<CPLConfigOptionSetter> list_;
  std::vector<std::unique_ptr<CPLConfigOptionSetter>> options_;
};

/// Drops what GDAL keeps of a remote file: bytes, size, and that it was not there. After a failure
/// (GDAL remembers that too) and when the file has changed. Nothing for a local path.
void forget_vsicurl(const std::string& path) noexcept;

/// /vsicurl follows redirects wherever they lead. So the headers that it got for a path are looked
/// at before its content is. \throws Error(kUnreadable) where an archive file was redirected to a
/// host that its endpoints do not allow
void require_known_redirects(const std::string& path, CSLConstList headers);

}  // namespace topobathy
