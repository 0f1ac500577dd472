#include "providers/datum/block_heights.h"

namespace topobathy {

void BlockHeights::prepare(const HeightShift& shift, const Lattice& lattice, std::int64_t block_col,
                           std::int64_t block_row) {
  std::array<double, kNodes * kNodes> x{}, y{};
  for (std::int64_t j = 0; j < kNodes; ++j) {
    for (std::int64_t i = 0; i < kNodes; ++i) {
      x[j * kNodes + i] = lattice.x(block_col * kBlock + i * kPitch);
      y[j * kNodes + i] = lattice.y(block_row * kBlock + j * kPitch);
    }
  }
  shift.offsets(x.size(), x.data(), y.data(), metres_.data());
}

double BlockHeights::at(std::int64_t col, std::int64_t row) const noexcept {
  const std::int64_t i = col / kPitch, j = row / kPitch;
  const double s = (static_cast<double>(col - i * kPitch) + 0.5) / kPitch;
  const double t = (static_cast<double>(row - j * kPitch) + 0.5) / kPitch;
  const double* node = metres_.data() + j * kNodes + i;
  const double upper = node[0] + s * (node[1] - node[0]);
  const double lower = node[kNodes] + s * (node[kNodes + 1] - node[kNodes]);
  return upper + t * (lower - upper);
}

}  // namespace topobathy
