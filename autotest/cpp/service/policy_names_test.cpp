// Service::policy: which policy a name means, and what stays open.
#include "service/service_test.h"
#include "utils/serve/look_interval.h"

namespace topobathy {
namespace {

using testing_support::ServiceTest;

class PolicyNamesTest : public ServiceTest {
 protected:
  PolicyNamesTest() { std::filesystem::create_directory(path("named")); }

  std::string named(const std::string& name, const std::string& file) {
    return policy("crs: EPSG:4326\nresolution: 30\nextent: [9.96, 50.0, 10.14, 50.14]\n",
                  "  - {provider: raster, path: ../" + file + "}\n", "", "named/" + name + ".yaml");
  }
  ServiceSettings with_names(const std::string& active) {
    ServiceSettings both = settings(active);
    both.policy_dir = path("named");
    return both;
  }
  double height(const std::string& name) {
    Query query = {{"lat", "50.05"}, {"lon", "10.01"}};
    if (!name.empty()) query["policy"] = name;
    return get_json("/elevation", query).at("elevation").get<double>();
  }
};

TEST_F(PolicyNamesTest, a_name_is_a_file_of_the_policy_folder_and_none_is_the_active_policy) {
  write_hills("higher.tif", 40.0);
  named("Higher_2-a", "higher.tif");
  serve(with_names(tile_policy()));
  EXPECT_NEAR(height("Higher_2-a"), height("") + 40.0, 1e-4);
  EXPECT_EQ(service_->policy("Higher_2-a"), service_->policy("Higher_2-a"));
}

TEST_F(PolicyNamesTest, an_edited_file_shows_in_the_next_answer) {
  write_hills("higher.tif", 40.0);
  named("a", "hills.tif");
  serve(with_names(""));
  const double before = height("a");
  named("a", "higher.tif");
  EXPECT_NEAR(height("a"), before + 40.0, 1e-4);
  std::filesystem::remove(path("named/a.yaml"));
  refused(404, "/elevation", {{"lat", "50.05"}, {"lon", "10.01"}, {"policy", "a"}});
  named("a", "hills.tif");
  EXPECT_EQ(height("a"), before);
}

TEST_F(PolicyNamesTest, a_changed_source_shows_in_the_next_answer) {
  serve(tile_policy());
  const double before = height("");
  write_hills("hills.tif", 25.0);
  EXPECT_NEAR(height(""), before + 25.0, 1e-4);
}

TEST_F(PolicyNamesTest, unknown_names_are_404_with_the_nearest) {
  named("coast", "hills.tif");
  std::ofstream(path("secret.yaml")) << "name: x\n";
  serve(with_names(tile_policy()));
  const auto told = [&](int status, const std::string& name) {
    return refused(status, "/elevation", {{"lat", "1"}, {"lon", "1"}, {"policy", name}});
  };
  EXPECT_NE(told(404, "coats").find("did you mean \"coast\"?"), std::string::npos);
  EXPECT_NE(told(404, "zzzzzzzz").find("GET /policies lists them"), std::string::npos);
  for (const char* name :
       {"../secret", "coast.yaml", "a/b", ".", "c\xC3\xB4te", " coast", "coast\n"})
    told(400, name);
  told(400, std::string(101, 'a'));
  told(400, std::string("coast\0x", 7));
  std::filesystem::create_directory(path("named/folder.yaml"));
  told(404, "folder");
}

TEST_F(PolicyNamesTest, a_server_without_a_policy_says_so) {
  serve("");
  EXPECT_NE(refused(503, "/elevation", {{"lat", "1"}, {"lon", "1"}}).find("--policy"),
            std::string::npos);
  refused(404, "/elevation", {{"lat", "1"}, {"lon", "1"}, {"policy", "coast"}});
}

TEST_F(PolicyNamesTest, the_policy_that_was_used_least_recently_is_closed_first) {
  constexpr int kMany = 40;
  for (int i = 0; i < kMany; ++i)
    named("p" + std::to_string(i), "hills.tif");
  serve(with_names(""));
  const auto first = service_->policy("p0");
  const std::weak_ptr<ServedPolicy> second = service_->policy("p1");
  for (int i = 2; i < kMany; ++i) {
    service_->policy("p" + std::to_string(i));
    EXPECT_EQ(service_->policy("p0"), first) << "used all the time";
  }
  EXPECT_TRUE(second.expired());
  EXPECT_NE(service_->policy("p1"), nullptr) << "opened again";
}

TEST_F(PolicyNamesTest, a_policy_is_read_on_other_grids) {
  const auto served = serve(tile_policy()).policy();
  OpenRequest as = served->request();
  as.crs = "EPSG:3857";
  as.zoom = 12;
  EXPECT_EQ(served->raster(as)->lattice().crs(), "EPSG:3857");
  EXPECT_EQ(served->raster(as)->lattice(), served->tiles().raster(12)->lattice());
  EXPECT_EQ(served->raster(served->request())->lattice().crs(), "EPSG:4326");
  as = served->request();
  as.policy_path = "/nowhere.yaml";
  as.bbox = LonLatBox{10.0, 50.0, 10.02, 50.02};
  EXPECT_LT(served->raster(as)->extent().width, served->raster(served->request())->extent().width);
}

TEST_F(PolicyNamesTest, an_edit_shows_at_once_though_sources_are_looked_at_now_and_then) {
  const std::string of_list = tile_policy("  - {provider: raster, glob: hill*.tif}\n");
  serve(of_list);
  const auto before = service_->policy();
  const double height_before = height("");
  EXPECT_EQ(service_->policy(), before);
  write_hills("higher.tif", 40.0);
  tile_policy("  - {provider: raster, glob: high*.tif}\n");
  EXPECT_NEAR(height(""), height_before + 40.0, 1e-4);
  EXPECT_NE(service_->policy(), before);
}

TEST_F(PolicyNamesTest, a_policy_whose_file_is_gone_is_told_without_its_path) {
  const std::string active = tile_policy();
  serve(active);
  height("");
  std::filesystem::remove(active);
  EXPECT_NE(refused(503, "/elevation", {{"lat", "50.05"}, {"lon", "10.01"}}).find("cannot be read"),
            std::string::npos);
}

TEST_F(PolicyNamesTest, files_named_one_by_one_are_looked_at_each_time_and_archives_now_and_then) {
  const auto seconds = [&](const std::string& step) {
    const auto interval =
        look_interval(request(tile_policy("  - {provider: raster, path: hills.tif}\n" + step)));
    return std::chrono::duration_cast<std::chrono::seconds>(interval).count();
  };
  EXPECT_EQ(seconds(""), 0);
  EXPECT_EQ(seconds("  - {provider: raster, name: b, glob: \"b*.tif\"}\n"), 1);
  EXPECT_EQ(seconds("  - {provider: raster, name: b, index: b.gpkg}\n"), 1);
  EXPECT_EQ(seconds("  - {provider: raster, name: b, path: /vsicurl/http://a.b/c.tif}\n"), 10);
  EXPECT_EQ(seconds("  - {provider: noaa_bluetopo}\n"), 10);
  EXPECT_EQ(seconds("  - {nonsense: 1}\n"), 1);
  std::string many;
  for (int i = 0; i < 64; ++i)
    many += "  - {provider: raster, name: n" + std::to_string(i) + ", path: a.tif}\n";
  EXPECT_EQ(seconds(many), 1);
}

TEST(RecentlyUsedTest, holds_so_many_and_drops_the_one_asked_for_least_recently) {
  RecentlyUsed<int> kept(2);
  kept.put("a", 1);
  kept.put("b", 2);
  EXPECT_EQ(kept.find("a"), 1);
  kept.put("c", 3);
  EXPECT_EQ(kept.find("b"), std::nullopt);
  kept.put("a", 7);
  kept.put("d", 4);
  EXPECT_EQ(kept.find("a"), 7);
  EXPECT_EQ(kept.find("c"), std::nullopt);
  EXPECT_EQ(kept.size(), 2U);
  kept.erase("a");
  EXPECT_EQ(kept.find("a"), std::nullopt);
}

}  // namespace
}  // namespace topobathy
