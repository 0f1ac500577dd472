#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "cache/cell_service.h"
#include "fusion/fused_raster.h"

namespace topobathy {

/// What equal requests share: the policy made ready, its grid and its cells.
struct SharedPolicy {
  Policy policy;
  Lattice lattice;
  LatticeWindow extent;
  int coarsest = 0;
  std::string crs_wkt;
  std::unique_ptr<CellService> cells;
};

/// Lattice coordinates to longitude and latitude; given by the providers, which know PROJ.
using ToLonLat = std::function<LonLat(double x, double y)>;

/// A shared policy as one dataset sees it: with counters of its own and a number of threads.
/// Thread-safe.
class PolicyRaster final : public FusedRaster {
 public:
  PolicyRaster(std::shared_ptr<SharedPolicy> shared, ToLonLat to_lonlat, int threads);

  const Policy& policy() const override { return shared_->policy; }
  const Lattice& lattice() const override { return shared_->lattice; }
  const LatticeWindow& extent() const override { return shared_->extent; }
  int coarsest_level() const override { return shared_->coarsest; }
  const std::string& crs_wkt() const override { return shared_->crs_wkt; }
  void read_parts(int level, const LatticeWindow& window, const BandSelection& bands,
                  const PartSink& sink, const Progress& progress) override;
  Coverage coverage(int level, const LatticeWindow& window) override;
  PixelExplanation explain(int level, std::int64_t col, std::int64_t row) override;
  HydratedCell hydrate(int level, CellIndex cell) override;
  StoredCells stored(int level, const std::vector<CellIndex>& cells) override;
  Inventory inventory(int level, const std::vector<CellIndex>& cells) override;
  std::vector<std::pair<SourceId, SourceRecord>> sources() override;
  std::vector<int> steps_of(const std::vector<std::pair<SourceId, SourceRecord>>& sources) override;
  std::optional<std::string> revisions_now(int level, const LatticeWindow& fused,
                                           const std::string& seen) override;
  const Counters& counters() const override { return counters_; }
  void refresh() override;

 private:
  /// The window read last, and the bands that were asked of it and of the one before.
  struct Turn {
    int level = -1;
    LatticeWindow window;
    BandSelection asked{false, false, false};
    BandSelection asked_before{false, false, false};
  };
  void begin();
  void descend_to_shoalest(int& level, std::int64_t& col, std::int64_t& row);
  void remember(const FusedCell& cell);
  struct Expected;
  Expected expect(int level, const LatticeWindow& window, const BandSelection& bands);

  const std::shared_ptr<SharedPolicy> shared_;
  const ToLonLat to_lonlat_;
  const std::size_t threads_;
  Counters counters_;
  std::once_flag begun_;
  std::mutex mutex_;
  std::set<SourceId> seen_;  ///< ids that reads have returned
  Turn turn_;
};

}  // namespace topobathy
