#include "providers/archive/open_cells.h"

#include <algorithm>

#include "providers/archive/tuning.h"

namespace topobathy {

OpenCells::Files OpenCells::get(const Lattice& lattice, CellIndex cell,
                                const std::function<Files()>& open) {
  const auto slot = slot_of({lattice.level(), cell.col, cell.row});
  const std::lock_guard<std::mutex> lock(slot->mutex);
  if (slot->files) return slot->files;
  Files files = open();
  if (files->catalogue.losses().empty()) slot->files = files;
  return files;
}

void OpenCells::forget() {
  const std::lock_guard<std::mutex> lock(mutex_);
  slots_.clear();
  recent_.clear();
}

std::shared_ptr<OpenCells::Slot> OpenCells::slot_of(const CellName& name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  auto& slot = slots_[name];
  if (!slot) slot = std::make_shared<Slot>();
  const auto known = std::find(recent_.begin(), recent_.end(), name);
  if (known != recent_.end()) recent_.erase(known);
  recent_.push_back(name);
  auto found = slot;
  if (recent_.size() > kKeptCells) {
    slots_.erase(recent_.front());
    recent_.erase(recent_.begin());
  }
  return found;
}

}  // namespace topobathy
