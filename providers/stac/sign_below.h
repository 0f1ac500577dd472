#pragma once

#include <functional>
#include <string>

namespace topobathy {

/// Has every GDAL path "/vsicurl/<url_prefix>..." opened with what `query` gives at that moment (no
/// leading '?'): see providers/http/signed_paths.h. A later call for the same prefix replaces the
/// earlier one. Thread-safe.
void sign_below(const std::string& url_prefix, std::function<std::string()> query);

}  // namespace topobathy
