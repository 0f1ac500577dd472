#pragma once

#include <string>
#include <variant>
#include <vector>

#include "fusion/policy/policy.h"
#include "providers/raster/raster_catalogue.h"
#include "providers/source_access.h"

namespace topobathy {

/// Looks at the files in parallel, in their order. A file that is remembered at its present
/// revision is not opened; what is found out anew is remembered, all at once.
std::vector<DescribedFile> describe_files(const std::vector<NamedFile>& names, const Step& step,
                                          const SourceAccess& access);

}  // namespace topobathy
