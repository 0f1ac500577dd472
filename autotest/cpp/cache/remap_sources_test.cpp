#include "cache/remap_sources.h"

#include <gtest/gtest.h>

#include "sample_cells.h"

namespace topobathy {
namespace {

using sample::record;

/// A cell of one row: one pixel an id.
FusedCell row_of(const std::vector<SourceId>& ids) {
  FusedCell cell;
  cell.window = {0, 0, static_cast<std::int64_t>(ids.size()), 1};
  cell.source = Plane<SourceId>(cell.window.width, 1);
  std::copy(ids.begin(), ids.end(), cell.source.data());
  return cell;
}

std::vector<SourceId> pixels(const FusedCell& cell) {
  return {cell.source.data(), cell.source.data() + cell.source.size()};
}

/// Ids as the test says, in place of a registry of another cache.
class GivenIds final : public SourceIds {
 public:
  explicit GivenIds(std::map<std::string, SourceId> given) : given_(std::move(given)) {}
  SourceId assign(const SourceRecord& source) override { return given_.at(source.survey_id); }
  void refresh(const SourceRecord&) override { ADD_FAILURE() << "a cell's table may be old"; }
  std::optional<SourceRecord> find(SourceId) const override { return std::nullopt; }
  std::vector<std::pair<SourceId, SourceRecord>> all() const override { return {}; }

 private:
  std::map<std::string, SourceId> given_;
};

TEST(RemapSources, ids_that_agree_change_nothing) {
  FusedCell cell = row_of({0, 70000, 70000, 80000});
  cell.sources = {{70000, record("a")}, {80000, record("b")}};
  GivenIds ids({{"a", 70000}, {"b", 80000}});
  remap_sources(cell, ids);
  EXPECT_EQ(pixels(cell), (std::vector<SourceId>{0, 70000, 70000, 80000}));
}

TEST(RemapSources, ids_that_differ_are_rewritten_and_the_table_stays_ascending) {
  FusedCell cell = row_of({0, 70000, 80000, 70000, 90000, 90000});
  cell.sources = {{70000, record("a")}, {80000, record("b")}, {90000, record("c")}};
  GivenIds ids({{"a", 99999}, {"b", 80000}, {"c", 66666}});
  remap_sources(cell, ids);
  EXPECT_EQ(pixels(cell), (std::vector<SourceId>{0, 99999, 80000, 99999, 66666, 66666}));
  ASSERT_EQ(cell.sources.size(), 3u);
  EXPECT_EQ(cell.sources[0].first, 66666u);
  EXPECT_EQ(cell.sources[0].second.survey_id, "c");
  EXPECT_EQ(cell.sources[2].first, 99999u);
  EXPECT_EQ(cell.sources[2].second.survey_id, "a");
}

TEST(RemapSources, two_sources_swap_their_ids) {
  FusedCell cell = row_of({70000, 70001, 70000});
  cell.sources = {{70000, record("a")}, {70001, record("b")}};
  GivenIds ids({{"a", 70001}, {"b", 70000}});
  remap_sources(cell, ids);
  EXPECT_EQ(pixels(cell), (std::vector<SourceId>{70001, 70000, 70001}));
}

TEST(RemapSources, the_background_keeps_its_id) {
  FusedCell cell = row_of({1, 70000});
  SourceRecord background;
  background.provider = "background";
  cell.sources = {{kBackgroundSource, background}, {70000, record("a")}};
  GivenIds ids({{"a", 70005}});
  remap_sources(cell, ids);
  EXPECT_EQ(pixels(cell), (std::vector<SourceId>{1, 70005}));
}

TEST(RemapSources, the_cells_sources_become_known) {
  FusedCell cell = row_of({70000});
  cell.sources = {{70000, record("a")}};
  MemorySourceIds ids;
  remap_sources(cell, ids);
  EXPECT_EQ(pixels(cell), std::vector<SourceId>{preferred_source_id(record("a"))});
  EXPECT_EQ(ids.all().size(), 1u);
}

TEST(RemapSources, a_cell_read_without_its_source_plane_is_renumbered_in_its_table) {
  FusedCell cell;
  cell.sources = {{70000, record("a")}};
  GivenIds ids({{"a", 70005}});
  remap_sources(cell, ids);
  EXPECT_EQ(cell.sources[0].first, 70005u);
}

}  // namespace
}  // namespace topobathy
