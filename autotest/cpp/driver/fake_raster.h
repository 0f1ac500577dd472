#pragma once

#include <ogr_spatialref.h>

#include <atomic>
#include <cmath>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "driver/gdal_compat.h"
#include "fusion/error.h"
#include "fusion/fused_raster.h"
#include "fusion/lattice.h"

namespace topobathy::testing_support {

/// A source of which nothing but its key is stated.
inline SourceRecord keyed(std::string provider, std::string key) {
  SourceRecord record;
  record.provider = std::move(provider);
  record.key = std::move(key);
  return record;
}

/// A fused raster whose pixels are formulas of level and lattice pixel, so that a test knows every
/// value without an engine.
class FakeFusedRaster : public FusedRaster {
 public:
  using Elevation = std::function<float(int level, std::int64_t col, std::int64_t row)>;
  using Source = std::function<SourceId(int level, std::int64_t col, std::int64_t row)>;

  explicit FakeFusedRaster(LatticeWindow extent = {51200, -460800, 1024, 512}, int coarsest = 2)
      : lattice_(Lattice::from_resolution("EPSG:32619", projected(), 10.0)),
        extent_(extent),
        coarsest_(coarsest) {
    OGRSpatialReference srs;
    srs.importFromEPSG(32619);
    set_crs(srs);
    policy_.name = "Fake coast";
    policy_.version = "3";
    policy_.hash = std::string(64, 'a');
    SourceRecord survey;
    survey.provider = "ncei_bag";
    survey.key = "H1";
    survey.survey_id = "H12345";
    survey.institution = "NOAA <OCS>";
    survey.date_start = "2015-01-02";
    survey.license_name = "CC0-1.0";
    known = {{70000, survey}, {70001, keyed("raster", "dem.tif")}};
  }

  /// Rises 1 m a level-0 column and 1000 m a level-0 row; the level shows as a fraction no mean of
  /// whole pixels has.
  static float plane_elevation(int level, std::int64_t col, std::int64_t row) {
    const double size = std::ldexp(1.0, level);
    return static_cast<float>((static_cast<double>(col) + 0.5) * size - 51200.0 +
                              1000.0 * ((static_cast<double>(row) + 0.5) * size + 460800.0));
  }

  Elevation elevation = plane_elevation;
  Source source = [](int, std::int64_t col, std::int64_t) -> SourceId {
    return 70000 + static_cast<SourceId>(col & 1);
  };
  std::vector<std::pair<SourceId, SourceRecord>> known;
  std::function<void()> before_read;  ///< may throw
  Coverage covered = Coverage::kPartial;

  const Policy& policy() const override { return policy_; }
  const Lattice& lattice() const override { return lattice_; }
  const LatticeWindow& extent() const override { return extent_; }
  int coarsest_level() const override { return coarsest_; }
  const std::string& crs_wkt() const override { return wkt_; }

  void read_parts(int level, const LatticeWindow& window, const BandSelection& bands,
                  const PartSink& sink, const Progress& progress) override {
    if (before_read) before_read();
    note({level, window, bands});
    const Lattice lattice = lattice_.at_level(level);
    const CellIndex first = lattice.cell_of(window.col, window.row);
    const CellIndex last = lattice.cell_of(window.right() - 1, window.bottom() - 1);
    const auto cells = static_cast<double>((last.col - first.col + 1) * (last.row - first.row + 1));
    double done = 0;
    for (CellIndex index = first; index.row <= last.row; ++index.row)
      for (index.col = first.col; index.col <= last.col; ++index.col) {
        if (progress && !progress(done++ / cells))
          throw Error(ErrorCode::kCancelled, "Stopped by the caller");
        const LatticeWindow part = lattice.cell_window(index).intersect(window);
        sink(make_part(level, part, bands), part);
        ++parts;
      }
    ++counters_.cells_fused;
  }
  Coverage coverage(int, const LatticeWindow&) override { return covered; }
  PixelExplanation explain(int level, std::int64_t col, std::int64_t row) override {
    PixelExplanation pixel;
    pixel.lon = -70.5;
    pixel.lat = 43.25;
    pixel.elevation = elevation(level, col, row);
    pixel.uncertainty = std::nan("");
    pixel.source_id = 70000;
    PixelContribution part;
    part.step = "survey";
    part.provider = "ncei_bag";
    part.source_id = 70000;
    part.source = known.front().second;
    part.elevation = pixel.elevation;
    part.uncertainty = 0.5;
    part.weight = 0.75;
    part.distance = std::nan("");
    part.rule = "metric_feather 200 m";
    pixel.contributions = {part};
    pixel.outcomes = {{"survey", StepOutcome::Status::kOk, 5, ""}};
    return pixel;
  }
  HydratedCell hydrate(int, CellIndex) override { return {}; }
  StoredCells stored(int, const std::vector<CellIndex>&) override { return {}; }
  Inventory inventory(int, const std::vector<CellIndex>&) override { return {}; }
  std::vector<std::pair<SourceId, SourceRecord>> sources() override { return known; }
  std::vector<int> steps_of(
      const std::vector<std::pair<SourceId, SourceRecord>>& sources) override {
    return std::vector<int>(sources.size(), 0);
  }
  std::optional<std::string> revisions_now(int, const LatticeWindow&, const std::string&) override {
    return std::nullopt;
  }
  const Counters& counters() const override { return counters_; }
  void refresh() override { ++refreshed; }

  struct Read {
    int level;
    LatticeWindow window;
    BandSelection bands;
  };
  std::vector<Read> reads() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return reads_;
  }
  Policy& mutable_policy() { return policy_; }
  void set_crs(const OGRSpatialReference& srs) {
    char* text = nullptr;
    const char* const options[] = {"FORMAT=WKT2_2019", nullptr};
    srs.exportToWkt(&text, options);
    wkt_ = text;
    CPLFree(text);
  }
  std::atomic<int> refreshed{0};
  std::atomic<int> parts{0};  ///< handed on by reads

 private:
  FusedCell make_part(int level, const LatticeWindow& window, const BandSelection& bands) const {
    FusedCell cell;
    cell.window = window;
    if (bands.elevation) cell.elevation.reshape(window.width, window.height);
    if (bands.uncertainty) cell.uncertainty.reshape(window.width, window.height);
    if (bands.source) cell.source.reshape(window.width, window.height);
    for (std::int64_t r = 0; r < window.height; ++r)
      for (std::int64_t c = 0; c < window.width; ++c) {
        const float value = elevation(level, window.col + c, window.row + r);
        if (bands.elevation) cell.elevation.at(c, r) = value;
        if (bands.uncertainty) cell.uncertainty.at(c, r) = value * 0.01f;
        if (bands.source)
          cell.source.at(c, r) =
              std::isnan(value) ? kNoSource : source(level, window.col + c, window.row + r);
      }
    return cell;
  }
  static CrsTraits projected() {
    CrsTraits traits;
    traits.kind = CrsTraits::Kind::kProjected;
    return traits;
  }
  void note(const Read& read) {
    const std::lock_guard<std::mutex> lock(mutex_);
    reads_.push_back(read);
  }

  Policy policy_;
  Lattice lattice_;
  LatticeWindow extent_;
  int coarsest_;
  std::string wkt_;
  Counters counters_;
  mutable std::mutex mutex_;
  std::vector<Read> reads_;
};

}  // namespace topobathy::testing_support
