#include "providers/archive/open_cells.h"

#include <algorithm>

#include "providers/archive/tuning.h"

namespace topobathy {
namespace {

bool same_editions(const std::vector<Asset>& a, const std::vector<Asset>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Asset& x, const Asset& y) {
    return x.id == y.id && x.revision == y.revision;
  });
}

}  // namespace

OpenCells::Files OpenCells::get(const Lattice& lattice, CellIndex cell,
                                const std::vector<Asset>& now, const std::function<Files()>& open) {
  const auto slot = slot_of({lattice.level(), cell.col, cell.row});
  const std::lock_guard<std::mutex> lock(slot->mutex);
  if (slot->files && same_editions(*slot->files->assets, now)) return slot->files;
  Files files = open();
  slot->files = files->catalogue.losses().empty() ? files : nullptr;
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
