#include "providers/datum/shifted_layer.h"

#include <cmath>

#include "fusion/error.h"

namespace topobathy {
namespace {

constexpr std::int64_t kPitch = 8;
constexpr std::int64_t kNodes = kBlock / kPitch + 1;

}  // namespace

VerticalShift ShiftedLayer::shift_on(const std::string& crs) {
  return VerticalShift::between(crs, from_, to_);
}

std::vector<SourceRevision> ShiftedLayer::revisions(const Lattice& lattice,
                                                    const LatticeWindow& window) {
  auto revisions = layer_->revisions(lattice, window);
  // Another grid installed later shifts otherwise: the operation is part of what a cell was made
  // from.
  if (!revisions.empty())
    revisions.push_back(
        {"vertical shift " + from_ + " to " + to_, shift_on(lattice.crs()).operation().definition});
  return revisions;
}

bool ShiftedLayer::shift_block(const VerticalShift& shift, const Lattice& lattice,
                               const LatticeWindow& block, LayerPlanes& planes) {
  std::vector<double> x, y, dz(kNodes * kNodes);
  for (std::int64_t j = 0; j < kNodes; ++j) {
    for (std::int64_t i = 0; i < kNodes; ++i) {
      x.push_back(lattice.x(block.col + i * kPitch));
      y.push_back(lattice.y(block.row + j * kPitch));
    }
  }
  shift.offsets(x.size(), x.data(), y.data(), dz.data());
  const LatticeWindow part = block.intersect(planes.window);
  for (std::int64_t row = part.row; row < part.bottom(); ++row) {
    const std::int64_t j = (row - block.row) / kPitch;
    const double t = (static_cast<double>(row - block.row - j * kPitch) + 0.5) / kPitch;
    float* line = planes.elevation.row(row - planes.window.row) - planes.window.col;
    for (std::int64_t col = part.col; col < part.right(); ++col) {
      if (std::isnan(line[col])) continue;
      const std::int64_t i = (col - block.col) / kPitch;
      const double s = (static_cast<double>(col - block.col - i * kPitch) + 0.5) / kPitch;
      const double* node = dz.data() + j * kNodes + i;
      const double upper = node[0] + s * (node[1] - node[0]);
      const double lower = node[kNodes] + s * (node[kNodes + 1] - node[kNodes]);
      const double metres = upper + t * (lower - upper);
      if (std::isnan(metres)) return false;
      line[col] = static_cast<float>(static_cast<double>(line[col]) + metres);
    }
  }
  return true;
}

LayerOutcome ShiftedLayer::read(const LayerRequest& request, LayerPlanes& planes) {
  const LayerOutcome outcome = layer_->read(request, planes);
  if (!std::holds_alternative<LayerRead>(outcome)) return outcome;
  try {
    const VerticalShift shift = shift_on(request.lattice->crs());
    if (shift.zero()) return outcome;
    const BlockMask& mask = *request.wanted;
    for (std::int64_t row = mask.top(); row < mask.top() + mask.rows(); ++row)
      for (std::int64_t col = mask.left(); col < mask.left() + mask.columns(); ++col)
        if (mask.wanted(col, row) &&
            !shift_block(shift, *request.lattice, BlockMask::pixels(col, row), planes))
          return LayerFailure{"the vertical grid between " + from_ + " and " + to_ +
                              " has no value where the layer has heights: limit the step with a "
                              "zone, or choose another vertical_crs"};
  } catch (const Error& error) {
    return LayerFailure{error.what()};
  }
  return outcome;
}

}  // namespace topobathy
