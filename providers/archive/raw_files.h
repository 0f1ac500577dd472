#pragma once

#include <string>

#include "providers/archive/archive_context.h"
#include "providers/archive/asset.h"

namespace topobathy {

/// Tier 5: whole files of archives, `<provider>/raw/<name>`, each with a note beside it that says
/// which edition it is. A file is there whole or not at all; one of another edition is fetched
/// anew. \throws Error: offline and not there, the archive does not have it or does not answer
std::string fetch_raw_file(const ArchiveContext& context, const Asset& asset);

/// Where the file of this edition lies, "" = it is not there.
std::string find_raw_file(const ArchiveContext& context, const Asset& asset);

/// Where new files of the provider go. \throws Error(kCache) no temporary folder can be made
std::string writable_folder(const ArchiveContext& context);

/// What GDAL opens of a fetched file: itself, or the member of the zip that it is.
std::string path_inside(const std::string& file, const Asset& asset);

/// The last part of a URL as a file name. \throws Error(kUnreadable) when it is none that may
/// become part of a path: empty, hidden, too long, or with other characters than letters, digits,
/// and
/// -_.+()
std::string safe_file_name(const std::string& url);

}  // namespace topobathy
