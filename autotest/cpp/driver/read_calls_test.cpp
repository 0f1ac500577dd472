// What surrounds a read: refusals, failures, progress, threads. Pixels: reading_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "opened.h"

namespace topobathy {
namespace {

using namespace testing_support;

TEST(ReadCall, writing_is_refused) {
  Opened opened;
  const SeenErrors seen;
  float value = 0.f;
  EXPECT_EQ(opened.band(1).RasterIO(GF_Write, 0, 0, 1, 1, &value, 1, 1, GDT_Float32, 0, 0, nullptr),
            CE_Failure);
}

TEST(ReadCall, a_failed_source_is_one_error_and_a_failure) {
  Opened opened;
  opened.raster->before_read = [] {
    CPLError(CE_Failure, CPLE_FileIO, "the library's own word");
    CPLError(CE_Warning, CPLE_AppDefined, "odd but usable");
    throw Error(ErrorCode::kUnreadable, "a.tif: truncated; copy it again");
  };
  const SeenErrors seen;
  EXPECT_TRUE(read_floats(opened.band(1), {0, 0, 4, 4}, 4, 4).empty());
  ASSERT_EQ(seen.errors.size(), 2U);
  EXPECT_EQ(seen.errors[0].message, "odd but usable");
  EXPECT_EQ(seen.errors[1].message, "a.tif: truncated; copy it again");
  EXPECT_EQ(seen.errors[1].number, CPLE_FileIO);
  std::vector<float> block(512 * 512);
  EXPECT_EQ(opened.band(1).ReadBlock(0, 0, block.data()), CE_Failure);
}

TEST(ReadCall, foreign_exceptions_do_not_pass_through_gdal) {
  Opened opened;
  const SeenErrors seen;
  opened.raster->before_read = [] { throw std::bad_alloc(); };
  EXPECT_TRUE(read_floats(opened.band(1), {0, 0, 4, 4}, 4, 4).empty());
  opened.raster->before_read = [] { throw 42; };
  EXPECT_TRUE(read_floats(opened.band(1), {0, 0, 4, 4}, 4, 4).empty());
  ASSERT_EQ(seen.errors.size(), 2U);
  EXPECT_EQ(seen.errors[0].number, CPLE_OutOfMemory);
  EXPECT_EQ(seen.errors[1].number, CPLE_AssertionFailed);
}

struct ProgressLog {
  std::vector<double> parts;
  double stop_at = 2.0;

  static int CPL_STDCALL callback(double part, const char*, void* self) {
    auto* log = static_cast<ProgressLog*>(self);
    log->parts.push_back(part);
    return part < log->stop_at;
  }
};

TEST(ReadCall, progress_rises_to_one_and_false_cancels) {
  Opened opened({}, std::make_shared<FakeFusedRaster>(LatticeWindow{0, 0, 4096, 4096}, 4));
  ProgressLog log;
  auto extra = extra_arg();
  extra.pfnProgress = ProgressLog::callback;
  extra.pProgressData = &log;
  std::vector<float> pixels(4096 * 4096);
  const auto read = [&] {
    return opened.band(1).RasterIO(GF_Read, 0, 0, 4096, 4096, pixels.data(), 4096, 4096,
                                   GDT_Float32, 0, 0, &extra);
  };
  ASSERT_EQ(read(), CE_None);
  EXPECT_TRUE(std::is_sorted(log.parts.begin(), log.parts.end()));
  EXPECT_EQ(log.parts.back(), 1.0);
  EXPECT_GT(log.parts.size(), 3U);
  log.stop_at = 0.5;
  opened.raster->parts = 0;
  const SeenErrors seen;
  EXPECT_EQ(read(), CE_Failure);
  ASSERT_EQ(seen.errors.size(), 1U);
  EXPECT_EQ(seen.errors[0].number, CPLE_UserInterrupt);
  EXPECT_LE(opened.raster->parts, 32) << "half of the 64 cells: nothing is read after the stop";
}

TEST(ReadCall, threads_may_read_one_dataset_and_many) {
  auto raster = std::make_shared<FakeFusedRaster>();
  Opened shared({}, raster);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      Opened own({}, raster);
      for (int i = 0; i < 50; ++i) {
        const int at = (t * 37 + i * 11) % 400;
        for (Opened* opened : {&shared, &own}) {
          const auto pixels = read_floats(opened->band(1), {at, at, 9, 9}, 6, 6);
          if (pixels.size() != 36 ||
              std::abs(pixels[0] - (static_cast<float>(at) * 1001.f + 834.1667f)) > 0.1f)
            ++wrong;
          if (opened->band(1).GetOverview(i % 2) == nullptr) ++wrong;
          if (opened->band(3).GetMetadataItem("Pixel_1_1", "LocationInfo") == nullptr) ++wrong;
        }
      }
    });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace topobathy
