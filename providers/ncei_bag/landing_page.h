#pragma once

#include <string>
#include <vector>

#include "providers/archive/archive_context.h"

namespace topobathy {

/// Whether a URL is that of a BAG (.bag or .bag.gz, in any case) with a name that can be a file's.
bool is_bag_url(const std::string& url);

/// The BAGs that a page of NCEI links to, sorted: absolute URLs at hosts of archives. What leads
/// elsewhere, or has a name that no file may have, is left out with a warning.
std::vector<std::string> bag_links(const ArchiveContext& context, const std::string& page,
                                   const std::string& html);

/// The BAGs of a survey: the page itself when it is one, else those that it links to, else those in
/// the folder BAG/ that it links to. Nothing where the page is gone (404, 410), names none or is at
/// a host of no archive. \throws Error(kUnreadable): no answer
std::vector<std::string> find_bag_urls(const ArchiveContext& context, const std::string& page);

}  // namespace topobathy
