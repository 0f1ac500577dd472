// Law 4 and law 7 of cells: what is kept holds, and who is hidden is not asked.
#include "cache/cell_service.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "cache/policy_copy.h"
#include "fusion/error.h"
#include "fusion/step_revisions.h"
#include "sample_cells.h"
#include "test_directory.h"
#include "told_layer.h"

namespace topobathy {
namespace {

using testing_support::ToldLayer;

/// A plan of two steps, `lower` under `upper`, and services over one cache.
class CellServiceTest : public ::testing::Test {
 protected:
  CellServiceTest() {
    cell_memory().clear();
    plan_->ids = ids_;
    plan_->steps = {step("lower", lower_), step("upper", upper_)};
  }
  static PlannedStep step(const std::string& name, std::shared_ptr<LayerSource> source) {
    PlannedStep result;
    result.name = name;
    result.provider = result.record.provider = "raster";
    result.record.key = "step:" + name;
    result.record.whole_step = true;
    result.source = std::move(source);
    return result;
  }
  std::unique_ptr<CellService> service(CacheMode mode) const {
    CellService::Setup setup;
    setup.plan = plan_;
    setup.policy_hash = std::string(64, 'a');
    setup.scope = "/policies";
    setup.overview = overview_;
    setup.mode = mode;
    setup.root = directory_.path();
    return std::make_unique<CellService>(std::move(setup));
  }
  /// A service that finds nothing in memory, as in a new process.
  std::unique_ptr<CellService> new_process(CacheMode mode) {
    cell_memory().clear();
    lower_->count_anew();
    upper_->count_anew();
    return service(mode);
  }
  CellPointer cell(CellService& service, int level = 0, CellIndex index = {}) {
    const Lattice lattice = lattice_.at_level(level);
    const LatticeWindow whole = lattice.cell_window(index);
    return service.cell(lattice, index, {whole, whole, false}, {}, &counters_);
  }
  float pixel(CellService& service, int level = 0) {
    return cell(service, level)->elevation.at(0, 0);
  }
  std::int64_t fused() { return counters_.cells_fused.exchange(0); }
  std::int64_t from_cache() { return counters_.cells_from_cache.exchange(0); }

