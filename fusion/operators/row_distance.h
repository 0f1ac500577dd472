#pragma once

#include <cstdint>
#include <vector>

#include "fusion/lattice.h"

namespace topobathy {

/// Second half of the separable distance transform: within one row, the least hypot of the column
/// offset and the rows to the nearest invalid pixel of that column. Source of the two-pass form:
/// Meijster, Roerdink and Hesselink, "A general algorithm for computing distance transforms in
/// linear time" (2000); Felzenszwalb and Huttenlocher (2012) for the lower envelope.
class RowDistance {
 public:
  /// \param rows for each column the rows to its nearest invalid pixel, `cap` = none near enough
  void begin(const std::uint16_t* rows, std::int64_t width, std::uint16_t cap, GroundPixel ground,
             double reach, std::int64_t reach_columns);
  /// Distances, at most reach, of columns [from, to).
  void fill(std::int64_t from, std::int64_t to, float* out);

 private:
  void fill_by_scan(std::int64_t from, std::int64_t to, float* out) const;
  void fill_by_envelope(std::int64_t from, std::int64_t to, float* out);
  void build_envelope(std::int64_t from, std::int64_t to);

  GroundPixel ground_;
  float reach_ = 0;
  std::int64_t reach_columns_ = 0;
  std::int64_t width_ = 0;
  std::vector<float> depth2_;  ///< squared metres down the column, +inf where capped, padded by
                               ///< reach_columns_ on both sides
  std::vector<std::int32_t> near_;  ///< near_[c] = columns below c that are not capped (prefix sum)
  std::vector<float> offset2_;      ///< squared metres of a column offset
  std::vector<std::int64_t> envelope_;  ///< columns whose parabola is lowest somewhere, ascending
  std::vector<double> start_;           ///< where each of them begins to be lowest
};

}  // namespace topobathy
