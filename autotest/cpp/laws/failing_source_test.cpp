// Law 3: a source that exists but cannot be read never passes for "no data".
#include <filesystem>

#include "laws/law_test.h"
#include "refusal.h"

namespace topobathy {
namespace {

using testing_support::LawTest;
using testing_support::read_all;
using testing_support::refusal;
using testing_support::SmallRaster;
using testing_support::write_raster;

constexpr const char* kRoot =
    "crs: EPSG:4326\nresolution: 30\nextent: [-70.76, 42.99, -70.74, 43.01]\n";

class FailingSource : public LawTest {
 protected:
  FailingSource() {
    write("good.tif", -5);
    write("bad.tif", 7);
  }
  void write(const std::string& name, double value) const {
    SmallRaster raster;
    raster.left = -70.77, raster.top = 43.02, raster.pixel = 0.0005;
    raster.width = raster.height = 80;
    raster.options = {"TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16", "COMPRESS=DEFLATE"};
    raster.value = [value](int, int) { return value; };
    write_raster(path(name), raster);
  }
  std::string steps(const std::string& on_error, const std::string& bad = "path: bad.tif") const {
    return "  - {provider: raster, name: base, path: good.tif}\n"
           "  - {provider: raster, name: survey, " +
           bad + ", operator: linear_blend, on_error: " + on_error + "}\n";
  }
  /// The header stays, the tiles become noise.
  void corrupt_tiles(const std::string& name) const {
    std::fstream file(path(name), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(0, std::ios::end);
    const auto size = static_cast<std::streamoff>(file.tellg());
    GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName("GTiff");
    ASSERT_NE(driver, nullptr);
    std::string first;
    {
      const testing_support::OwnedDataset dataset(GDALDataset::Open(path(name).c_str()));
      const char* offset = dataset->GetRasterBand(1)->GetMetadataItem("BLOCK_OFFSET_0_0", "TIFF");
      ASSERT_NE(offset, nullptr);
      first = offset;
    }
    const std::streamoff from = std::stoll(first);
    // Tiles were written in order and their offsets stand before or after: 25 tiles of noise.
    file.seekp(from);
    for (std::streamoff at = from; at < std::min(size, from + 400); ++at)
      file.put('\x55');
  }
  void truncate(const std::string& name) const { std::filesystem::resize_file(path(name), 100); }
};

TEST_F(FailingSource, FailsTheReadAndNamesTheStepAndTheFile) {
  truncate("bad.tif");
  const auto raster = open(policy(kRoot, steps("fail")));
  const std::string message = refusal(ErrorCode::kUnreadable, [&] { read_all(*raster); });
  EXPECT_NE(message.find("step 'survey'"), std::string::npos) << message;
  EXPECT_NE(message.find("bad.tif"), std::string::npos) << message;
}

TEST_F(FailingSource, CorruptPixelsFailTheReadToo) {
  corrupt_tiles("bad.tif");
  const auto raster = open(policy(kRoot, steps("fail")));
  const std::string message = refusal(ErrorCode::kUnreadable, [&] { read_all(*raster); });
  EXPECT_NE(message.find("step 'survey'"), std::string::npos) << message;
  EXPECT_NE(message.find("bad.tif"), std::string::npos) << message;
}

TEST_F(FailingSource, SkippedItLeavesAnIncompleteCellThatIsNotStored) {
  truncate("bad.tif");
  const std::string file = policy(kRoot, steps("skip"));
  {
    const auto raster = open(file, CacheMode::kReadWrite);
    const LayerPlanes planes = read_all(*raster);
    EXPECT_EQ(planes.elevation.at(0, 0), -5.0F);
    EXPECT_EQ(cells_in(), 0U);
    const PixelExplanation why = raster->explain(0, planes.window.col, planes.window.row);
    EXPECT_EQ(why.outcomes.at(1).status, StepOutcome::Status::kFailed);
    EXPECT_NE(why.outcomes.at(1).message.find("bad.tif"), std::string::npos);
    // Nor does memory keep it.
    const auto fused = raster->counters().cells_fused.load();
    read_all(*raster);
    EXPECT_GT(raster->counters().cells_fused, fused);
  }
  write("bad.tif", 7);
  const auto repaired = open(file, CacheMode::kReadWrite);
  EXPECT_EQ(read_all(*repaired).elevation.at(0, 0), 1.0F);
  EXPECT_GT(cells_in(), 0U);
}

TEST_F(FailingSource, CorruptPixelsMayBeSkipped) {
  corrupt_tiles("bad.tif");
  const std::string file = policy(kRoot, steps("skip"));
  EXPECT_EQ(read_all(*open(file, CacheMode::kReadWrite)).elevation.at(0, 0), -5.0F);
  write("bad.tif", 7);
  EXPECT_EQ(read_all(*open(file, CacheMode::kReadWrite)).elevation.at(0, 0), 1.0F);
}

TEST_F(FailingSource, AMissingFileIsAFailureNotAHole) {
  std::filesystem::remove(path("bad.tif"));
  const auto raster = open(policy(kRoot, steps("fail")));
  const std::string message = refusal(ErrorCode::kUnreadable, [&] { read_all(*raster); });
  EXPECT_NE(message.find("bad.tif"), std::string::npos) << message;
}

TEST_F(FailingSource, OneLostFileOfManyMakesTheCellIncomplete) {
  truncate("bad.tif");
  const std::string file = policy(kRoot, steps("skip", "path: [good.tif, bad.tif]"));
  const auto raster = open(file, CacheMode::kReadWrite);
  EXPECT_EQ(read_all(*raster).elevation.at(0, 0), -5.0F);
  EXPECT_EQ(cells_in(), 0U);
}

TEST_F(FailingSource, AGlobWithoutAFileIsAFailureOfItsStep) {
  const auto fails = open(policy(kRoot, steps("fail", "glob: 'none_*.tif'"), "", "fail.yaml"));
  const std::string message = refusal(ErrorCode::kUnreadable, [&] { read_all(*fails); });
  EXPECT_NE(message.find("no file matches glob 'none_*.tif'"), std::string::npos) << message;
  EXPECT_NE(message.find("step 'survey'"), std::string::npos) << message;
  const auto skips = open(policy(kRoot, steps("skip", "glob: 'none_*.tif'"), "", "skip.yaml"),
                          CacheMode::kReadWrite);
  EXPECT_EQ(read_all(*skips).elevation.at(0, 0), -5.0F);
  EXPECT_EQ(cells_in(), 0U);
}

TEST_F(FailingSource, TheFailOfARequestOverridesThePolicy) {
  truncate("bad.tif");
  OpenRequest wanted = request(policy(kRoot, steps("skip")));
  wanted.on_error = OnError::kFail;
  const auto raster = open_policy(wanted);
  EXPECT_THROW(read_all(*raster), Error);
}

}  // namespace
}  // namespace topobathy
