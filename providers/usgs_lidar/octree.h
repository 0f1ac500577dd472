#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <tuple>

#include "providers/align/transformer.h"

namespace topobathy {

/// A node of the octree of COPC and EPT: level 0 is the whole cube.
struct OctreeKey {
  std::int32_t level = 0;
  std::int32_t x = 0;
  std::int32_t y = 0;
  std::int32_t z = 0;

  /// Places that a tree can have; deeper than 30 is no survey's.
  bool valid() const noexcept {
    if (level < 0 || level > 30) return false;
    const std::int32_t end = std::int32_t{1} << level;
    return x >= 0 && x < end && y >= 0 && y < end && z >= 0 && z < end;
  }
  std::string text() const {
    return std::to_string(level) + "-" + std::to_string(x) + "-" + std::to_string(y) + "-" +
           std::to_string(z);
  }
};
inline bool operator<(const OctreeKey& a, const OctreeKey& b) noexcept {
  return std::tie(a.level, a.x, a.y, a.z) < std::tie(b.level, b.x, b.y, b.z);
}

/// The cube of an octree.
struct OctreeCube {
  double left = 0.0;
  double bottom = 0.0;
  double side = 0.0;
  double spacing = 0.0;  ///< of the points of level 0

  /// Whether a node of the tree touches a box (edges count).
  bool touches(const OctreeKey& key, const CrsBox& box) const noexcept {
    const double node = std::ldexp(side, -key.level);
    const double west = left + key.x * node;
    const double south = bottom + key.y * node;
    return west <= box.right && west + node >= box.left && south <= box.top &&
           south + node >= box.bottom;
  }
  /// The first level whose points are at most `wanted` apart; all levels for what is finer.
  std::int32_t deepest(double wanted) const noexcept {
    std::int32_t level = 0;
    while (level < 30 && std::ldexp(spacing, -level) > wanted)
      ++level;
    return level;
  }
};

}  // namespace topobathy
