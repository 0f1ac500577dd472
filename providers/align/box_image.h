#pragma once

#include <optional>

#include "providers/align/crs.h"
#include "providers/align/transformer.h"

namespace topobathy {

/// Transformer::transform_box(); the worlds are those of its two CRSs.
std::optional<CrsBox> box_image(const Transformer& transformer, const CrsBox& box,
                                const CrsWorld& source, const CrsWorld& target);

}  // namespace topobathy
