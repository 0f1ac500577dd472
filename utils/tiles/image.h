#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace topobathy {

/// One pixel of a picture, sRGB, alpha not multiplied in. A pixel that shows nothing is all 0, so
/// that equal pictures are equal bytes.
struct Rgba {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  std::uint8_t alpha = 0;

  friend bool operator==(const Rgba& a, const Rgba& b) noexcept {
    return a.red == b.red && a.green == b.green && a.blue == b.blue && a.alpha == b.alpha;
  }
  friend bool operator!=(const Rgba& a, const Rgba& b) noexcept { return !(a == b); }
};

/// A picture, row 0 in the north.
struct Image {
  Image(int wide, int high)
      : width(wide),
        height(high),
        pixels(static_cast<std::size_t>(wide) * static_cast<std::size_t>(high)) {}

  Rgba* row(int r) noexcept { return pixels.data() + static_cast<std::ptrdiff_t>(r) * width; }
  const Rgba* row(int r) const noexcept {
    return pixels.data() + static_cast<std::ptrdiff_t>(r) * width;
  }

  int width;
  int height;
  std::vector<Rgba> pixels;
};

}  // namespace topobathy
