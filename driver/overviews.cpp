#include "driver/overviews.h"

#include "driver/fused_band.h"

namespace topobathy {

OverviewDataset::OverviewDataset(const FusedDataset& parent, int level)
    : FusedDataset(LevelView(parent.view().shared_raster(), level), parent.layout(),
                   *parent.GetSpatialRef()) {
  const int bands = static_cast<int>(layout().bands.size());
  for (int number = 1; number <= bands; ++number)
    SetBand(number, new FusedBand(*this, number));
}

int Overviews::count() const noexcept {
  return parent_.view().raster().coarsest_level() - parent_.view().level();
}

FusedDataset& Overviews::get(int index) {
  const std::lock_guard<std::mutex> lock(mutex_);
  datasets_.resize(static_cast<std::size_t>(count()));
  auto& dataset = datasets_[static_cast<std::size_t>(index)];
  if (!dataset)
    dataset = std::make_unique<OverviewDataset>(parent_, parent_.view().level() + index + 1);
  return *dataset;
}

void Overviews::flush(bool at_closing) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& dataset : datasets_)
    if (dataset) dataset->FlushCache(at_closing);
}

bool Overviews::drop() {
  const std::lock_guard<std::mutex> lock(mutex_);
  bool dropped = false;
  for (const auto& dataset : datasets_)
    dropped |= dataset != nullptr;
  datasets_.clear();
  return dropped;
}

}  // namespace topobathy
