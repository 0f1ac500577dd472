#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "fake_http.h"
#include "lidar_files.h"
#include "refusal.h"

namespace topobathy {
namespace {

using namespace testing_support;

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

AskHttp asking(FakeHttp& http) {
  return [&http](const HttpRequest& request) { return http.ask(request); };
}

TEST(LidarClouds, EptHoldsThePointsOfTheCopc) {
  TOPOBATHY_NEED_LAZ("lone-star.copc.laz");
  TOPOBATHY_NEED_LAZ("ept/lone-star-laszip/ept.json");
  const auto a = copc("lone-star.copc.laz", "EPSG:26912");
  const auto b = ept("lone-star-laszip");
  const auto points = sorted(points_of(*a));
  EXPECT_EQ(518862U, points.size());
  EXPECT_TRUE(points == sorted(points_of(*b)));
  EXPECT_EQ("EPSG:26912", a->facts().crs.horizontal) << "the file's own CRS is geocentric";
  EXPECT_EQ("EPSG:26912", b->facts().crs.horizontal);
  EXPECT_EQ(1.0, b->facts().crs.height_unit);
}

TEST(LidarClouds, LevelsAreTakenDownToTheSpacingWanted) {
  TOPOBATHY_NEED_LAZ("lone-star.copc.laz");
  TOPOBATHY_NEED_LAZ("ept/lone-star-laszip/ept.json");
  const auto cloud = ept("lone-star-laszip");
  // The side of 44 m over the span of 128 is 0.344 m, halved by each level.
  const std::size_t roots = 41998, seconds = 22108 + 25867 + 37195 + 32867 + 48879;
  EXPECT_EQ(roots, points_of(*cloud, 10.0).size());
  EXPECT_EQ(roots, points_of(*cloud, 0.344).size());
  EXPECT_EQ(roots + seconds, points_of(*cloud, 0.343).size());
  EXPECT_EQ(roots + seconds, points_of(*cloud, 0.172).size());
  EXPECT_EQ(518862U, points_of(*cloud, 0.01).size());
  const auto other = copc("lone-star.copc.laz", "EPSG:26912");
  const std::size_t few = points_of(*other, 10.0).size(), more = points_of(*other, 0.2).size();
  EXPECT_LT(0U, few);
  EXPECT_LT(few, more);
  EXPECT_LT(more, 518862U);
}

TEST(LidarClouds, ABoxGetsAllItsPoints) {
  TOPOBATHY_NEED_LAZ("lone-star.copc.laz");
  TOPOBATHY_NEED_LAZ("ept/lone-star-laszip/ept.json");
  const CrsBox box{515372, 4918345, 515378, 4918352};
  const auto inside = [&](const std::vector<LidarPoint>& points) {
    std::vector<LidarPoint> kept;
    for (const LidarPoint& point : points)
      if (point.x >= box.left && point.x < box.right && point.y >= box.bottom && point.y < box.top)
        kept.push_back(point);
    return sorted(kept);
  };
  const auto a = copc("lone-star.copc.laz", "EPSG:26912");
  const auto b = ept("lone-star-laszip");
  const auto all = inside(points_of(*a));
  EXPECT_LT(1000U, all.size());
  for (PointCloud* const cloud : {a.get(), b.get()}) {
    const auto few = points_of(*cloud, 0.0, box);
    EXPECT_LT(few.size(), 518862U);
    EXPECT_TRUE(all == inside(few));
  }
}

TEST(LidarClouds, ACopcIsReadWithFewRequestsAndFewBytes) {
  TOPOBATHY_NEED_LAZ("lone-star.copc.laz");
  const std::string url = "https://host/lone-star.copc.laz";
  const std::string file = content(lidar_file("lone-star.copc.laz"));
  FakeHttp http;
  std::uint64_t moved = 0;
  http.put(url, [&](const HttpRequest& request) {
    HttpAnswer answer;
    answer.status = 206;
    answer.size = static_cast<std::int64_t>(file.size());
    answer.body = file.substr(request.range->first, request.range->last - request.range->first + 1);
    moved += answer.body.size();
    return answer;
  });
  const auto cloud =
      open_las_cloud(open_remote_bytes(asking(http), url), [] { return "EPSG:26912"; });
  const auto roots = points_of(*cloud, 10.0);
  EXPECT_LT(0U, roots.size());
  EXPECT_LT(moved, file.size() / 5) << "of " << file.size();
  EXPECT_LE(http.calls().size(), 5U);
  EXPECT_EQ(518862U, points_of(*cloud).size());
  EXPECT_LE(http.calls().size(), 8U);
  EXPECT_LT(moved, file.size() * 5 / 4);
}

TEST(LidarClouds, AFileThatChangesWhileItIsReadIsRefused) {
  FakeHttp http;
  int edition = 0;
  http.put("https://host/a", [&](const HttpRequest& request) {
    HttpAnswer answer;
    answer.status = 206;
    answer.body = std::string(request.range->last - request.range->first + 1, 'x');
    answer.etag = "\"" + std::to_string(++edition) + "\"";
    return answer;
  });
  const auto file = open_remote_bytes(asking(http), "https://host/a");
  file->read(0, 4);
  EXPECT_EQ("'https://host/a': changed while it was being read: read again",
            refusal(ErrorCode::kUnreadable, [&] { file->read(4, 4); }));
}

TEST(LidarClouds, FeetAreToldByTheCrs) {
  TOPOBATHY_NEED_LAZ("1.2-with-color.copc.laz");
  TOPOBATHY_NEED_LAZ("autzen_trim.laz");
  const auto compound = copc("1.2-with-color.copc.laz");
  EXPECT_EQ("EPSG:5703", compound->facts().crs.heights);
  EXPECT_NEAR(0.304800609601219, compound->facts().crs.height_unit, 1e-12);
  const auto horizontal_only = ept("1.2-with-color");
  EXPECT_EQ("", horizontal_only->facts().crs.heights);
  EXPECT_EQ(0.3048, horizontal_only->facts().crs.unit);
  EXPECT_EQ(0.3048, horizontal_only->facts().crs.height_unit);
  EXPECT_TRUE(sorted(points_of(*compound)) == sorted(points_of(*horizontal_only)));
  const auto plain = copc("autzen_trim.laz");
  EXPECT_EQ(0.3048, plain->facts().crs.height_unit);
  EXPECT_EQ(110000U, points_of(*plain).size());
}

TEST(LidarClouds, ACloudWithoutACrsIsRefused) {
  EXPECT_EQ(
      "'a.laz': neither the file nor its archive states a geographic or projected CRS: its points "
      "have no place",
      refusal(ErrorCode::kUnsupported, [] { lidar_crs("a.laz", "", nullptr); }));
  EXPECT_EQ("EPSG:26918", lidar_crs("a", "EPSG:4978", [] { return "EPSG:26918+5703"; }).horizontal);
  const LidarCrs filled = lidar_crs("a", "EPSG:2263", [] { return "EPSG:2263+6360"; });
  EXPECT_EQ("EPSG:5703", filled.heights);
  EXPECT_NEAR(0.3048006096, filled.height_unit, 1e-9);
  EXPECT_EQ(1.0, lidar_crs("a", "EPSG:4269", nullptr).height_unit) << "degrees have metres up";
}

TEST(LidarClouds, ANodeThatIsListedAndMissingIsAnError) {
  TOPOBATHY_NEED_LAZ("ept/lone-star-laszip/ept.json");
  const std::string base = "https://host/lone-star";
  FakeHttp http;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(lidar_file("ept/lone-star-laszip")))
    if (entry.is_regular_file())
      http.put(base + entry.path().string().substr(lidar_file("ept/lone-star-laszip").size()),
               content(entry.path().string()));
  EXPECT_EQ(518862U, points_of(*open_ept_cloud(remote_ept_files(asking(http), base))).size());
  http.remove(base + "/ept-data/2-2-3-1.laz");
  EXPECT_EQ(
      "'https://host/lone-star/ept-data/2-2-3-1.laz': is in the hierarchy, and missing: the data "
      "set is damaged",
      refusal(ErrorCode::kUnreadable,
              [&] { points_of(*open_ept_cloud(remote_ept_files(asking(http), base))); }));
  http.remove(base + "/ept-hierarchy/2-2-2-1.json");
  EXPECT_EQ(
      "'https://host/lone-star/ept-hierarchy/2-2-2-1.json': a page of the hierarchy is missing: "
      "the data set is damaged",
      refusal(ErrorCode::kUnreadable,
              [&] { points_of(*open_ept_cloud(remote_ept_files(asking(http), base))); }));
  EXPECT_EQ(41998U, points_of(*open_ept_cloud(remote_ept_files(asking(http), base)), 1.0).size());
}

}  // namespace
}  // namespace topobathy
