#pragma once

#include <string>
#include <variant>
#include <vector>

#include "fusion/fact_store.h"
#include "fusion/policy/policy.h"
#include "providers/raster/raster_catalogue.h"

namespace topobathy {

/// A file of a step, or why it cannot be used.
using DescribedFile = std::variant<CatalogueFile, std::string>;

/// Looks at the files in parallel, in their order. A file that `memory` knows at its present
/// revision is not opened; what is found out anew is remembered there, all at once. `memory` may be
/// null.
std::vector<DescribedFile> describe_files(const std::vector<NamedFile>& names, const Step& step,
                                          FactStore* memory);

}  // namespace topobathy
