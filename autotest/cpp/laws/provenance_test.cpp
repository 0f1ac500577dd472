// Law 5: every valid pixel names its source, and no id stands for two sources.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>

#include "laws/law_test.h"
#include "laws/random_policy.h"

namespace topobathy {
namespace {

using testing_support::LawTest;
using testing_support::RandomPolicy;
using testing_support::read_all;
using testing_support::SmallRaster;
using testing_support::write_raster;

class Provenance : public LawTest {
 protected:
  static std::set<SourceId> ids_of(const LayerPlanes& planes) {
    std::set<SourceId> ids(planes.source.data(), planes.source.data() + planes.source.size());
    ids.erase(kNoSource);
    return ids;
  }
};

TEST_F(Provenance, EveryValidPixelNamesASourceOfTheTable) {
  for (unsigned seed = 0; seed < 24; ++seed) {
    RandomPolicy random(seed, directory().path(), 30);
    const std::string variable = seed % 3 == 0 ? "  background: -500\n" : "";
    const auto raster = open(policy(random.root("EPSG:4326"), random.steps(), variable));
    const LayerPlanes planes = read_all(*raster, static_cast<int>(seed % 3), raster->extent());
    for (std::size_t p = 0; p < planes.source.size(); ++p)
      ASSERT_EQ(planes.source.data()[p] == kNoSource, std::isnan(planes.elevation.data()[p]))
          << "seed " << seed << '\n'
          << random.steps();
    std::map<SourceId, SourceRecord> table;
    std::set<std::pair<std::string, std::string>> keys;
    for (const auto& [id, record] : raster->sources()) {
      EXPECT_TRUE(table.emplace(id, record).second) << "one row an id";
      EXPECT_TRUE(keys.emplace(record.provider, record.key).second) << "one id a source";
    }
    for (const SourceId id : ids_of(planes))
      EXPECT_EQ(table.count(id), 1U) << id << ", seed " << seed;
    forget();
  }
}

TEST_F(Provenance, TwoMachinesGiveTheSameIds) {
  RandomPolicy random(3, directory().path(), 30);
  const std::string file = policy(random.root("EPSG:4326"), random.steps());
  OpenRequest one = request(file, CacheMode::kReadWrite), other = one;
  other.cache_dir = path("other_cache");
  const auto here = open_policy(one);
  const LayerPlanes first = read_all(*here);
  forget();
  const auto there = open_policy(other);
  const LayerPlanes second = read_all(*there);
  EXPECT_EQ(testing_support::difference(first, second), "");
  EXPECT_FALSE(ids_of(first).empty());
  const auto rows = here->sources(), other_rows = there->sources();
  ASSERT_EQ(rows.size(), other_rows.size());
  for (std::size_t k = 0; k < rows.size(); ++k) {
    EXPECT_EQ(rows[k].first, other_rows[k].first);
    EXPECT_EQ(rows[k].second.key, other_rows[k].second.key);
  }
}

/// Ids of datasets without a cache do not depend on what the process has opened before: with a few
/// hundred policies two steps prefer one id.
TEST_F(Provenance, IdsDoNotDependOnWhatWasOpenedBefore) {
  SmallRaster raster;
  raster.left = -70.76, raster.top = 43.01, raster.pixel = 0.0005;
  raster.width = raster.height = 4;
  raster.value = [](int, int) { return -5.0; };
  write_raster(path("a.tif"), raster);
  for (int k = 0; k < 600; ++k) {
    const auto fused = open(
        policy("crs: EPSG:4326\nresolution: 30\nextent: [0, 0, 0.001, 0.001]\n",
               "  - {provider: raster, path: a.tif, background: " + std::to_string(k) + "}\n"));
    const LayerPlanes planes = read_all(*fused, 0, {0, 0, 1, 1});
    SourceRecord step;
    for (const auto& [id, record] : fused->sources())
      if (id == planes.source.at(0, 0)) step = record;
    ASSERT_EQ(planes.source.at(0, 0), preferred_source_id(step)) << k;
  }
}

/// The cells kept by the process must not carry one dataset's ids into another that never gave
/// them.
TEST_F(Provenance, CellsKeptInMemoryNameTheirSourcesInEveryDataset) {
  SmallRaster raster;
  raster.left = -70.76, raster.top = 43.01, raster.pixel = 0.0005;
  raster.width = raster.height = 40;
  raster.value = [](int c, int) { return c < 20 ? -5.0 : std::nan(""); };
  write_raster(path("a.tif"), raster);
  const std::string file =
      policy("crs: EPSG:4326\nresolution: 30\nextent: [-70.76, 42.99, -70.74, 43.01]\n",
             "  - {provider: raster, path: a.tif, background: -9}\n");
  const auto off = open(file, CacheMode::kOff);
  read_all(*off);
  for (const CacheMode mode : {CacheMode::kReadWrite, CacheMode::kReadOnly, CacheMode::kOff}) {
    const auto again = open(file, mode);
    std::set<SourceId> table;
    const LayerPlanes planes = read_all(*again);
    for (const auto& [id, record] : again->sources())
      table.insert(id);
    for (const SourceId id : ids_of(planes))
      EXPECT_EQ(table.count(id), 1U) << id << " in mode " << static_cast<int>(mode);
    EXPECT_EQ(ids_of(planes).size(), 2U);
  }
}

/// Two policies, each in a folder of its own, whose files have the same relative names.
class SameNames : public Provenance {
 protected:
  struct Shown {
    float elevation = 0;
    SourceId id = kNoSource;
    std::string location;  ///< of the row that the dataset's own table has for `id`
    std::int64_t from_cache = 0;
  };

