#pragma once

#include <functional>
#include <string>

/// Archives that want a signature with each request. Keys, provenance and messages have the plain
/// path; only what is handed to GDAL is signed, at the moment it is opened. Thread-safe.
namespace topobathy {

/// From now on URLs that begin with `url_prefix` (whole path segments; as they are connected to)
/// are opened with what `query` gives ("sv=...&sig=...", without "?"). `query` is called from any
/// thread, often, so it keeps the signature until that is about to expire; it may throw Error. A
/// second call for a prefix replaces the first; of several prefixes the longest counts.
void sign_below(const std::string& url_prefix, std::function<std::string()> query);
void stop_signing(const std::string& url_prefix);

/// What GDAL opens: "/vsicurl/https://..." with its signature, every other path as it is.
std::string signed_path(const std::string& path);

/// The URL of a path that begins with "/vsicurl/"; "" for others.
std::string url_of_vsicurl(const std::string& path);

/// A message of GDAL without the queries of the URLs in it: signatures are secrets.
std::string without_queries(std::string message);

}  // namespace topobathy
