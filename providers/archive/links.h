#pragma once

#include <optional>
#include <string>
#include <vector>

/// Links and names that an archive's pages, listings and indexes give: hostile until looked at.
namespace topobathy {

/// Where `href` leads from the page `base` (relative, "//host/..." or absolute), by libcurl's
/// rules; without fragment. Nothing for what is no http or https link (mailto:, javascript:, ...).
std::optional<std::string> resolve_link(const std::string& base, const std::string& href);

/// The last part of a URL's path with %XX decoded; "" where the path ends in a slash.
std::string file_name_of(const std::string& url);

/// Whether a text can be the name of a file of ours: letters, digits and ". _ + -", not beginning
/// with a dot or "-", 1 to 200 characters. So no path, no control character, nothing hidden.
bool is_plain_name(const std::string& name) noexcept;

/// Every href of an HTML page, as written, in order. Quotes of either kind or none; damaged markup
/// only loses links.
std::vector<std::string> hrefs_of(const std::string& html);

/// %XX for all but RFC 3986's unreserved characters: a value in a query.
std::string percent_encoded(const std::string& text);

}  // namespace topobathy
