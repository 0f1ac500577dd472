#include <cpl_conv.h>
#include <gtest/gtest.h>

#if __has_include(<laszip/laszip_api.h>)
#include <laszip/laszip_api.h>
#define HAS_LASZIP_HEADER
#endif

#include <cstddef>
#include <cstring>

#include "lidar_files.h"
#include "refusal.h"

namespace topobathy {
namespace {

using namespace testing_support;

TEST(Laszip, WithoutItLazIsRefusedAndTheRestIsRead) {
  const std::string copc_path = lidar_file("1.2-with-color.copc.laz");
  TOPOBATHY_NEED_FILE(copc_path);
  const NoLaszip missing;
  EXPECT_FALSE(has_laszip());
  const auto cloud = copc("1.2-with-color.copc.laz");
  EXPECT_EQ("EPSG:5703", cloud->facts().crs.heights) << "the header needs no LASzip";
  EXPECT_EQ("'" + copc_path +
                "': is compressed as LAZ, and the library LASzip (liblaszip.so.8) is not "
                "installed: install it with utils/install_laszip.sh or as the package liblaszip8, "
                "or name its file in the configuration option TOPOBATHY_LASZIP",
            refusal(ErrorCode::kUnsupported, [&] { points_of(*cloud); }));
}

TEST(Laszip, AFileThatIsNoLibraryIsAsGoodAsNone) {
  CPLSetThreadLocalConfigOption("TOPOBATHY_LASZIP", "/nowhere/liblaszip.so");
  EXPECT_FALSE(has_laszip());
  CPLSetThreadLocalConfigOption("TOPOBATHY_LASZIP", nullptr);
}

#ifdef HAS_LASZIP_HEADER
TEST(Laszip, OurPointIsTheStartOfItsPoint) {
  EXPECT_EQ(offsetof(laszip_point, intensity), offsetof(LaszipPoint, intensity));
  EXPECT_EQ(offsetof(laszip_point, scan_angle_rank), offsetof(LaszipPoint, scan_angle_rank));
  EXPECT_EQ(offsetof(laszip_point, point_source_ID), offsetof(LaszipPoint, point_source));
  EXPECT_EQ(offsetof(laszip_point, extended_scan_angle),
            offsetof(LaszipPoint, extended_scan_angle));
  EXPECT_EQ(offsetof(laszip_point, extended_classification),
            offsetof(LaszipPoint, extended_classification));
  // Bits have no offset: set them there, look here.
  laszip_point theirs{};
  theirs.classification = 17;
  theirs.withheld_flag = 1;
  theirs.extended_classification_flags = 4;
  LaszipPoint ours;
  std::memcpy(&ours, &theirs, sizeof ours);
  EXPECT_EQ(17, ours.classification_and_flags & 0x1f);
  EXPECT_EQ(0x80, ours.classification_and_flags & 0x80);
  EXPECT_EQ(0x40, ours.extended_type_channel_flags);
}
#endif

}  // namespace
}  // namespace topobathy
