#pragma once

#include <algorithm>

#include "fusion/plane.h"
#include "fusion/window.h"

namespace topobathy {

/// Copies the pixels of `part` from one plane to another, whose windows both hold it.
template <class T>
void copy_part(const Plane<T>& from, const LatticeWindow& from_window, const LatticeWindow& part,
               Plane<T>& to, const LatticeWindow& to_window) {
  for (std::int64_t r = part.row; r < part.bottom(); ++r)
    std::copy_n(from.row(r - from_window.row) + (part.col - from_window.col), part.width,
                to.row(r - to_window.row) + (part.col - to_window.col));
}

}  // namespace topobathy
