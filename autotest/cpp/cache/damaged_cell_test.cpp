// Law 4: whatever happens to the bytes of a stored cell, reading gives that cell or a miss.
#include <gtest/gtest.h>

#include "cache/cell_codec.h"
#include "cell_matchers.h"
#include "sample_cells.h"

namespace topobathy {
namespace {

class DamagedCell : public ::testing::Test {
 protected:
  static CellKey small_key() { return sample::key(sample::degrees(86)); }
  /// Few bytes, so that every one can be tried: constant planes but for a corner.
  static FusedCell small_cell(const CellKey& key) {
    FusedCell cell;
    cell.window = key.lattice.cell_window(key.cell);
    const auto edge = cell.window.width;
    cell.elevation = Plane<float>(edge, edge, -12.5f);
    cell.uncertainty = Plane<float>(edge, edge, kNoValue);
    cell.source = Plane<SourceId>(edge, edge, 70000);
    cell.elevation.at(0, 0) = 3.25f;
    cell.sources = {{70000, sample::record("a")}};
    cell.outcomes = {{"hidden", StepOutcome::Status::kOccluded, 0, ""},
                     {"base", StepOutcome::Status::kOk, edge * edge, ""}};
    cell.revisions = {std::nullopt, {{{"/data/a.tif", "4711-1700000000"}}}};
    return cell;
  }

  /// Counts the reads that gave the cell; any other cell fails the test.
  void expect_right_or_miss(const Bytes& file, const std::string& what) {
    const auto read = decode_cell(file, key_);
    if (!read) return;
    ++hits_;
    ASSERT_TRUE(same_cell(*read, cell_)) << what;
  }

  const CellKey key_ = small_key();
  const FusedCell cell_ = small_cell(key_);
  const Bytes file_ = encode_cell(key_, cell_, "", "2024-01-01T00:00:00Z");
  int hits_ = 0;
};

TEST_F(DamagedCell, flipped_bits_of_any_byte) {
  for (std::size_t i = 0; i < file_.size(); ++i)
    for (const int pattern : {1 << (i % 8), 0xff}) {
      Bytes damaged = file_;
      damaged[i] = static_cast<unsigned char>(damaged[i] ^ pattern);
      expect_right_or_miss(damaged, "byte " + std::to_string(i));
      if (HasFatalFailure()) return;
    }
  // Some bytes mean nothing to the reader (dates, other readers' metadata); most do.
  EXPECT_GT(hits_, 0);
}

TEST_F(DamagedCell, bits_of_compressed_pixels_and_tables_never_pass) {
  const std::string text(file_.begin(), file_.end());
  const std::size_t chunk = text.find("elevation/0.0") + std::string("elevation/0.0").size();
  const std::size_t tables = text.find(".zmetadata") + std::string(".zmetadata").size();
  for (const std::size_t start : {chunk, tables})
    for (std::size_t i = start; i < start + 64; ++i) {
      Bytes damaged = file_;
      damaged[i] = static_cast<unsigned char>(damaged[i] ^ 0x10);
      EXPECT_FALSE(decode_cell(damaged, key_)) << i;
    }
}

TEST_F(DamagedCell, truncated_at_every_length) {
  for (std::size_t size = 0; size < file_.size(); ++size) {
    const Bytes damaged(file_.begin(), file_.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(decode_cell(damaged, key_)) << size;
  }
}

TEST_F(DamagedCell, garbage_appended_or_in_front) {
  for (const std::size_t size : {1u, 7u, 22u, 1000u, 70000u}) {
    Bytes appended = file_;
    appended.resize(file_.size() + size, 0xa5);
    expect_right_or_miss(appended, "appended " + std::to_string(size));
    Bytes prepended(size, 0xa5);
    prepended.insert(prepended.end(), file_.begin(), file_.end());
    expect_right_or_miss(prepended, "in front " + std::to_string(size));
  }
}

TEST_F(DamagedCell, zeroed_sectors) {
  for (std::size_t start = 0; start < file_.size(); start += 512) {
    Bytes damaged = file_;
    std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(start),
                std::min<std::size_t>(512, file_.size() - start), static_cast<unsigned char>(0));
    expect_right_or_miss(damaged, "sector at " + std::to_string(start));
  }
}

}  // namespace
}  // namespace topobathy
