#include "cache/tiers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cache/cell_store.h"
#include "providers/http/part_file.h"
#include "sample_cells.h"

namespace topobathy {
namespace {

const std::string kHash(64, 'a');

struct Row {
  std::string path;
  ItemKind kind;
  int tier;
  std::string provider;
  std::string group;
};

const std::vector<Row>& rows() {
  using K = ItemKind;
  static const std::vector<Row> kRows = {
      {"tiles/visual/hillshade/13/2418/3075_0a1b2c3d.png", K::kTile, 1, "", "visual/hillshade"},
      {"tiles/data/13/2418/3075_0a1b2c3d.npy", K::kTile, 1, "", "data"},
      {"tiles/data/13/2418/3075_0a1b2c3d.npz", K::kTile, 1, "", "data"},
      {"tiles/raw/0/0/0_0a1b2c3d.tif", K::kTile, 1, "", "raw"},
      {"tiles/data/13/2418/3075_0a1b2c3d_meta.json", K::kTileCompanion, 1, "", "data"},
      {"tiles/visual/v/13/2418/3075_0a1b2c3d_src.npz", K::kTileCompanion, 1, "", "visual/v"},
      {"tiles/visual/13/2418/3075_0a1b2c3d.png", K::kForeign, 0, "", ""},
      {"tiles/data/13/2418/3075_0a1b2c3.npy", K::kForeign, 0, "", ""},
      {"tiles/data/13/2418/-1_0a1b2c3d.npy", K::kForeign, 0, "", ""},
      {"tiles/data/13/2418/3075_0a1b2c3d.exe", K::kForeign, 0, "", ""},
      {"tiles/data/x/2418/3075_0a1b2c3d.npy", K::kForeign, 0, "", ""},
      {"fused_zarr/0123abcd/" + kHash + ".zarr.zip", K::kFusedCell, 2, "", "0123abcd"},
      {"fused_zarr/" + kHash + ".zarr.zip", K::kForeign, 0, "", ""},
      {"fused_zarr/0123abcd/notes.txt", K::kForeign, 0, "", ""},
      {"ncei_bag/zarr/" + kHash + ".zarr.zip", K::kProviderCell, 3, "ncei_bag", ""},
      {"raster/zarr/" + kHash + ".zarr.zip", K::kProviderCell, 3, "raster", ""},
      {"usgs_lidar/grids/x_4m.tif", K::kPointGrid, 3, "usgs_lidar", ""},
      {"usgs_lidar/grids/x_4m.tif.aux.xml", K::kFileCompanion, 3, "usgs_lidar", ""},
      {"ncei_bag/discovery.sqlite", K::kDiscovery, 4, "ncei_bag", ""},
      {"ncei_bag/discovery.sqlite-wal", K::kSqliteSide, 4, "ncei_bag", ""},
      {"noaa_bluetopo/BlueTopo_Tile_Scheme.gpkg", K::kDiscoveryFile, 4, "noaa_bluetopo", ""},
      {"noaa_bluetopo/sidecars/a.tiff.aux.xml", K::kDiscoveryFile, 4, "noaa_bluetopo", ""},
      {"noaa_topobathy/tile_index/a.shp", K::kDiscoveryFile, 4, "noaa_topobathy", ""},
      {"ncei_bag/raw/H1.bag", K::kRawFile, 5, "ncei_bag", ""},
      {"ncei_cudem/raw/a.tif.edition.json", K::kFileCompanion, 5, "ncei_cudem", ""},
      {"gebco_2025/raw/t.tif.aux.xml", K::kFileCompanion, 5, "gebco_2025", ""},
      {"raster/headers.sqlite", K::kHeaderCache, 0, "raster", ""},
      {"raster/headers.sqlite-journal", K::kSqliteSide, 0, "raster", ""},
      {"ncei_bag/headers.sqlite", K::kForeign, 0, "", ""},
      {"sources.sqlite", K::kRegistry, 0, "", ""},
      {"sources.sqlite-shm", K::kSqliteSide, 0, "", ""},
      {"hydration_jobs/4711.json", K::kJob, 0, "", ""},
      {"policies/Coast.0123abcd.yaml", K::kPolicyCopy, 0, "", ""},
      {"hydration_jobs/00000000-0000-4000-8000-000000000000.cells", K::kJobCells, 0, "", ""},
      {"hydration_jobs/00000000-0000-4000-8000-000000000000.yaml", K::kPolicyCopy, 0, "", ""},
      {"locks/" + kHash + ".lock", K::kLock, 0, "", ""},
      {"ncei_bag/locks/" + kHash + ".lock", K::kLock, 0, "ncei_bag", ""},
      {"ncei_bag/raw/.locks/" + kHash + ".lock", K::kLock, 0, "ncei_bag", ""},
      {"ncei_bag/raw/x.lock", K::kRawFile, 5, "ncei_bag", ""},
      {"fused_zarr/0123abcd/.tmp-12-34", K::kTemporary, 0, "", ""},
      {"ncei_bag/raw/.tmp-H1.bag", K::kTemporary, 0, "ncei_bag", ""},
      {"ncei_bag/raw/.part-0123-45", K::kPart, 0, "ncei_bag", ""},
      {"gebco/raw/t.tif", K::kForeign, 0, "", ""},
      {"notes.txt", K::kForeign, 0, "", ""},
      {"backup/fused_zarr/0123abcd/" + kHash + ".zarr.zip", K::kForeign, 0, "", ""},
      {"", K::kForeign, 0, "", ""},
      {"/", K::kForeign, 0, "", ""},
  };
  return kRows;
}

TEST(Tiers, every_path_has_its_kind_tier_and_provider) {
  for (const Row& row : rows()) {
    const ItemClass found = classify(row.path);
    EXPECT_EQ(to_text(found.kind), std::string(to_text(row.kind))) << row.path;
    EXPECT_EQ(found.tier, row.tier) << row.path;
    EXPECT_EQ(found.provider, row.provider) << row.path;
    EXPECT_EQ(found.group, row.group) << row.path;
  }
}

TEST(Tiers, a_tile_knows_its_address) {
  const auto tile = classify("tiles/visual/v/13/2418/3075_0a1b2c3d_meta.json").tile;
  ASSERT_TRUE(tile);
  EXPECT_EQ(tile->zoom, 13);
  EXPECT_EQ(tile->x, 2418);
  EXPECT_EQ(tile->y, 3075);
  EXPECT_FALSE(classify("sources.sqlite").tile);
}

TEST(Tiers, companions_name_their_owner_and_the_other_way_round) {
  for (const Row& row : rows()) {
    for (const std::string& companion : companions_of(row.path, row.kind)) {
      const ItemKind kind = classify(companion).kind;
      EXPECT_FALSE(classify(companion).is_item()) << companion;
      EXPECT_THAT(owners_of(companion, kind), ::testing::Contains(row.path));
      EXPECT_EQ(classify(companion).tier, row.tier);
    }
    EXPECT_EQ(companions_of(row.path, row.kind).empty(), row.kind != ItemKind::kTile &&
                                                             row.kind != ItemKind::kRawFile &&
                                                             row.kind != ItemKind::kPointGrid);
  }
}

TEST(Tiers, what_the_cell_store_writes_is_a_cell) {
  const CellStore store("");
  CellKey key = sample::key(sample::degrees(80));
  EXPECT_EQ(classify(store.path_of(key).substr(1)).kind, ItemKind::kFusedCell);
  key.provider = "ncei_bag";
  EXPECT_EQ(classify(store.path_of(key).substr(1)).kind, ItemKind::kProviderCell);
}

TEST(Tiers, what_a_download_leaves_is_a_part) {
  EXPECT_TRUE(is_part_name(".part-0011-22"));
  EXPECT_EQ(classify("ncei_bag/raw/.part-0011-22").kind, ItemKind::kPart);
}

TEST(Tiers, numbers_run_from_1_and_only_the_last_is_dear) {
  for (int number = 1; number <= kTierCount; ++number) {
    EXPECT_EQ(tier(number).number, number);
    EXPECT_EQ(tier(number).dear, number == 5);
  }
}

}  // namespace
}  // namespace topobathy
