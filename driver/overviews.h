#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "driver/fused_dataset.h"

namespace topobathy {

/// A coarser level of a dataset. Nothing is stored: the level is fused at its own pixel size when
/// it is read.
class OverviewDataset final : public FusedDataset {
 public:
  OverviewDataset(const FusedDataset& parent, int level);
};

/// The overviews of a dataset, each made when first asked for. Thread-safe.
class Overviews {
 public:
  explicit Overviews(FusedDataset& parent) : parent_(parent) {}

  int count() const noexcept;
  /// Overview `index` (0 = half the size). \pre 0 <= index < count()  \throws Error
  FusedDataset& get(int index);
  void flush(bool at_closing);
  /// True when there was something to drop.
  bool drop();

 private:
  FusedDataset& parent_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<OverviewDataset>> datasets_;
};

}  // namespace topobathy
