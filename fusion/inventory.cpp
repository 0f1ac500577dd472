#include "fusion/inventory.h"

#include <set>

namespace topobathy {
namespace {

using Access = InventoryItem::Access;

void add(const InventoryItem& item, Amount& amount) {
  ++amount.files;
  if (item.size < 0)
    ++amount.unsized;
  else
    amount.bytes += item.size;
}

/// Adds an item that is taken and not at hand.
void add_wanted(const InventoryItem& item, std::set<std::string>& fetched, InventorySums& sums) {
  switch (item.access) {
    case Access::kFile:
      return;
    case Access::kStream:
      return add(item, sums.windows);
    case Access::kService:
      return add(item, sums.service);
    case Access::kDownload:
      if (fetched.insert(item.url).second) add(item, sums.fetch);
  }
}

}  // namespace

InventorySums sums_of(const std::vector<LayerInventory>& steps) {
  InventorySums sums;
  std::set<std::string> fetched;
  for (const LayerInventory& step : steps) {
    for (const InventoryItem& item : step.items) {
      if (!item.excluded.empty()) {
        ++sums.left_out;
        continue;
      }
      ++sums.taken;
      if (item.at_hand)
        ++sums.at_hand;
      else
        add_wanted(item, fetched, sums);
    }
  }
  return sums;
}

}  // namespace topobathy
