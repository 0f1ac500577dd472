#include "fusion/take_inventory.h"

#include <gtest/gtest.h>

#include "fusion/error.h"

namespace topobathy {
namespace {

using Access = InventoryItem::Access;
using State = LayerInventory::State;

InventoryItem item(const std::string& url, Access access, std::int64_t size) {
  InventoryItem item;
  item.id = item.url = url;
  item.access = access;
  item.size = size;
  return item;
}

LayerInventory with(std::vector<InventoryItem> items) {
  LayerInventory inventory;
  inventory.items = std::move(items);
  return inventory;
}

TEST(InventorySums, sort_what_is_wanted_by_how_it_is_got_at) {
  const auto sums =
      sums_of({with({item("a", Access::kDownload, 10), item("b", Access::kDownload, -1),
                     item("c", Access::kStream, 7), item("d", Access::kService, -1),
                     item("e", Access::kFile, 100)})});
  EXPECT_EQ(sums.taken, 5U);
  EXPECT_EQ(sums.fetch.files, 2U);
  EXPECT_EQ(sums.fetch.bytes, 10);
  EXPECT_EQ(sums.fetch.unsized, 1U);
  EXPECT_EQ(sums.windows.bytes, 7);
  EXPECT_EQ(sums.service.files, 1U);
}

TEST(InventorySums, what_is_at_hand_or_left_out_is_not_fetched) {
  InventoryItem raw = item("a", Access::kDownload, 10), old = item("b", Access::kDownload, 20);
  raw.at_hand = true;
  old.excluded = "superseded";
  const auto sums = sums_of({with({raw, old})});
  EXPECT_EQ(sums.taken, 1U);
  EXPECT_EQ(sums.at_hand, 1U);
  EXPECT_EQ(sums.left_out, 1U);
  EXPECT_EQ(sums.fetch.files, 0U);
}

TEST(InventorySums, a_file_that_two_steps_take_is_fetched_once) {
  const InventoryItem file = item("a", Access::kDownload, 10);
  const auto sums = sums_of({with({file}), with({file})});
  EXPECT_EQ(sums.taken, 2U);
  EXPECT_EQ(sums.fetch.files, 1U);
  EXPECT_EQ(sums.fetch.bytes, 10);
}

/// Tells what it was asked, or fails.
class AskedLayer final : public LayerSource {
 public:
  explicit AskedLayer(std::string failure = {}) : failure_(std::move(failure)) {}
  std::vector<InventoryRequest> asked;

  LayerInventory inventory(const InventoryRequest& request) override {
    asked.push_back(request);
    if (!failure_.empty()) throw Error(ErrorCode::kUnreadable, failure_);
    return with({item("a", Access::kStream, 1)});
  }
  bool may_cover(const Lattice&, const LatticeWindow&) override { return true; }
  std::vector<SourceRevision> revisions(const Lattice&, const LatticeWindow&) override {
    return {};
  }
  LayerOutcome read(const LayerRequest&, LayerPlanes&) override {
    ADD_FAILURE() << "a pixel was read";
    return NoCoverage{};
  }
  std::optional<LonLatBox> lonlat_extent() override { return std::nullopt; }
  std::size_t named_sources() const override { return 1; }
  std::vector<SourceId> source_ids(bool) override { return {}; }
  bool revalidate() override { return false; }

 private:
  const std::string failure_;
};

Lattice metres() {
  CrsTraits traits;
  traits.kind = CrsTraits::Kind::kProjected;
  return Lattice::from_resolution("EPSG:32619", traits, 10.0);  // cells of 512 pixels
}

PlannedStep step_of(std::shared_ptr<AskedLayer> layer, double feather = 0.0) {
  PlannedStep step;
  step.name = "step";
  step.rule.own.op = feather > 0 ? Operator::kMetricFeather : Operator::kOverwrite;
  step.rule.own.distance = feather;
  step.source = std::move(layer);
  return step;
}

TEST(TakeInventory, looks_as_far_as_the_blend_does) {
  const auto hard = std::make_shared<AskedLayer>(), soft = std::make_shared<AskedLayer>();
  FusePlan plan;
  plan.steps = {step_of(hard), step_of(soft, 100.0)};
  const Lattice lattice = metres();
  take_inventory(plan, lattice, cells_of(lattice, {512, 512, 600, 10}));
  const LatticeWindow cells{512, 512, 1024, 512};
  ASSERT_EQ(hard->asked.size(), 1U);
  EXPECT_EQ(hard->asked[0].cells.size(), 2U);
  EXPECT_EQ(hard->asked[0].reach, cells);
  EXPECT_TRUE(soft->asked[0].reach.contains(cells.grow(10, 10)));
}

TEST(TakeInventory, a_failure_leaves_the_other_steps) {
  FusePlan plan;
  plan.steps = {step_of(std::make_shared<AskedLayer>("it is down")),
                step_of(std::make_shared<AskedLayer>())};
  const Lattice lattice = metres();
  const Inventory inventory = take_inventory(plan, lattice, {{0, 0}});
  ASSERT_EQ(inventory.steps.size(), 2U);
  EXPECT_EQ(inventory.steps[0].state, State::kFailed);
  EXPECT_EQ(inventory.steps[0].messages, std::vector<std::string>{"it is down"});
  EXPECT_EQ(inventory.steps[1].state, State::kKnown);
  EXPECT_EQ(inventory.steps[1].items.size(), 1U);
}

/// A square of lattice pixels, one unit ten metres.
std::shared_ptr<const ZoneMask> zone(const Lattice& lattice, const LatticeWindow& w) {
  const double left = lattice.x(w.col), right = lattice.x(w.right());
  const double top = lattice.y(w.row), bottom = lattice.y(w.bottom());
  return std::make_shared<const ZoneMask>(
      std::vector<ZoneMask::Ring>{{{left, bottom}, {right, bottom}, {right, top}, {left, top}}});
}

TEST(TakeInventory, cells_beside_the_zone_are_not_asked_about) {
  const auto layer = std::make_shared<AskedLayer>();
  const Lattice lattice = metres();
  FusePlan plan;
  plan.steps = {step_of(layer)};
  plan.steps[0].zone = zone(lattice, {100, 100, 50, 50});
  const std::vector<CellIndex> row = cells_of(lattice, {0, 0, 4 * 512, 512});
  take_inventory(plan, lattice, row);
  ASSERT_EQ(layer->asked.size(), 1U);
  EXPECT_EQ(layer->asked[0].cells.size(), 1U);
  EXPECT_EQ(layer->asked[0].reach, (LatticeWindow{0, 0, 512, 512}));

  const Inventory elsewhere = take_inventory(plan, lattice, {{3, 0}});
  EXPECT_EQ(elsewhere.steps[0].state, State::kElsewhere);
  EXPECT_EQ(layer->asked.size(), 1U);
}

}  // namespace
}  // namespace topobathy