  TestDirectory directory_;
  const Lattice lattice_ = sample::degrees(86);
  const std::shared_ptr<ToldLayer> lower_ = std::make_shared<ToldLayer>(1.0F);
  const std::shared_ptr<ToldLayer> upper_ = std::make_shared<ToldLayer>(2.0F);
  const std::shared_ptr<SourceIds> ids_ = std::make_shared<MemorySourceIds>();
  const std::shared_ptr<FusePlan> plan_ = std::make_shared<FusePlan>();
  OverviewRule overview_ = OverviewRule::kMean;
  Counters counters_;
};

constexpr CacheMode kModes[] = {CacheMode::kReadWrite, CacheMode::kReadOnly, CacheMode::kOff};

TEST_F(CellServiceTest, the_first_stored_cell_brings_a_copy_of_the_policy) {
  const auto copies = [this] { return policy_copies(directory_.path()); };
  const auto with_text = [this](CacheMode mode) {
    cell_memory().clear();
    CellService::Setup setup;
    setup.plan = plan_;
    setup.policy_hash = "0123abcd" + std::string(56, 'f');
    setup.policy_name = "Told layers";
    setup.policy_text = "name: Told layers\n";
    setup.mode = mode;
    setup.root = directory_.path();
    return std::make_unique<CellService>(std::move(setup));
  };
  for (const CacheMode mode : {CacheMode::kOff, CacheMode::kReadOnly})
    pixel(*with_text(mode));
  EXPECT_TRUE(copies().empty());
  const auto service = with_text(CacheMode::kReadWrite);
  EXPECT_TRUE(copies().empty());
  pixel(*service);
  ASSERT_EQ(copies().size(), 1U);
  EXPECT_EQ(copies()[0].path, directory_.path() + "/policies/Toldlayers.0123abcd.yaml");
}

TEST_F(CellServiceTest, a_hidden_step_is_asked_nothing_cold_or_warm) {
  for (const CacheMode mode : kModes) {
    const auto cells = new_process(mode);
    EXPECT_EQ(pixel(*cells), 2.0F);
    EXPECT_EQ(pixel(*cells), 2.0F) << "from memory";
    EXPECT_EQ(pixel(*service(mode)), 2.0F) << "from another service's memory";
    EXPECT_EQ(pixel(*new_process(mode)), 2.0F) << "from the cache";
    EXPECT_EQ(lower_->asked(), 0) << static_cast<int>(mode);
  }
  EXPECT_GT(from_cache(), 0);
}

TEST_F(CellServiceTest, a_warm_cell_asks_the_seen_steps_once) {
  pixel(*service(CacheMode::kReadWrite));
  for (const CacheMode mode : {CacheMode::kReadWrite, CacheMode::kReadOnly}) {
    const auto cells = new_process(mode);
    for (int k = 0; k < 3; ++k)
      pixel(*cells);
    EXPECT_EQ(upper_->asked(), 1);
    EXPECT_EQ(upper_->revisions_asked(), 1);
    EXPECT_EQ(from_cache(), 1);
  }
  EXPECT_EQ(fused(), 1);
}

TEST_F(CellServiceTest, a_digest_of_revisions_holds_as_long_as_the_cell) {
  const auto cells = service(CacheMode::kReadWrite);
  const CellPointer made = cell(*cells);
  const std::string seen = seen_steps(made->revisions), digest = revisions_digest(made->revisions);
  EXPECT_EQ(seen, "01") << "the lower step is hidden";
  const auto now = [&] { return cells->revisions_now(lattice_, made->fused, seen); };
  EXPECT_EQ(now(), digest);
  lower_->change(7.0F);
  cells->revalidate();
  EXPECT_EQ(now(), digest) << "hidden";
  upper_->change(3.0F);
  cells->revalidate();
  EXPECT_NE(now(), digest);
  EXPECT_EQ(now(), revisions_digest(cell(*cells)->revisions));
  EXPECT_FALSE(cells->revisions_now(lattice_, made->fused, "1")) << "of another policy";
}

TEST_F(CellServiceTest, a_cell_dropped_from_memory_asks_nobody_again) {
  const auto cells = service(CacheMode::kReadWrite);
  pixel(*cells);
  upper_->count_anew();
  cell_memory().clear();
  EXPECT_EQ(pixel(*cells), 2.0F);
  EXPECT_EQ(from_cache(), 1);
  EXPECT_EQ(upper_->asked(), 0);
}

TEST_F(CellServiceTest, a_change_of_a_hidden_source_keeps_the_cell) {
  for (const CacheMode mode : kModes) {
    const auto cells = service(mode);
    pixel(*cells);
    fused();
    lower_->change(7.0F);
    lower_->count_anew();
    cells->revalidate();
    EXPECT_EQ(pixel(*cells), 2.0F);
    if (mode != CacheMode::kOff) {
      EXPECT_EQ(pixel(*new_process(mode)), 2.0F);
    }
    EXPECT_EQ(fused(), 0) << static_cast<int>(mode);
    EXPECT_EQ(lower_->asked(), 0);
  }
}

TEST_F(CellServiceTest, a_change_of_a_seen_source_is_a_miss) {
  float value = 2.0F;
  for (const CacheMode mode : kModes) {
    const auto cells = service(mode);
    EXPECT_EQ(pixel(*cells), value);
    fused();
    upper_->change(++value);
    cells->revalidate();
    EXPECT_EQ(pixel(*cells), value) << static_cast<int>(mode);
    EXPECT_EQ(fused(), 1);
  }
}

TEST_F(CellServiceTest, a_change_between_two_processes_is_a_miss) {
  pixel(*service(CacheMode::kReadWrite));
  upper_->change(3.0F);
  EXPECT_EQ(pixel(*new_process(CacheMode::kReadOnly)), 3.0F);
  EXPECT_EQ(pixel(*new_process(CacheMode::kReadWrite)), 3.0F);
  EXPECT_EQ(fused(), 3);
  EXPECT_EQ(pixel(*new_process(CacheMode::kReadOnly)), 3.0F);
  EXPECT_EQ(from_cache(), 1);
}

TEST_F(CellServiceTest, a_step_that_comes_to_light_is_read_and_from_then_on_checked) {
  for (const CacheMode mode : kModes) {
    lower_->change(1.0F);
    upper_->change(2.0F);
    const auto cells = service(mode);
    EXPECT_EQ(pixel(*cells), 2.0F);
    upper_->change(kNoValue);  // nothing any more
    cells->revalidate();
    EXPECT_EQ(pixel(*cells), 1.0F) << static_cast<int>(mode);
    lower_->change(5.0F);
    cells->revalidate();
    EXPECT_EQ(pixel(*cells), 5.0F);
    if (mode == CacheMode::kReadWrite) {
      fused();
      lower_->change(6.0F);
      EXPECT_EQ(pixel(*new_process(mode)), 6.0F);
      EXPECT_EQ(fused(), 1);
    }
    upper_->change(9.0F);
    cells->revalidate();
    EXPECT_EQ(pixel(*cells), 9.0F) << "hidden again";
  }
}

TEST_F(CellServiceTest, a_step_that_shows_anywhere_in_the_cell_is_checked) {
  upper_->cover_west_of(lattice_.cell_window({}).right() - 1);
  pixel(*service(CacheMode::kReadWrite));
  EXPECT_GT(lower_->reads(), 0);
  lower_->change(8.0F);
  EXPECT_EQ(cell(*new_process(CacheMode::kReadWrite))->elevation.at(64, 0), 8.0F);
}

TEST_F(CellServiceTest, steps_below_a_changed_one_are_not_asked_whether_they_hold) {
  upper_->change(kNoValue);
  pixel(*service(CacheMode::kReadWrite));
  upper_->change(2.0F);  // hides what the stored cell shows
  EXPECT_EQ(pixel(*new_process(CacheMode::kReadWrite)), 2.0F);
  EXPECT_EQ(lower_->asked(), 0);
}

TEST_F(CellServiceTest, a_step_whose_zone_is_elsewhere_is_asked_nothing) {
  const double edge = lattice_.x(lattice_.cell_window({1, 0}).right() + 500);
  plan_->steps[1].zone = std::make_shared<const ZoneMask>(
      std::vector<ZoneMask::Ring>{{{edge, -1.0}, {edge + 1, -1.0}, {edge + 1, 1.0}, {edge, 1.0}}});
  EXPECT_EQ(pixel(*service(CacheMode::kReadWrite)), 1.0F);
  EXPECT_EQ(pixel(*new_process(CacheMode::kReadWrite)), 1.0F);
  EXPECT_EQ(upper_->asked(), 0);
  EXPECT_EQ(fused(), 1);
}

TEST_F(CellServiceTest, a_source_that_changes_while_it_is_fused_is_not_kept) {
  for (const CacheMode mode : kModes) {
    upper_->change(2.0F);
    const auto cells = new_process(mode);
    upper_->while_reading([&] { upper_->change(4.0F); });
    pixel(*cells);
    upper_->while_reading(nullptr);
    fused();
    EXPECT_EQ(pixel(*cells), 4.0F) << static_cast<int>(mode);
    EXPECT_EQ(fused(), 1) << "what was read before the change is in no cache";
    EXPECT_EQ(pixel(*cells), 4.0F);
    EXPECT_EQ(fused(), 0);
  }
  EXPECT_EQ(pixel(*new_process(CacheMode::kReadOnly)), 4.0F);
}

TEST_F(CellServiceTest, who_comes_after_a_change_is_not_given_the_cell_that_was_begun_before) {
  const auto cells = service(CacheMode::kReadWrite);
  std::promise<void> reading, go_on;
  const auto may_go_on = go_on.get_future().share();
  std::atomic<bool> first{true};
  upper_->while_reading([&] {
    if (!first.exchange(false)) return;
    reading.set_value();
    may_go_on.wait();
  });
  auto early = std::async(std::launch::async, [&] { return pixel(*cells); });
  reading.get_future().wait();
  upper_->change(3.0F);
  cells->revalidate();
  auto late = std::async(std::launch::async, [&] { return pixel(*cells); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // let it join the flight
  go_on.set_value();
  EXPECT_EQ(early.get(), 2.0F);
  EXPECT_EQ(late.get(), 3.0F);
  EXPECT_EQ(pixel(*new_process(CacheMode::kReadOnly)), 3.0F);
}

TEST_F(CellServiceTest, a_step_that_cannot_tell_its_revisions_has_failed) {
  upper_->refuse_revisions("no grid for this datum");
  try {
    pixel(*service(CacheMode::kReadWrite));
    FAIL() << "on_error: fail";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("upper"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("no grid"), std::string::npos) << error.what();
  }
  plan_->steps[1].on_error = OnError::kSkip;
  const auto cells = service(CacheMode::kReadWrite);
  const CellPointer without = cell(*cells);
  EXPECT_EQ(without->elevation.at(0, 0), 1.0F);
  EXPECT_FALSE(without->complete());
  upper_->refuse_revisions("");
  EXPECT_EQ(pixel(*cells), 2.0F) << "an incomplete cell is not kept";
}

TEST_F(CellServiceTest, a_hidden_step_is_asked_nothing_for_shoalest_overviews) {
  overview_ = OverviewRule::kShoalest;
  for (const CacheMode mode : kModes) {
    const auto cells = new_process(mode);
    EXPECT_EQ(pixel(*cells, 2), 2.0F);
    EXPECT_EQ(pixel(*new_process(mode), 2), 2.0F);
    EXPECT_EQ(lower_->asked(), 0) << static_cast<int>(mode);
  }
}

TEST_F(CellServiceTest, a_shoalest_overview_holds_as_long_as_what_any_of_its_cells_shows) {
  overview_ = OverviewRule::kShoalest;
  upper_->cover_west_of(lattice_.cell_window({1, 0}).right() - 1);  // hides all but in two cells
  const CellPointer coarse = cell(*service(CacheMode::kReadWrite), 1);
  ASSERT_EQ(coarse->revisions.size(), 2U);
  EXPECT_TRUE(coarse->revisions[0]);
  fused();
  cell(*new_process(CacheMode::kReadWrite), 1);
  EXPECT_EQ(fused(), 0);
  lower_->change(50.0F);
  EXPECT_EQ(cell(*new_process(CacheMode::kReadWrite), 1)->elevation.at(64, 0), 50.0F);
  EXPECT_EQ(fused(), 2) << "the two cells in which it is hidden hold";
}

TEST_F(CellServiceTest, a_shoalest_overview_whose_cells_change_under_it_is_not_kept) {
  overview_ = OverviewRule::kShoalest;
  const auto cells = service(CacheMode::kReadWrite);
  int reads = 0;
  upper_->while_reading([&] {
    if (++reads != 4) return;  // three of the four are made
    upper_->change(4.0F);
  });
  pixel(*cells, 1);
  cells->revalidate();
  upper_->while_reading(nullptr);
  EXPECT_EQ(pixel(*cells, 1), 4.0F);
  EXPECT_EQ(pixel(*new_process(CacheMode::kReadOnly), 1), 4.0F);
}

using Outcome = HydratedCell::Outcome;

TEST_F(CellServiceTest, a_cell_is_hydrated_once) {
  EXPECT_EQ(service(CacheMode::kReadWrite)->hydrate(lattice_, {}, &counters_).outcome,
            Outcome::kMade);
  const auto cells = new_process(CacheMode::kReadWrite);
  EXPECT_EQ(cells->hydrate(lattice_, {}, &counters_).outcome, Outcome::kCached);
  EXPECT_EQ(upper_->reads(), 0);
  EXPECT_EQ(fused(), 1);
  upper_->change(5.0F);
  cells->revalidate();
  EXPECT_EQ(cells->hydrate(lattice_, {}, &counters_).outcome, Outcome::kMade);
  EXPECT_EQ(pixel(*new_process(CacheMode::kReadOnly)), 5.0F);
}

TEST_F(CellServiceTest, a_cell_that_is_in_memory_only_is_hydrated_too) {
  const auto cells = service(CacheMode::kReadWrite);
  pixel(*cells);
  std::filesystem::remove_all(directory_.path() + "/fused_zarr");
  EXPECT_EQ(cells->hydrate(lattice_, {}, &counters_).outcome, Outcome::kMade);
  EXPECT_EQ(fused(), 1);
  EXPECT_EQ(new_process(CacheMode::kReadWrite)->hydrate(lattice_, {}, &counters_).outcome,
            Outcome::kCached);
}

TEST_F(CellServiceTest, a_step_that_fails_is_named_and_the_cell_not_stored) {
  upper_->refuse_revisions("no answer");
  for (const OnError on_error : {OnError::kFail, OnError::kSkip}) {
    plan_->steps.back().on_error = on_error;
    const auto cells = new_process(CacheMode::kReadWrite);
    const HydratedCell hydrated = cells->hydrate(lattice_, {}, &counters_);
    EXPECT_EQ(hydrated.outcome, Outcome::kFailed);
    EXPECT_EQ(hydrated.step, "upper");
    EXPECT_EQ(hydrated.reason, "step 'upper': no answer");
  }
  upper_->refuse_revisions("");
  EXPECT_EQ(new_process(CacheMode::kReadWrite)->hydrate(lattice_, {}, &counters_).outcome,
            Outcome::kMade);
}

TEST_F(CellServiceTest, a_cell_that_cannot_be_written_is_not_hydrated) {
  std::ofstream(directory_.path() + "/fused_zarr") << "a file where the folder belongs";
  const HydratedCell hydrated = service(CacheMode::kReadWrite)->hydrate(lattice_, {}, &counters_);
  EXPECT_EQ(hydrated.outcome, Outcome::kFailed);
  EXPECT_NE(hydrated.reason.find("fused_zarr"), std::string::npos) << hydrated.reason;
  EXPECT_THROW(service(CacheMode::kReadOnly)->hydrate(lattice_, {}, &counters_), Error);
}

TEST_F(CellServiceTest, a_source_that_changes_meanwhile_leaves_nothing) {
  const auto cells = service(CacheMode::kReadWrite);
  upper_->while_reading([&] { upper_->change(9.0F); });
  const HydratedCell hydrated = cells->hydrate(lattice_, {}, &counters_);
  EXPECT_EQ(hydrated.outcome, Outcome::kFailed);
  EXPECT_EQ(hydrated.reason, "its sources changed while it was made; the next run makes it");
}

}  // namespace
}  // namespace topobathy
