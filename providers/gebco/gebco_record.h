#pragma once

#include "fusion/source_ids.h"

namespace topobathy {

/// What is stated of every pixel of GEBCO 2025: institution, licence, datum, resolution, link.
/// Named as a whole ("GEBCO 2025"); a tile's attribute table names its type identifiers.
SourceRecord gebco_record();

}  // namespace topobathy
