#include "cache/cell_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>
#include <functional>

#include "cache/cell_attributes.h"
#include "cache/cell_codec.h"
#include "cache/zarr_reader.h"
#include "cache/zarr_writer.h"
#include "cell_matchers.h"
#include "fusion/error.h"
#include "sample_cells.h"
#include "test_directory.h"

namespace topobathy {
namespace {

class CellStoreTest : public ::testing::Test {
 protected:
  TestDirectory directory_;
  CellStore store_{directory_.path()};
  CellKey key_ = sample::key(sample::degrees(80));
};

TEST_F(CellStoreTest, a_stored_cell_reads_back_bit_for_bit) {
  FusedCell cell = sample::terrain(key_);
  // NaN with another payload, minus zero and a denormal are values like any other.
  const std::uint32_t odd_nan = 0x7fc12345u;
  std::memcpy(&cell.elevation.at(0, 0), &odd_nan, sizeof odd_nan);
  cell.elevation.at(1, 0) = -0.0f;
  cell.elevation.at(2, 0) = 1e-42f;
  store_.write(key_, cell);
  const auto read = store_.read(key_);
  ASSERT_TRUE(read);
  EXPECT_TRUE(same_cell(*read, cell));
}

TEST_F(CellStoreTest, cells_of_every_lattice_read_back) {
  for (const Lattice& lattice :
       {sample::degrees(80), sample::degrees(11), sample::degrees(11).at_level(3),
        sample::metres(10), sample::degrees(5.5)}) {
    const CellKey key = sample::key(lattice, {-3, 7});
    store_.write(key, sample::terrain(key));
    const auto read = store_.read(key);
    ASSERT_TRUE(read) << lattice.cell_size();
    EXPECT_TRUE(same_cell(*read, sample::terrain(key))) << lattice.cell_size();
  }
}

TEST_F(CellStoreTest, a_cell_without_any_value_reads_back) {
  FusedCell cell;
  cell.window = key_.lattice.cell_window(key_.cell);
  const auto edge = cell.window.width;
  cell.elevation = cell.uncertainty = Plane<float>(edge, edge, kNoValue);
  cell.source = Plane<SourceId>(edge, edge, kNoSource);
  store_.write(key_, cell);
  const auto read = store_.read(key_);
  ASSERT_TRUE(read);
  EXPECT_TRUE(same_cell(*read, cell));
}

TEST_F(CellStoreTest, the_path_is_policy8_and_key_hash) {
  EXPECT_EQ(store_.path_of(key_),
            directory_.path() + "/fused_zarr/aaaaaaaa/" + key_.path_hash() + ".zarr.zip");
  EXPECT_EQ(key_.path_hash().size(), 64u);
}

TEST_F(CellStoreTest, what_was_never_stored_is_a_miss) {
  EXPECT_FALSE(store_.read(key_));
}

TEST_F(CellStoreTest, a_cell_of_other_revisions_takes_the_place) {
  store_.write(key_, sample::terrain(key_));
  FusedCell newer = sample::terrain(key_, 1.0);
  newer.revisions[1]->front().revision = "4711-1800000000";
  newer.revisions[0].emplace();  // seen by now
  store_.write(key_, newer);
  EXPECT_TRUE(same_cell(*store_.read(key_), newer));
  EXPECT_EQ(directory_.files().size(), 1u);
}

TEST_F(CellStoreTest, a_hidden_step_is_told_from_one_without_sources) {
  store_.write(key_, sample::terrain(key_));
  const auto read = store_.read(key_, {true, false, false});
  ASSERT_TRUE(read);
  ASSERT_EQ(read->revisions.size(), 3u);
  EXPECT_FALSE(read->revisions[0]);
  EXPECT_EQ(read->revisions[1]->size(), 2u);
  ASSERT_TRUE(read->revisions[2]);
  EXPECT_TRUE(read->revisions[2]->empty());
}

TEST_F(CellStoreTest, a_cell_whose_revisions_are_not_one_a_step_is_refused) {
  FusedCell cell = sample::terrain(key_);
  cell.revisions.pop_back();
  EXPECT_THROW(store_.write(key_, cell), Error);
}

TEST_F(CellStoreTest, a_file_moved_to_the_name_of_another_key_is_a_miss) {
  store_.write(key_, sample::terrain(key_));
  CellKey other = key_;
  other.cell.col += 1;
  std::filesystem::copy_file(store_.path_of(key_), store_.path_of(other));
  EXPECT_FALSE(store_.read(other));
}

TEST_F(CellStoreTest, only_the_bands_asked_for_are_decoded) {
  const FusedCell cell = sample::terrain(key_);
  store_.write(key_, cell);
  const auto read = store_.read(key_, {true, false, false});
  ASSERT_TRUE(read);
  EXPECT_TRUE(same_bits(read->elevation, cell.elevation));
  EXPECT_TRUE(read->uncertainty.empty());
  EXPECT_TRUE(read->source.empty());
  EXPECT_EQ(read->sources.size(), 3u);
}

TEST_F(CellStoreTest, an_incomplete_cell_is_refused) {
  FusedCell cell = sample::terrain(key_);
  cell.outcomes[1].status = StepOutcome::Status::kFailed;
  EXPECT_THROW(store_.write(key_, cell), Error);
  EXPECT_TRUE(directory_.files().empty());
}

TEST_F(CellStoreTest, a_cell_whose_pixel_names_an_unlisted_source_is_refused) {
  FusedCell cell = sample::terrain(key_);
  cell.source.at(5, 5) = 123456;
  EXPECT_THROW(store_.write(key_, cell), Error);
}

TEST_F(CellStoreTest, a_cell_of_another_window_is_refused) {
  FusedCell cell = sample::terrain(key_);
  cell.window.col += 1;
  EXPECT_THROW(store_.write(key_, cell), Error);
}

TEST_F(CellStoreTest, names_that_are_not_utf8_survive) {
  key_.scope =
      "/donn\xe9"
      "es";
  FusedCell cell = sample::terrain(key_);
  cell.revisions[1]->front().source =
      "/donn\xe9"
      "es/a.tif";
  cell.sources[0].second.key =
      "/donn\xe9"
      "es/a.tif";
  cell.sources[1].second.institution =
      "Service hydrographique, Qu\xc3\xa9"
      "bec";
  store_.write(key_, cell);
  const auto read = store_.read(key_);
  ASSERT_TRUE(read);
  EXPECT_TRUE(same_cell(*read, cell));
  CellKey other = key_;
  other.scope =
      "/donn\xe8"
      "es";
  EXPECT_NE(store_.path_of(other), store_.path_of(key_));
}

TEST_F(CellStoreTest, things_at_the_path_that_are_no_cells_are_misses) {
  const std::string path = store_.path_of(key_);
  std::filesystem::create_directories(path);
  EXPECT_FALSE(store_.read(key_));
  std::filesystem::remove(path);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_FALSE(store_.read(key_));
  std::filesystem::remove(path);
  std::ofstream(path) << "";
  EXPECT_FALSE(store_.read(key_));
  std::ofstream(path) << "PK\5\6 not a zip";
  EXPECT_FALSE(store_.read(key_));
  std::ofstream(path).close();
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40);  // sparse: must not be read at all
  EXPECT_FALSE(store_.read(key_));
}

TEST_F(CellStoreTest, the_same_cell_makes_the_same_bytes) {
  const FusedCell cell = sample::terrain(key_);
  EXPECT_EQ(encode_cell(key_, cell, "", "2024-01-01T00:00:00Z"),
            encode_cell(key_, cell, "", "2024-01-01T00:00:00Z"));
}

/// A group with right attributes for `key` whose planes were made by `add`.
Bytes forged(const CellKey& key, const std::function<void(ZarrWriter&)>& add) {
  ZarrWriter writer;
  add(writer);
  return writer.finish(
      cell_attributes(key, sample::terrain(key), writer.checksums(), "2024-01-01T00:00:00Z"));
}

TEST_F(CellStoreTest, planes_of_another_size_or_type_are_a_miss) {
  const FusedCell cell = sample::terrain(key_);
  const auto planes = [&](const Plane<float>& elevation) {
    return forged(key_, [&](ZarrWriter& writer) {
      writer.add_plane("elevation", elevation, {});
      writer.add_plane("uncertainty", cell.uncertainty, {});
      writer.add_plane("source_id", cell.source, {});
    });
  };
  EXPECT_TRUE(decode_cell(planes(cell.elevation), key_));
  EXPECT_FALSE(decode_cell(planes(Plane<float>(4096, 4096, 0.0f)), key_));
  EXPECT_FALSE(decode_cell(planes(Plane<float>(cell.window.width, 1, 0.0f)), key_));
  const auto swapped = forged(key_, [&](ZarrWriter& writer) {
    writer.add_plane("elevation", cell.source, {});
    writer.add_plane("uncertainty", cell.uncertainty, {});
    writer.add_plane("source_id", cell.source, {});
  });
  EXPECT_FALSE(decode_cell(swapped, key_));
  const auto missing =
      forged(key_, [&](ZarrWriter& writer) { writer.add_plane("elevation", cell.elevation, {}); });
  EXPECT_FALSE(decode_cell(missing, key_));
  EXPECT_TRUE(decode_cell(missing, key_, {true, false, false}));
}

TEST_F(CellStoreTest, every_attribute_of_the_key_is_compared) {
  const FusedCell cell = sample::terrain(key_);
  const Bytes file = encode_cell(key_, cell, "", "");
  ASSERT_TRUE(decode_cell(file, key_));
  CellKey other = key_;
  other.policy_hash.back() = 'x';
  EXPECT_FALSE(decode_cell(file, other));
  other = key_;
  other.scope += "/elsewhere";
  EXPECT_FALSE(decode_cell(file, other));
  other = key_;
  other.cell.row += 1;
  EXPECT_FALSE(decode_cell(file, other));
  other = key_;
  other.lattice = key_.lattice.at_level(1);
  EXPECT_FALSE(decode_cell(file, other));
  other = key_;
  other.lattice = Lattice::from_resolution("EPSG:4269", CrsTraits{}, 80);
  EXPECT_FALSE(decode_cell(file, other));
}

}  // namespace
}  // namespace topobathy
