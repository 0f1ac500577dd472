#include "cache/cell_memory.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace topobathy {
namespace {

/// A cell whose three planes take 12 * edge^2 bytes.
CellPointer cell_of(std::int64_t edge) {
  auto cell = std::make_shared<FusedCell>();
  cell->elevation = cell->uncertainty = Plane<float>(edge, edge, 0.0f);
  cell->source = Plane<SourceId>(edge, edge, kNoSource);
  return cell;
}

constexpr std::int64_t kEdge = 100;
constexpr std::size_t kPixelBytes = 12 * kEdge * kEdge;
constexpr std::size_t kRoomForTwo = 2 * kPixelBytes + kPixelBytes / 2;

TEST(CellMemory, gives_back_the_very_cell) {
  CellMemory memory(kRoomForTwo);
  const CellPointer cell = cell_of(kEdge);
  memory.insert("a", cell);
  EXPECT_EQ(memory.find("a"), cell);
  EXPECT_EQ(memory.find("b"), nullptr);
}

TEST(CellMemory, counts_pixels_and_some_overhead) {
  CellMemory memory(kRoomForTwo);
  memory.insert("a", cell_of(kEdge));
  EXPECT_GT(memory.bytes(), kPixelBytes);
  EXPECT_LT(memory.bytes(), kPixelBytes + 4096);
}

TEST(CellMemory, the_least_recently_used_goes_first) {
  CellMemory memory(kRoomForTwo);
  memory.insert("a", cell_of(kEdge));
  memory.insert("b", cell_of(kEdge));
  EXPECT_TRUE(memory.find("a"));
  memory.insert("c", cell_of(kEdge));
  EXPECT_TRUE(memory.find("a"));
  EXPECT_FALSE(memory.find("b"));
  EXPECT_TRUE(memory.find("c"));
  EXPECT_LE(memory.bytes(), kRoomForTwo);
}

TEST(CellMemory, a_cell_larger_than_the_limit_is_not_kept_and_pushes_nobody_out) {
  CellMemory memory(kRoomForTwo);
  memory.insert("a", cell_of(kEdge));
  memory.insert("big", cell_of(3 * kEdge));
  EXPECT_FALSE(memory.find("big"));
  EXPECT_TRUE(memory.find("a"));
}

TEST(CellMemory, a_reserve_lets_a_row_of_cells_fit_until_all_is_dropped) {
  CellMemory memory(kRoomForTwo);
  memory.reserve(3 * kRoomForTwo);
  memory.reserve(kRoomForTwo);  // the larger wish holds
  for (const char* key : {"a", "b", "c", "d", "e"})
    memory.insert(key, cell_of(kEdge));
  EXPECT_TRUE(memory.find("a"));
  memory.clear();
  for (const char* key : {"a", "b", "c"})
    memory.insert(key, cell_of(kEdge));
  EXPECT_FALSE(memory.find("a"));
}

TEST(CellMemory, a_new_cell_takes_the_place_of_its_name) {
  CellMemory memory(kRoomForTwo);
  memory.insert("a", cell_of(kEdge));
  const auto before = memory.bytes();
  const CellPointer newer = cell_of(kEdge);
  memory.insert("a", newer);
  EXPECT_EQ(memory.find("a"), newer);
  EXPECT_EQ(memory.bytes(), before);
}

TEST(CellMemory, a_limit_of_zero_keeps_nothing) {
  CellMemory memory(0);
  memory.insert("a", cell_of(1));
  EXPECT_FALSE(memory.find("a"));
  EXPECT_EQ(memory.bytes(), 0u);
}

TEST(CellMemory, clear_forgets_but_a_held_cell_lives_on) {
  CellMemory memory(kRoomForTwo);
  memory.insert("a", cell_of(kEdge));
  const CellPointer held = memory.find("a");
  memory.clear();
  EXPECT_FALSE(memory.find("a"));
  EXPECT_EQ(memory.bytes(), 0u);
  EXPECT_EQ(held->elevation.width(), kEdge);
}

TEST(CellMemory, serves_many_threads_within_its_limit) {
  CellMemory memory(10 * kPixelBytes);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&memory, t] {
      for (int i = 0; i < 300; ++i) {
        const std::string key = std::to_string((i * 7 + t) % 20);
        if (!memory.find(key)) memory.insert(key, cell_of(kEdge));
        if (i % 100 == 99) memory.clear();
      }
    });
  for (auto& thread : threads)
    thread.join();
  EXPECT_LE(memory.bytes(), 10 * kPixelBytes);
}

}  // namespace
}  // namespace topobathy
