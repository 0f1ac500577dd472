#pragma once

#include "fusion/fuse.h"

namespace topobathy {

/// Fuses one pixel with its bookkeeping kept: what every step that can be seen there gave, top
/// first, and its share. The same layers, distances and rules as fuse(). Longitude and latitude are
/// left to the caller. \throws Error when a step fails whose on_error is kFail
PixelExplanation explain(const FusePlan& plan, const Lattice& lattice, std::int64_t col,
                         std::int64_t row);

}  // namespace topobathy
