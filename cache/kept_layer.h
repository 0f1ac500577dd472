#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cache/cell_store.h"
#include "cache/single_flight.h"
#include "fusion/error.h"
#include "fusion/layer_source.h"

namespace topobathy {

/// A layer whose pixels are kept on disk cell by cell (tier 3), as they lie on the lattice before
/// they meet other layers: a policy that orders or blends its steps otherwise needs neither the
/// files nor the archive again.
///
/// A cell that is read for itself is kept whole; of one that only lends its edge to a neighbour the
/// blocks that were asked for are kept, and others are added when somebody needs them. What failed
/// is not kept. What the sources were stands in the cell; another revision is a miss.
class KeptLayer final : public LayerSource {
 public:
  struct Setup {
    std::shared_ptr<LayerSource> layer;
    std::shared_ptr<SourceIds> ids;
    std::string provider;  ///< canonical name: the folder below the root
    std::string identity;  ///< layer_json()
    std::string root;      ///< of the cache, a folder
    std::string crs_wkt;   ///< of the lattice, for other readers of the files
    bool may_write = true;
    /// Told once when a cell cannot be stored or looked for.
    std::function<void(const std::string&)> warn;
    /// Where cells lie, if not below the root: that then has all else (locks).
    std::shared_ptr<ObjectStore> objects = nullptr;
  };
  explicit KeptLayer(Setup setup);
  ~KeptLayer() override;

  bool may_cover(const Lattice& lattice, const LatticeWindow& window) override;
  std::vector<SourceRevision> revisions(const Lattice& lattice,
                                        const LatticeWindow& window) override;
  LayerOutcome read(const LayerRequest& request, LayerPlanes& planes) override;
  std::optional<LonLatBox> lonlat_extent() override;
  std::size_t named_sources() const override;
  std::vector<SourceId> source_ids(bool look) override;
  bool revalidate() override;
  SourceReport report(const Lattice& lattice) override;
  LayerInventory inventory(const InventoryRequest& request) override;

 private:
  struct Wanted;
  struct Made;
  void tell_trouble(const Error& error) const;
  template <class Look>
  auto looked_for(const Look& look) const -> decltype(look());
  CellPointer find(const Wanted& wanted, const std::vector<SourceRevision>& now) const;
  CellPointer find_part(const Wanted& wanted, const std::vector<SourceRevision>& now,
                        const BandSelection& bands) const;
  Made make(const Wanted& wanted, const CellPointer& old, Counters* counters);
  std::vector<SourceRevision> revisions_now(const Wanted& wanted, Counters* counters);
  Made cell(const Wanted& wanted, const BandSelection& bands, Counters* counters);
  std::vector<Wanted> wanted_cells(const LayerRequest& request) const;
  static bool give_blocks(const LayerRequest& request, const Wanted& wanted, const FusedCell* cell,
                          LayerPlanes& planes);
  void store(const Wanted& wanted, const FusedCell& cell);
  CellCount count_stored(const InventoryRequest& request);
  Wanted wanted_cell(const Lattice& lattice, CellIndex cell, const LatticeWindow& core) const;

  const Setup setup_;
  const std::string hash_;  ///< of the identity
  CellStore store_;
};

}  // namespace topobathy
