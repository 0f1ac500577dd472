// Provider cells (tier 3): what is read back of a layer, whole or in parts.
#include <gtest/gtest.h>

#include <cmath>

#include "analytic_layer.h"
#include "cache/kept_layer.h"
#include "sample_cells.h"
#include "test_directory.h"

namespace topobathy {
namespace {

using testing_support::AnalyticLayer;
using testing_support::Sample;

constexpr std::int64_t kEast = 200;

/// Valid in the western part only.
Sample slope(const Lattice&, std::int64_t col, std::int64_t row) {
  if (col > kEast) return {};
  return {static_cast<float>(col) + static_cast<float>(row) * 1e-3F, 0.5F, kNoSource};
}

class KeptLayerParts : public ::testing::Test {
 protected:
  std::unique_ptr<KeptLayer> kept(const std::string& root) {
    KeptLayer::Setup setup;
    setup.layer = layer_;
    setup.ids = ids_;
    setup.provider = "gebco_2025";
    setup.identity = "{}";
    setup.root = root;
    return std::make_unique<KeptLayer>(std::move(setup));
  }
  /// The same files under another name, of which this process remembers nothing.
  std::string copy_of(const std::string& root, const std::string& name) {
    const std::string other = directory_.path() + "/" + name;
    std::filesystem::copy(root, other, std::filesystem::copy_options::recursive);
    return other;
  }
  bool read(KeptLayer& layer, const LatticeWindow& window, const LatticeWindow& core) {
    const BlockMask all(window, true);
    LayerRequest request;
    request.lattice = &lattice_;
    request.window = window;
    request.core = core;
    request.wanted = &all;
    request.counters = &counters_;
    planes_ = {};
    planes_.window = window;
    planes_.elevation.reshape(window.width, window.height);
    planes_.uncertainty.reshape(window.width, window.height);
    planes_.source.reshape(window.width, window.height);
    return std::holds_alternative<LayerRead>(layer.read(request, planes_));
  }
  /// Elevations everywhere, uncertainties in the core.
  void expect_slope(const LatticeWindow& core) {
    const LatticeWindow& window = planes_.window;
    for (std::int64_t r = window.row; r < window.bottom(); ++r)
      for (std::int64_t c = window.col; c < window.right(); ++c) {
        const Sample want = slope(lattice_, c, r);
        const float got = planes_.elevation.at(c - window.col, r - window.row);
        ASSERT_TRUE(got == want.elevation || (std::isnan(got) && std::isnan(want.elevation)))
            << c << ' ' << r;
        if (!core.contains(LatticeWindow{c, r, 1, 1}) || std::isnan(got)) continue;
        ASSERT_EQ(0.5F, planes_.uncertainty.at(c - window.col, r - window.row));
      }
  }

  TestDirectory directory_;
  const Lattice lattice_ = sample::degrees(11);  // 506 pixels a cell: 2 x 2 chunks
  const LatticeWindow cell_ = lattice_.cell_window({0, 0});
  const std::shared_ptr<AnalyticLayer> layer_ = std::make_shared<AnalyticLayer>(slope);
  const std::shared_ptr<SourceIds> ids_ = std::make_shared<MemorySourceIds>();
  Counters counters_;
  LayerPlanes planes_;
};

TEST_F(KeptLayerParts, ANeighboursEdgeIsReadInPartsAndIsTheSame) {
  const std::string root = directory_.path() + "/first";
  const LatticeWindow wide = cell_.grow(cell_.width, cell_.height);
  EXPECT_TRUE(read(*kept(root), wide, wide));
  expect_slope(wide);
  const int reads = layer_->reads();
  EXPECT_EQ(9, reads);
  const auto again = kept(copy_of(root, "second"));
  EXPECT_TRUE(read(*again, cell_.grow(20, 20), cell_));
  expect_slope(cell_);
  EXPECT_EQ(reads, layer_->reads()) << "nothing was asked of the layer";
  EXPECT_EQ(9, counters_.provider_cells_from_cache);
  EXPECT_TRUE(read(*again, wide, wide)) << "parts that were read are not taken for cells";
  expect_slope(wide);
  EXPECT_EQ(reads, layer_->reads());
}

TEST_F(KeptLayerParts, WhetherThereIsAnythingIsSaidOfTheBlocksAskedFor) {
  const auto layer = kept(directory_.path() + "/first");
  const LatticeWindow east{2 * kBlock * (kEast / kBlock), 0, kBlock, kBlock};
  EXPECT_TRUE(read(*layer, cell_, cell_));
  EXPECT_FALSE(read(*layer, east, east)) << "the cell has values, but not there";
}

}  // namespace
}  // namespace topobathy
