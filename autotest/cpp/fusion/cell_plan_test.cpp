#include "fusion/cell_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace topobathy {
namespace {

using Cell = std::tuple<int, std::int64_t, std::int64_t>;

const Lattice& lattice() {
  static const Lattice kLattice = Lattice::from_resolution("EPSG:4326", CrsTraits(), 30.0);
  return kLattice;
}

std::vector<Cell> cells(CellPlan plan) {
  std::vector<Cell> found;
  while (const auto planned = plan.next())
    found.emplace_back(planned->level, planned->cell.col, planned->cell.row);
  return found;
}

/// The cells from (left, top) to (right, bottom), their pixels exactly.
LatticeWindow window_of_cells(std::int64_t left, std::int64_t top, std::int64_t right,
                              std::int64_t bottom) {
  const LatticeWindow begin = lattice().cell_window({left, top});
  const LatticeWindow end = lattice().cell_window({right, bottom});
  return LatticeWindow::from_edges(begin.col, begin.row, end.right(), end.bottom());
}

/// The order of the cells of a small area as a drawing, 'a' first.
std::vector<std::string> drawn(const LatticeWindow& window, CellOrder order) {
  CellPlan plan({{lattice(), window}}, order);
  const CellIndex first = lattice().cell_of(window.col, window.row);
  const CellIndex last = lattice().cell_of(window.right() - 1, window.bottom() - 1);
  std::vector<std::string> rows(
      static_cast<std::size_t>(last.row - first.row + 1),
      std::string(static_cast<std::size_t>(last.col - first.col + 1), '.'));
  for (char name = 'a'; const auto planned = plan.next(); ++name)
    rows.at(static_cast<std::size_t>(planned->cell.row - first.row))
        .at(static_cast<std::size_t>(planned->cell.col - first.col)) = name;
  return rows;
}

using Drawing = std::vector<std::string>;

TEST(CellPlan, RowsGoThereAndBack) {
  EXPECT_EQ((Drawing{"abcd", "hgfe", "ijkl"}),
            drawn(window_of_cells(0, 0, 3, 2), CellOrder::kRows));
}

TEST(CellPlan, RingsGoAroundTheMiddle) {
  EXPECT_EQ((Drawing{"bcd", "iae", "hgf"}), drawn(window_of_cells(0, 0, 2, 2), CellOrder::kCentre));
  EXPECT_EQ((Drawing{"ecabdf"}), drawn(window_of_cells(0, 0, 5, 0), CellOrder::kCentre));
  EXPECT_EQ((Drawing{"a"}), drawn(window_of_cells(-7, -3, -7, -3), CellOrder::kCentre));
}

TEST(CellPlan, AnEdgeThatTouchesACellDoesNotTakeIt) {
  const LatticeWindow box = lattice().window_of(-70.80, 42.95, -70.70, 43.05);
  EXPECT_EQ(4U, cells(CellPlan({{lattice(), box}}, CellOrder::kRows)).size());
  const LatticeWindow pixel_more =
      LatticeWindow::from_edges(box.col, box.row, box.right() + 1, box.bottom());
  EXPECT_EQ(6U, cells(CellPlan({{lattice(), pixel_more}}, CellOrder::kRows)).size());
}

TEST(CellPlan, EveryOrderAndEveryNumberOfShardsGivesEachCellOnce) {
  std::mt19937 random(5);
  const auto pick = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
  };
  for (int turn = 0; turn < 200; ++turn) {
    const int left = pick(-40, 40), top = pick(-40, 40);
    const int right = left + pick(0, turn % 2 == 0 ? 30 : 2),
              bottom = top + pick(0, turn % 3 == 0 ? 2 : 30);
    const std::vector<PlannedArea> areas{
        {lattice(), window_of_cells(left, top, right, bottom)},
        {lattice().at_level(1), window_of_cells(left, top, left, bottom)}};
    std::set<Cell> expected;
    for (int row = top; row <= bottom; ++row) {
      for (int col = left; col <= right; ++col)
        expected.emplace(0, col, row);
      expected.emplace(1, left, row);
    }
    for (const CellOrder order : {CellOrder::kRows, CellOrder::kCentre}) {
      const int count = pick(1, 9);
      std::vector<Cell> all;
      for (int number = 1; number <= count; ++number) {
        const auto share = cells(CellPlan(areas, order, {number, count}));
        all.insert(all.end(), share.begin(), share.end());
      }
      EXPECT_EQ(expected.size(), all.size());
      EXPECT_EQ(expected, std::set<Cell>(all.begin(), all.end()));
    }
  }
}

TEST(CellPlan, TheCentreComesFirst) {
  CellPlan plan({{lattice(), window_of_cells(-3, 10, 9, 40)}}, CellOrder::kCentre);
  std::int64_t before = 0;
  while (const auto planned = plan.next()) {
    const std::int64_t ring =
        std::max(std::abs(planned->cell.col - 3), std::abs(planned->cell.row - 25));
    EXPECT_GE(ring, before);
    before = ring;
  }
}

TEST(CellPlan, SharesDifferByOneDealAtMost) {
  const std::vector<PlannedArea> areas{{lattice(), window_of_cells(0, 0, 99, 49)}};
  for (int number = 1; number <= 7; ++number) {
    const std::int64_t share = CellPlan(areas, CellOrder::kRows, {number, 7}).count();
    EXPECT_NEAR(5000.0 / 7, static_cast<double>(share), 16.0);
  }
}

TEST(CellPlan, OnlyCellsWithAPixelInTheMaskAreTaken) {
  // A triangle over the lower left half of 4 x 4 cells; its long side passes through the diagonal.
  const LatticeWindow window = window_of_cells(0, 0, 3, 3);
  const double left = lattice().x(window.col), right = lattice().x(window.right());
  const double top = lattice().y(window.row), bottom = lattice().y(window.bottom());
  const ZoneMask::Ring triangle{{left, top}, {left, bottom}, {right, bottom}};
  const auto mask = std::make_shared<const ZoneMask>(std::vector<ZoneMask::Ring>{triangle});
  CellPlan plan({{lattice(), window, mask}}, CellOrder::kRows);
  Drawing rows(4, "....");
  while (const auto planned = plan.next())
    rows.at(static_cast<std::size_t>(planned->cell.row))
        .at(static_cast<std::size_t>(planned->cell.col)) = '#';
  EXPECT_EQ((Drawing{"#...", "##..", "###.", "####"}), rows);
}

TEST(CellPlan, AMillionCellsAreCountedAndAnEmptyAreaHasNone) {
  EXPECT_EQ(1000000,
            CellPlan({{lattice(), window_of_cells(0, 0, 999, 999)}}, CellOrder::kCentre).count());
  EXPECT_EQ(1000000,
            CellPlan({{lattice(), window_of_cells(0, 0, 999999, 0)}}, CellOrder::kCentre).count());
  EXPECT_EQ(0, CellPlan({{lattice(), {5, 5, 0, 3}}}, CellOrder::kRows).count());
  EXPECT_EQ(0, CellPlan({}, CellOrder::kRows).count());
}

}  // namespace
}  // namespace topobathy