  SameNames() {
    for (const auto& [folder, value] : {std::pair{"north", -5.0}, {"south", -9.0}}) {
      std::filesystem::create_directories(path(folder) + "/data");
      SmallRaster raster;
      raster.left = -70.77, raster.top = 43.02, raster.pixel = 0.0005;
      raster.width = raster.height = 80;
      raster.value = [depth = value](int, int) { return depth; };
      write_raster(path(folder) + "/data/a.tif", raster);
      policy("crs: EPSG:4326\nresolution: 30\nextent: [-70.76, 42.99, -70.74, 43.01]\n",
             "  - {provider: raster, path: data/a.tif}\n", "", std::string(folder) + "/p.yaml");
    }
  }
  Shown show(const std::string& folder, CacheMode mode) const {
    const auto raster = open(path(folder + "/p.yaml"), mode);
    const LayerPlanes planes = read_all(*raster);
    Shown shown{planes.elevation.at(3, 3), planes.source.at(3, 3), "",
                raster->counters().cells_from_cache};
    for (const auto& [id, record] : raster->sources())
      if (id == shown.id) shown.location = record.location;
    return shown;
  }
  void expect_own_source(const std::string& folder, const Shown& shown) const {
    EXPECT_EQ(shown.elevation, folder == "north" ? -5.0F : -9.0F);
    EXPECT_EQ(shown.location, std::filesystem::canonical(path(folder)).string() + "/data/a.tif");
  }
};

TEST_F(SameNames, InOneProcessEachNamesItsOwnSource) {
  for (const CacheMode mode : {CacheMode::kReadOnly, CacheMode::kReadWrite}) {
    const auto held = open(path("north/p.yaml"), mode);  // the registry stays
    const Shown north = show("north", mode), south = show("south", mode);
    expect_own_source("north", north);
    expect_own_source("south", south);
    EXPECT_NE(north.id, south.id);
    EXPECT_EQ(show("north", mode).id, north.id) << "from memory";
    EXPECT_EQ(show("south", mode).id, south.id);
    forget();
    const Shown again = show("south", mode);
    expect_own_source("south", again);
    EXPECT_EQ(again.id, south.id) << "from the cache";
    EXPECT_EQ(again.from_cache > 0, mode == CacheMode::kReadWrite);
  }
}

TEST_F(SameNames, TwoProcessesOfOneCacheAgree) {
  const auto id_file = [&](const std::string& folder) { return path(folder + ".id"); };
  for (const std::string folder : {"south", "north"}) {
    const int status = wait_for(start_child([&] {
      std::ofstream(id_file(folder)) << show(folder, CacheMode::kReadWrite).id;
      return 0;
    }));
    ASSERT_EQ(status, 0) << folder;
  }
  SourceId north_id = 0, south_id = 0;
  std::ifstream(id_file("north")) >> north_id;
  std::ifstream(id_file("south")) >> south_id;
  EXPECT_NE(north_id, south_id);
  for (const CacheMode mode : {CacheMode::kReadOnly, CacheMode::kReadWrite}) {
    forget();
    const Shown north = show("north", mode), south = show("south", mode);
    expect_own_source("north", north);
    expect_own_source("south", south);
    EXPECT_EQ(north.id, north_id);
    EXPECT_EQ(south.id, south_id);
    EXPECT_GT(north.from_cache, 0);
    EXPECT_GT(south.from_cache, 0);
  }
}

/// Ids given under READ_ONLY are gone with the last dataset; the cells kept in memory are not.
TEST_F(SameNames, CellsKeptInMemoryDoNotOutliveTheirIds) {
  expect_own_source("north", show("north", CacheMode::kReadOnly));
  expect_own_source("south", show("south", CacheMode::kReadOnly));
  expect_own_source("north", show("north", CacheMode::kReadOnly));
}

/// A cell whose cache had numbered the two the other way round.
TEST_F(SameNames, ACellOfAnotherCacheIsRenumbered) {
  const SourceId there = show("north", CacheMode::kReadWrite).id;
  forget();
  std::filesystem::rename(path("cache/fused_zarr"), path("cells"));
  std::filesystem::remove_all(path("cache"));
  const SourceId south = show("south", CacheMode::kReadWrite).id;
  EXPECT_EQ(south, there) << "the first of that key";
  std::filesystem::copy(path("cells"), path("cache/fused_zarr"),
                        std::filesystem::copy_options::recursive);
  const Shown north = show("north", CacheMode::kReadWrite);
  expect_own_source("north", north);
  EXPECT_GT(north.from_cache, 0);
  EXPECT_NE(north.id, south);
}

/// Ids of one policy must not hang on which of its steps is looked at first.
TEST_F(Provenance, FilesOfTwoIndexesHaveTheIdsOfTheirKeys) {
  std::string steps;
  for (const auto& [folder, left] : {std::pair{"north", -70.77}, {"south", -70.75}}) {
    std::filesystem::create_directories(path(folder));
    SmallRaster raster;
    raster.left = left, raster.top = 43.02, raster.pixel = 0.0005;
    raster.width = 40, raster.height = 80;
    raster.value = [](int, int) { return -5.0; };
    write_raster(path(folder) + "/a.tif", raster);
    std::ofstream(path(folder) + "/index.geojson")
        << R"({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null, )"
           R"("properties": {"location": "a.tif"}}]})";
    steps += "  - {provider: raster, index: " + std::string(folder) + "/index.geojson}\n";
  }
  const auto fused = open(
      policy("crs: EPSG:4326\nresolution: 30\nextent: [-70.76, 42.99, -70.74, 43.01]\n", steps));
  const std::set<SourceId> shown = ids_of(read_all(*fused));
  std::set<std::string> keys;
  for (const auto& [id, record] : fused->sources()) {
    if (shown.count(id) == 0) continue;
    keys.insert(record.key);
    EXPECT_EQ(id, preferred_source_id(record));
  }
  EXPECT_EQ(keys, (std::set<std::string>{"file:north/a.tif", "file:south/a.tif"}));
}

/// A step keeps its id when it is renamed; its row follows.
TEST_F(Provenance, ARenamedStepIsNamedAnew) {
  SmallRaster raster;
  raster.left = -70.76, raster.top = 43.01, raster.pixel = 0.0005;
  raster.width = raster.height = 4;
  raster.value = [](int, int) { return -5.0; };
  write_raster(path("a.tif"), raster);
  std::set<SourceId> ids;
  for (const std::string name : {"old", "new"}) {
    const auto fused =
        open(policy("crs: EPSG:4326\nresolution: 30\nextent: [0, 0, 0.001, 0.001]\n",
                    "  - {provider: raster, name: " + name + ", path: a.tif, background: -1}\n"),
             CacheMode::kReadWrite);
    const LayerPlanes planes = read_all(*fused, 0, {0, 0, 1, 1});
    ids.insert(planes.source.at(0, 0));
    std::string shown;
    for (const auto& [id, record] : fused->sources())
      if (id == planes.source.at(0, 0)) shown = record.survey_id;
    EXPECT_EQ(shown, name);
  }
  EXPECT_EQ(ids.size(), 1U);
}

/// Law 5 in time: what a file's attribute table says now is what the dataset's says.
TEST_F(Provenance, AChangedAttributeTableChangesTheRowAndKeepsTheId) {
  SmallRaster raster;
  raster.left = -70.77, raster.top = 43.02, raster.pixel = 0.0005;
  raster.width = raster.height = 80;
  raster.surveys = true;
  raster.value = [](int, int) { return -5.0; };
  const std::string file =
      policy("crs: EPSG:4326\nresolution: 30\nextent: [-70.76, 42.99, -70.74, 43.01]\n",
             "  - {provider: raster, path: a.tif}\n");
  std::vector<std::map<SourceId, std::string>> tables;
  for (const std::string institution : {"", "Office of Coast Survey"}) {
    write_raster(path("a.tif"), raster);
    testing_support::OwnedDataset dataset(
        GDALDataset::Open(path("a.tif").c_str(), GDAL_OF_RASTER | GDAL_OF_UPDATE));
    const auto table = std::unique_ptr<GDALRasterAttributeTable>(
        dataset->GetRasterBand(3)->GetDefaultRAT()->Clone());
    table->CreateColumn("source_institution", GFT_String, GFU_Generic);
    for (int row = 0; row < table->GetRowCount(); ++row)
      table->SetValue(row, 2, institution.c_str());
    dataset->GetRasterBand(3)->SetDefaultRAT(table.get());
    dataset.reset();
    std::filesystem::last_write_time(
        path("a.tif"), std::filesystem::file_time_type::clock::now() +
                           std::chrono::seconds(2 * static_cast<int>(tables.size() + 1)));
    const auto fused = open(file, CacheMode::kReadWrite);
    const LayerPlanes planes = read_all(*fused);
    auto& shown = tables.emplace_back();
    for (const auto& [id, record] : fused->sources())
      if (ids_of(planes).count(id) != 0) shown[id] = record.institution;
  }
  ASSERT_FALSE(tables[0].empty());
  ASSERT_EQ(tables[0].size(), tables[1].size());
  for (const auto& [id, institution] : tables[0]) {
    EXPECT_EQ(institution, "");
    EXPECT_EQ(tables[1].at(id), "Office of Coast Survey");
  }
}

/// Beyond some ratio single pixels are looked up: nothing of them may be lost.
TEST_F(Provenance, NearestPixelsOfAFarFinerFileKeepUncertaintyAndSurvey) {
  SmallRaster raster;
  raster.crs = "EPSG:26919";
  raster.left = 357000, raster.top = 4762000, raster.pixel = 1;
  raster.width = raster.height = 800;
  raster.surveys = true;
  raster.nodata = -9999;
  raster.value = [](int c, int r) { return c - r; };
  write_raster(path("fine.tif"), raster);
  const auto fused =
      open(policy("crs: EPSG:26919\nresolution: 40\nextent: [-70.752, 42.995, -70.748, 42.998]\n",
                  "  - {provider: raster, path: fine.tif, resampling: nearest}\n"));
  const LayerPlanes planes = read_all(*fused, 0, {357000 / 40, -4762000 / 40, 20, 20});
  for (int r = 1; r < 19; ++r) {
    for (int c = 1; c < 19; ++c) {
      const int col = 40 * c + 20, row = 40 * r + 20;
      ASSERT_EQ(planes.elevation.at(c, r), static_cast<float>(col - row));
      ASSERT_EQ(planes.uncertainty.at(c, r), static_cast<float>(1 + (col + row) % 4));
    }
  }
  EXPECT_EQ(ids_of(planes).size(), 2U);
}

/// 320 x 320 pixels of 10 m with averaging overviews, fused at 40 m.
class AveragedNames : public Provenance {
 protected:
  static constexpr int kPixels = 80;
  /// The number of the survey that each lattice pixel names.
  Plane<int> fuse(const std::function<int(int col, int row)>& survey) {
    SmallRaster raster;
    raster.crs = "EPSG:26919";
    raster.left = 357000 - 357000 % 40, raster.top = 4762000 - 4762000 % 40, raster.pixel = 10;
    raster.width = raster.height = 4 * kPixels;
    raster.overviews = {2, 4};
    raster.surveys = true;
    raster.nodata = -9999;
    raster.value = [](int c, int r) { return c - r; };
    raster.survey = survey;
    write_raster(path("averaged.tif"), raster);
    const auto fused =
        open(policy("crs: EPSG:26919\nresolution: 40\nextent: [-70.76, 42.96, -70.70, 43.01]\n",
                    "  - {provider: raster, path: averaged.tif}\n"));
    const LayerPlanes planes = read_all(*fused, 0, {357000 / 40, -4762000 / 40, kPixels, kPixels});
    std::map<SourceId, int> numbers;
    for (const auto& [id, record] : fused->sources())
      numbers[id] = record.survey_id.empty() ? 0 : record.survey_id.back() - '0';
    Plane<int> named(kPixels, kPixels, 0);
    for (std::size_t p = 0; p < named.size(); ++p)
      named.data()[p] = numbers.at(planes.source.data()[p]);
    return named;
  }
};

/// Between 1 and 3 the overviews hold 2, between 3 and 5 also 4: known numbers, of surveys that are
/// not there.
TEST_F(AveragedNames, NoMeanIsTakenForASurvey) {
  const auto survey = [](int c, int r) {
    const double wave = std::sin(c / 31.0) + std::cos(r / 23.0 + c / 57.0);
    return wave < -0.4 ? 1 : wave < 0.6 ? 3 : 5;
  };
  const Plane<int> named = fuse(survey);
  int exact = 0;
  for (int r = 0; r < kPixels; ++r)
    for (int c = 0; c < kPixels; ++c) {
      const int name = named.at(c, r);
      EXPECT_EQ(name % 2, 1) << c << ' ' << r;
      bool near = false;
      for (int y = std::max(0, 4 * r - 8); y < std::min(4 * kPixels, 4 * r + 12); ++y)
        for (int x = std::max(0, 4 * c - 8); x < std::min(4 * kPixels, 4 * c + 12); ++x)
          near |= survey(x, y) == name;
      EXPECT_TRUE(near) << "survey " << name << " is not within two pixels of " << c << ' ' << r;
      exact += name == survey(4 * c + 2, 4 * r + 2) ? 1 : 0;
    }
  EXPECT_GT(exact, 0.95 * kPixels * kPixels);
}

TEST_F(AveragedNames, WhereNoOverviewPixelIsSureTheFullResolutionNames) {
  const auto survey = [](int c, int) { return c / 3 % 2 == 0 ? 1 : 2; };
  const Plane<int> named = fuse(survey);
  for (int r = 0; r < kPixels; ++r)
    for (int c = 0; c < kPixels; ++c)
      ASSERT_EQ(named.at(c, r), survey(4 * c + 2, 4 * r + 2)) << c << ' ' << r;
}

}  // namespace
}  // namespace topobathy
