#include "providers/archive/archive_inventory.h"

#include <utility>

#include "fusion/error.h"
#include "providers/archive/archive_terms.h"
#include "providers/archive/asset_item.h"
#include "providers/archive/home_cells.h"
#include "providers/archive/tuning.h"

namespace topobathy {
namespace {

/// Whether no network is needed; where that cannot be said, the inventory says why.
bool is_at_hand(Archive& archive, const Asset& asset, double pixel, LayerInventory& inventory) {
  try {
    return archive.is_local(asset, pixel);
  } catch (const Error& error) {
    inventory.state = LayerInventory::State::kFailed;
    inventory.messages.push_back(error.message());
    return false;
  }
}

/// Those in the box; where an offline archive cannot be asked, none, and the inventory says why.
std::vector<Candidate> find_listed(Archive& archive, const LonLatBox& box, bool offline,
                                   LayerInventory& inventory) {
  try {
    return archive.find(box);
  } catch (const Error& error) {
    if (!offline) throw;
    inventory.state = LayerInventory::State::kOffline;
    inventory.listed = false;
    inventory.messages.push_back(error.message());
    return {};
  }
}

}  // namespace

LayerInventory archive_inventory(Archive& archive, const Step& step, bool offline,
                                 const InventoryRequest& request) {
  const Lattice& lattice = *request.lattice;
  LayerInventory inventory;
  const auto box = box_around(lattice, home_window(lattice, request.reach),
                              kSourceReach * archive.coarsest_pixel());
  if (!box) return inventory;
  require_askable(*box);
  const auto candidates = find_listed(archive, *box, offline, inventory);
  const double pixel = nominal_pixel(lattice);
  for (auto candidate = candidates.rbegin(); candidate != candidates.rend(); ++candidate) {
    InventoryItem item = item_of(*candidate, step);
    item.at_hand = item.excluded.empty() && is_at_hand(archive, candidate->asset, pixel, inventory);
    inventory.items.push_back(std::move(item));
  }
  return inventory;
}

}  // namespace topobathy
