#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "fusion/layer_source.h"
#include "providers/datum/vertical_shift.h"

namespace topobathy {

/// A layer whose heights are brought from its own vertical CRS to the policy's. The shift is asked
/// at every eighth pixel of the anchored blocks and is bilinear between (geoid and datum grids are
/// a kilometre wide and smooth: below 30 m pixels that is beyond a millimetre). A pixel with a
/// height where the grid has none is a failure.
class ShiftedLayer final : public LayerSource {
 public:
  ShiftedLayer(std::shared_ptr<LayerSource> layer, std::string from, std::string to)
      : layer_(std::move(layer)), from_(std::move(from)), to_(std::move(to)) {}

  bool may_cover(const Lattice& lattice, const LatticeWindow& window) override {
    return layer_->may_cover(lattice, window);
  }
  std::vector<SourceRevision> revisions(const Lattice& lattice,
                                        const LatticeWindow& window) override;
  LayerOutcome read(const LayerRequest& request, LayerPlanes& planes) override;
  std::optional<LonLatBox> lonlat_extent() override { return layer_->lonlat_extent(); }
  std::size_t named_sources() const override { return layer_->named_sources(); }
  std::vector<SourceId> source_ids(bool look) override { return layer_->source_ids(look); }
  bool revalidate() override { return layer_->revalidate(); }
  SourceReport report(const Lattice& lattice) override { return layer_->report(lattice); }

 private:
  VerticalShift shift_on(const std::string& crs);
  /// \returns false when a pixel with a height has no shift
  static bool shift_block(const VerticalShift& shift, const Lattice& lattice,
                          const LatticeWindow& block, LayerPlanes& planes);

  const std::shared_ptr<LayerSource> layer_;
  const std::string from_;
  const std::string to_;
};

}  // namespace topobathy
