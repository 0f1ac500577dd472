#pragma once

#include <optional>
#include <string>

#include "fusion/lattice.h"
#include "providers/align/transformer.h"

namespace topobathy {

/// A box around the image of a lattice window in another CRS. Small windows use the block corners
/// that sampling asks for anyway. Nothing where no point of the window's edge has an image.
std::optional<CrsBox> image_box(const Lattice& lattice, const LatticeWindow& window,
                                const std::string& target_crs);

}  // namespace topobathy
