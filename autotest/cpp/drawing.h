#pragma once

#include <cassert>
#include <cmath>
#include <map>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "fusion/plane.h"
#include "fusion/source_ids.h"

/// Rasters drawn in ASCII, one character a pixel:
///   auto plane = draw({"..aa", ".bb."}, {{'a', 10.f}, {'b', -3.f}});
///   EXPECT_EQ(picture(plane, {{'a', 10.f}, {'b', -3.f}}), Drawing({"..aa", ".bb."}));
/// '.' is no value (NaN, or kNoSource), also without a legend entry.
namespace topobathy::testing_support {

template <class T>
using Legend = std::map<char, T>;

/// Rows of pixels as text; prints as a picture when an expectation fails.
class Drawing {
 public:
  Drawing(std::vector<std::string> rows, std::string unknown = "")
      : rows_(std::move(rows)), unknown_(std::move(unknown)) {}

  friend bool operator==(const Drawing& a, const Drawing& b) {
    return a.rows_ == b.rows_ && a.unknown_ == b.unknown_;
  }
  friend void PrintTo(const Drawing& drawing, std::ostream* out) {
    for (const std::string& row : drawing.rows_)
      *out << "\n    " << row;
    *out << drawing.unknown_;
  }

 private:
  std::vector<std::string> rows_;
  std::string unknown_;  ///< one line for each pixel whose value the legend does not have
};

inline float no_value(const Legend<float>&) {
  return kNoValue;
}
inline SourceId no_value(const Legend<SourceId>&) {
  return kNoSource;
}
inline bool same(float a, float b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}
inline bool same(SourceId a, SourceId b) {
  return a == b;
}

template <class T>
Plane<T> draw_plane(const std::vector<std::string>& rows, const Legend<T>& legend) {
  const auto width = rows.empty() ? std::size_t{0} : rows.front().size();
  Plane<T> plane(static_cast<std::int64_t>(width), static_cast<std::int64_t>(rows.size()),
                 no_value(legend));
  for (std::size_t r = 0; r < rows.size(); ++r) {
    assert(rows[r].size() == width && "rows of one length");
    for (std::size_t c = 0; c < width; ++c)
      if (rows[r][c] != '.' || legend.count('.') != 0)
        plane.at(static_cast<std::int64_t>(c), static_cast<std::int64_t>(r)) =
            legend.at(rows[r][c]);
  }
  return plane;
}
inline Plane<float> draw(const std::vector<std::string>& rows, const Legend<float>& legend) {
  return draw_plane(rows, legend);
}
inline Plane<SourceId> draw_sources(const std::vector<std::string>& rows,
                                    const Legend<SourceId>& legend) {
  return draw_plane(rows, legend);
}

/// The drawing of a plane; a value that the legend does not have (exactly) shows as '?' and is
/// listed below the picture.
template <class T>
Drawing picture_of(const Plane<T>& plane, const Legend<T>& legend) {
  std::vector<std::string> rows;
  std::ostringstream unknown;
  for (std::int64_t r = 0; r < plane.height(); ++r) {
    rows.emplace_back();
    for (std::int64_t c = 0; c < plane.width(); ++c) {
      const T value = plane.at(c, r);
      char letter = same(value, no_value(legend)) ? '.' : '?';
      for (const auto& [key, known] : legend)
        if (same(value, known)) letter = key;
      rows.back().push_back(letter);
      if (letter == '?') unknown << "\n    column " << c << ", row " << r << ": " << value;
    }
  }
  return {std::move(rows), unknown.str()};
}
inline Drawing picture(const Plane<float>& plane, const Legend<float>& legend) {
  return picture_of(plane, legend);
}
inline Drawing picture(const Plane<SourceId>& plane, const Legend<SourceId>& legend) {
  return picture_of(plane, legend);
}
/// Where a plane has values: 'x', and '.' elsewhere.
inline Drawing picture_of_valid(const Plane<float>& plane) {
  Plane<float> valid(plane.width(), plane.height(), kNoValue);
  for (std::size_t i = 0; i < plane.size(); ++i)
    if (!std::isnan(plane.data()[i])) valid.data()[i] = 1.0f;
  return picture(valid, {{'x', 1.0f}});
}

}  // namespace topobathy::testing_support
