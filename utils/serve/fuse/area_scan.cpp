#include "utils/serve/fuse/area_scan.h"

#include <atomic>
#include <cmath>
#include <mutex>

namespace topobathy {
namespace {

bool any_value(const FusedCell& cell, const LatticeWindow& part) {
  for (std::int64_t r = part.row; r < part.bottom(); ++r) {
    const float* const line =
        cell.elevation.row(r - cell.window.row) + (part.col - cell.window.col);
    for (std::int64_t c = 0; c < part.width; ++c)
      if (!std::isnan(line[c])) return true;
  }
  return false;
}

/// Takes parts from several threads.
class Scanner {
 public:
  void take(const FusedCell& cell, const LatticeWindow& part) {
    if (!has_value_ && any_value(cell, part)) has_value_ = true;
    const std::lock_guard<std::mutex> lock(mutex_);
    scan_.sources.insert(cell.sources.begin(), cell.sources.end());
    for (const StepOutcome& outcome : cell.outcomes)
      if (outcome.status == StepOutcome::Status::kFailed)
        scan_.left_out.emplace(outcome.step, outcome.message);
  }
  bool has_value() const noexcept { return has_value_; }
  AreaScan result() {
    scan_.has_value = has_value_;
    return std::move(scan_);
  }

 private:
  std::atomic<bool> has_value_{false};
  std::mutex mutex_;
  AreaScan scan_;
};

LatticeWindow extent_at(const FusedRaster& raster, int level) {
  const LatticeWindow& extent = raster.extent();
  const std::int64_t step = std::int64_t{1} << level;  // whole pixels at every level
  return {extent.col / step, extent.row / step, extent.width / step, extent.height / step};
}

}  // namespace

AreaScan scan_area(FusedRaster& raster, int coarsest, const std::function<bool()>& gone) {
  Scanner scanner;
  for (int level = 0; level <= coarsest; ++level) {
    raster.read_parts(
        level, extent_at(raster, level), {},
        [&](const FusedCell& cell, const LatticeWindow& part) { scanner.take(cell, part); },
        [&](double) { return !gone(); });
    if (!scanner.has_value()) break;  // what is empty has no overviews worth looking at
  }
  return scanner.result();
}

}  // namespace topobathy
