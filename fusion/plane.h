#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "fusion/plane_memory.h"

namespace topobathy {

/// NaN is "no value" in every float plane inside the product.
constexpr float kNoValue = std::numeric_limits<float>::quiet_NaN();

/// A dense row-major array of pixels, row 0 in the north.
template <class T>
class Plane {
 public:
  Plane() = default;
  Plane(std::int64_t width, std::int64_t height, T value = T{})
      : width_(width), height_(height), pixels_(static_cast<std::size_t>(width * height), value) {}

  std::int64_t width() const noexcept { return width_; }
  std::int64_t height() const noexcept { return height_; }
  bool empty() const noexcept { return pixels_.empty(); }
  std::size_t size() const noexcept { return pixels_.size(); }

  T* row(std::int64_t r) noexcept {
    assert(r >= 0 && r < height_);
    return pixels_.data() + r * width_;
  }
  const T* row(std::int64_t r) const noexcept {
    assert(r >= 0 && r < height_);
    return pixels_.data() + r * width_;
  }
  T& at(std::int64_t c, std::int64_t r) noexcept { return row(r)[c]; }
  const T& at(std::int64_t c, std::int64_t r) const noexcept { return row(r)[c]; }
  T* data() noexcept { return pixels_.data(); }
  const T* data() const noexcept { return pixels_.data(); }

  /// Takes a new shape; old pixels are meaningless afterwards (no clearing: callers overwrite).
  void reshape(std::int64_t width, std::int64_t height) {
    width_ = width;
    height_ = height;
    pixels_.resize(static_cast<std::size_t>(width * height));
  }

 private:
  std::int64_t width_ = 0;
  std::int64_t height_ = 0;
  std::vector<T, PlaneAllocator<T>> pixels_;
};

}  // namespace topobathy
