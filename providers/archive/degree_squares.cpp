#include <algorithm>
#include <cmath>
#include <cstdio>

#include "providers/archive/discovery_cache.h"

namespace topobathy {
namespace {

/// Whether [a_west, a_east] and [b_west, b_east] meet on some turn; east may pass 180 or lie west
/// of west.
bool longitudes_meet(const LonLatBox& a, const LonLatBox& b) noexcept {
  const double a_east = a.east < a.west ? a.east + 360.0 : a.east;
  const double b_east = b.east < b.west ? b.east + 360.0 : b.east;
  for (const double turn : {-720.0, -360.0, 0.0, 360.0, 720.0})
    if (a.west <= b_east + turn && b.west + turn <= a_east) return true;
  return false;
}

std::string square_name(double west, double south, double degrees) {
  char name[48];
  const bool whole = degrees == std::floor(degrees);
  std::snprintf(name, sizeof name, whole ? "%c%02.0f_%c%03.0f" : "%c%05.2f_%c%06.2f",
                south < 0 ? 's' : 'n', std::fabs(south), west < 0 ? 'w' : 'e', std::fabs(west));
  return name;
}

}  // namespace

bool touch(const LonLatBox& a, const LonLatBox& b) noexcept {
  return a.south <= b.north && b.south <= a.north && longitudes_meet(a, b);
}

std::vector<DegreeSquare> degree_squares(const LonLatBox& box, double degrees) {
  const double east = box.east < box.west ? box.east + 360.0 : box.east;
  const auto around = static_cast<long>(std::lround(360.0 / degrees));
  const auto first_col = static_cast<long>(std::floor(box.west / degrees));
  const auto last_col =
      std::min(static_cast<long>(std::floor(east / degrees)), first_col + around - 1);
  const auto lowest = static_cast<long>(std::lround(-90.0 / degrees));
  const auto first_row = std::max(static_cast<long>(std::floor(box.south / degrees)), lowest);
  const auto last_row = std::min(static_cast<long>(std::floor(box.north / degrees)), -lowest - 1);
  std::vector<DegreeSquare> squares;
  for (long row = first_row; row <= last_row; ++row) {
    for (long turned = first_col; turned <= last_col; ++turned) {
      const long half = around / 2;
      const long col = ((turned + half) % around + around) % around - half;
      const double west = static_cast<double>(col) * degrees;
      const double south = static_cast<double>(row) * degrees;
      squares.push_back(
          {square_name(west, south, degrees), {west, south, west + degrees, south + degrees}});
    }
  }
  return squares;
}

}  // namespace topobathy
