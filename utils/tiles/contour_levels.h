#pragma once

#include <vector>

namespace topobathy {

/// An elevation that a line follows.
struct ContourLevel {
  float metres;
  bool major;  ///< drawn stronger: every fifth
};

/// The levels of a pixel zoom, ascending: close where it is shallow, wider with depth and height.
/// Contains 0, the shore.
const std::vector<ContourLevel>& contour_levels(int pixel_zoom);

}  // namespace topobathy
