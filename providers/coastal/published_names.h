#pragma once

#include <string>

/// Names that an archive publishes and that become part of paths and URLs here.
namespace topobathy::coastal {

/// Whether a relative path is harmless: not empty, no part of it empty, "." or "..", no backslash,
/// no control character.
bool is_plain_path(const std::string& path) noexcept;

/// Whether a text is one plain name: letters, digits, "_", "-" and ".", not beginning with ".".
bool is_plain_name(const std::string& name) noexcept;

/// What stands behind "<folder>/" in a path or an http(s) address, whose query is dropped and whose
/// escapes are undone. A relative path that does not name the folder is taken to lie in it. "" for
/// an address elsewhere, and for what is no plain path.
std::string path_in_folder(const std::string& path_or_url, const std::string& folder);

/// Of "a/b/tile.TIF": "tile.TIF"; "tile"; ".tif" (lower case, "" = none).
std::string base_name(const std::string& path);
std::string stem_of(const std::string& path);
std::string extension_of(const std::string& path);

std::string lower_case(std::string text);

}  // namespace topobathy::coastal
