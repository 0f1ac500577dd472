#include <gmock/gmock.h>

#include <future>

#include "service/area_test.h"
#include "utils/serve/fuse_routes.h"

namespace topobathy::testing_support {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class FuseAnswer : public AreaTest {
 protected:
  using Query = std::map<std::string, std::string>;

  const Routes& routes() {
    if (routes_.empty()) routes_ = fuse_routes(service());
    return routes_;
  }
  ServiceAnswer ask(const Query& query) { return routes()[0].handler(get(query)); }
  ServiceAnswer ask_body(const json& body) { return routes()[1].handler(post(body)); }
  static std::string file_of(const ServiceAnswer& answer) {
    return std::get<FileBody>(answer.body).path;
  }
  static std::string header(const ServiceAnswer& answer, const std::string& name) {
    for (const auto& [key, value] : answer.headers)
      if (key == name) return value;
    return "";
  }
  static OwnedDataset opened(const std::string& name) {
    return OwnedDataset(GDALDataset::Open(name.c_str()));
  }
  static std::vector<float> pixels(GDALRasterBand& band) {
    std::vector<float> values(static_cast<std::size_t>(band.GetXSize()) *
                              static_cast<std::size_t>(band.GetYSize()));
    EXPECT_EQ(band.RasterIO(GF_Read, 0, 0, band.GetXSize(), band.GetYSize(), values.data(),
                            band.GetXSize(), band.GetYSize(), GDT_Float32, 0, 0, nullptr),
              CE_None);
    return values;
  }
  static void expect_same(const std::vector<float>& is, const Plane<float>& should) {
    ASSERT_EQ(is.size(), should.size());
    for (std::size_t i = 0; i < is.size(); ++i)
      ASSERT_TRUE(same_bits(is[i], should.data()[i])) << "pixel " << i;
  }
  /// The pixels that the library gives for the box of kBox.
  LayerPlanes expected() {
    OpenRequest request = settings_.policy;
    request.bbox = LonLatBox{10.0, 50.03, 10.08, 50.07};
    return read_all(*open_policy(request));
  }
  const Query kBox{{"bbox", "10.0,50.03,10.08,50.07"}};

 private:
  Routes routes_;
};

TEST_F(FuseAnswer, AGeoTiffHasTheFusedPixelsTheirCrsAndTheirSources) {
  const ServiceAnswer answer = ask(kBox);
  EXPECT_THAT(answer.type, HasSubstr("image/tiff"));
  EXPECT_EQ(header(answer, "Content-Disposition"), "attachment; filename=\"fused.tif\"");
  EXPECT_TRUE(std::get<FileBody>(answer.body).remove);
  const OwnedDataset tiff = opened(file_of(answer));
  ASSERT_TRUE(tiff);
  ASSERT_EQ(tiff->GetRasterCount(), 3);
  EXPECT_STREQ(tiff->GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE"), "COG");
  EXPECT_STREQ(tiff->GetSpatialRef()->GetAuthorityCode(nullptr), "4326");
  EXPECT_TRUE(std::isnan(tiff->GetRasterBand(1)->GetNoDataValue()));
  const LayerPlanes planes = expected();
  expect_same(pixels(*tiff->GetRasterBand(1)), planes.elevation);
  expect_same(pixels(*tiff->GetRasterBand(2)), planes.uncertainty);
  const auto contributors = pixels(*tiff->GetRasterBand(3));
  const json sources = json::parse(tiff->GetRasterBand(3)->GetMetadataItem("SOURCES"));
  EXPECT_EQ(sources.size(), 2U);
  for (const json& source : sources) {
    EXPECT_FALSE(source.contains("location"));
    const auto id = source["id"].get<float>();
    EXPECT_GT(std::count(contributors.begin(), contributors.end(), id), 0) << source;
  }
}

TEST_F(FuseAnswer, TheTableBesideItNamesEveryContributor) {
  const std::string tiff = file_of(ask(kBox));
  FuseAnswer::Query table = kBox;
  table["format"] = "rat";
  std::filesystem::rename(file_of(ask(table)), tiff + ".aux.xml");
  const OwnedDataset dataset = opened(tiff);
  const GDALRasterAttributeTable* const rat = dataset->GetRasterBand(3)->GetDefaultRAT();
  ASSERT_NE(rat, nullptr);
  ASSERT_EQ(rat->GetRowCount(), 2);
  const auto contributors = pixels(*dataset->GetRasterBand(3));
  for (int row = 0; row < 2; ++row)
    EXPECT_GT(std::count(contributors.begin(), contributors.end(),
                         static_cast<float>(rat->GetValueAsInt(row, 0))),
              0);
  table["bands"] = "Elevation";
  EXPECT_THAT(refused([&] { ask(table); }),
              HasSubstr("400: the bands asked for have no attribute"));
}

TEST_F(FuseAnswer, BandsAndGridAreThoseAskedFor) {
  const OwnedDataset tiff = opened(file_of(ask({{"west", "10.0"},
                                                {"south", "50.03"},
                                                {"east", "10.08"},
                                                {"north", "50.07"},
                                                {"crs", "EPSG:32632"},
                                                {"resolution", "100"},
                                                {"bands", "Contributor,Elevation"}})));
  ASSERT_TRUE(tiff);
  ASSERT_EQ(tiff->GetRasterCount(), 2);
  EXPECT_STREQ(tiff->GetRasterBand(1)->GetDescription(), "Contributor");
  double transform[6];
  tiff->GetGeoTransform(transform);
  EXPECT_EQ(transform[1], 100.0);
  EXPECT_STREQ(tiff->GetSpatialRef()->GetAuthorityCode(nullptr), "32632");
}

TEST_F(FuseAnswer, AZoomIsOfTheTiles) {
  FuseAnswer::Query query = kBox;
  query["zoom"] = "11";
  const OwnedDataset tiff = opened(file_of(ask(query)));
  double transform[6];
  tiff->GetGeoTransform(transform);
  EXPECT_NEAR(transform[1], 2 * M_PI * 6378137 / (256 << 11), 1e-9);
}

TEST_F(FuseAnswer, AZarrHasThePlanesAndSaysWhatItIs) {
  const ServiceAnswer answer = ask_body({{"bbox", {10.0, 50.03, 10.08, 50.07}}});
  EXPECT_EQ(answer.type, "application/zip");
  EXPECT_THAT(header(answer, "Content-Disposition"), HasSubstr("fused.zarr.zip"));
  const std::string zip = file_of(answer) + ".zip";  // GDAL goes by the name
  std::filesystem::rename(file_of(answer), zip);
  const LayerPlanes planes = expected();
  const OwnedDataset elevation = opened("ZARR:\"/vsizip/" + zip + "\":/elevation");
  ASSERT_TRUE(elevation);
  expect_same(pixels(*elevation->GetRasterBand(1)), planes.elevation);
  std::unique_ptr<VSILFILE, int (*)(VSILFILE*)> file(
      VSIFOpenL(("/vsizip/" + zip + "/.zattrs").c_str(), "rb"), VSIFCloseL);
  ASSERT_TRUE(file);
  std::string text(1 << 16, '\0');
  text.resize(VSIFReadL(text.data(), 1, text.size(), file.get()));
  const json attributes = json::parse(text);
  EXPECT_EQ(attributes["policy"], "test");
  EXPECT_EQ(attributes["providers_used"], json::array({"raster"}));
  EXPECT_EQ(json::parse(attributes["provenance_json"].get<std::string>()).size(), 2U);
  EXPECT_EQ(text.find(directory().path()), std::string::npos);
}

TEST_F(FuseAnswer, AClientsOwnPolicyIsFused) {
  const ServiceAnswer answer = ask_body(
      {{"bbox", {10.0, 50.0, 10.02, 50.02}}, {"format", "tif"}, {"policy_yaml", plain_policy()}});
  const auto values = pixels(*opened(file_of(answer))->GetRasterBand(1));
  ASSERT_FALSE(values.empty());
  for (const float value : values)
    ASSERT_EQ(value, -5.0F);
}

TEST_F(FuseAnswer, WrongRequestsAreRefused) {
  const std::pair<FuseAnswer::Query, const char*> rows[] = {
      {{}, "400: \"west\" is missing"},
      {{{"bbox", "1,2,3"}}, "400: \"bbox\" must be 4 numbers (west, south, east, north), not 3"},
      {{{"bbox", "a,2,3,4"}}, "400: \"bbox\" must be a list of numbers, not \"a,2,3,4\""},
      {{{"bbox", "nan,2,3,4"}}, "400: \"bbox\" must be a list of numbers"},
      {{{"bbox", "1,2,1e999,4"}}, "400: \"bbox\" must be a list of numbers"},
      {{{"bbox", "11,50,10,51"}}, "400: west (11) must be below east (10); across the antimeri"},
      {{{"bbox", "10,51,11,50"}}, "400: south (51) must be below north (50)"},
      {{{"bbox", "10,50,11,91"}}, "400: the box lies outside"},
      {{{"bbox", "10,50,11,51"}, {"west", "1"}}, "exclude each other"},
      {{{"bbox", "10,50,11,51"}, {"format", "png"}}, "400: unknown format \"png\"; known: geotiff"},
      {{{"bbox", "10,50,11,51"}, {"resolution", "0"}}, "400: \"resolution\" must be a number from"},
      {{{"bbox", "10,50,11,51"}, {"resolution", "-5"}}, "400: \"resolution\""},
      {{{"bbox", "10,50,11,51"}, {"zoom", "2.5"}}, "400: \"zoom\" must be a whole number"},
      {{{"bbox", "10,50,11,51"}, {"crs", "EPSG:999999"}}, "400: \"crs\":"},
      {{{"bbox", "10,50,11,51"}, {"crs", "+init=/etc/passwd:1"}}, "400: \"crs\" must be a code"},
      {{{"bbox", "10,50,11,51"}, {"crs", "EPSG:4326"}, {"zoom", "5"}}, "\"zoom\" is of EPSG:3857"},
      {{{"bbox", "10,50,11,51"}, {"bands", "Elevatoin"}},
       "400: unknown band \"Elevatoin\"; did you mean Elevation?"},
      {{{"bbox", "10,50,11,51"}, {"reslution", "30"}}, "did you mean \"resolution\"?"},
      {{{"bbox", "10,50,11,51"}, {"policy", "../p"}}, "400: no name of a policy"},
      {{{"bbox", "10,50,11,51"}, {"policy", "none"}}, "404: this server has no policy \"none\""},
      {{{"bbox", "10,50,11,51"}, {"policy_yaml", "x"}}, "400: unknown parameter \"policy_yaml\""},
      {{{"bbox", "30,30,30.1,30.1"}}, "404: no source of the policy has data in this box"},
  };
  for (const auto& [query, message] : rows)
    EXPECT_THAT(refused([&, &asked = query] { ask(asked); }), HasSubstr(message));
}

TEST_F(FuseAnswer, WrongBodiesAreRefused) {
  const json box{10.0, 50.0, 10.1, 50.1};
  EXPECT_THAT(refused([&] { ask_body({{"bbox", {1, 2}}}); }), HasSubstr("422: \"bbox\""));
  EXPECT_THAT(refused([&] {
                ask_body({{"bbox", box}, {"formt", "tif"}});
              }),
              HasSubstr("422: unkn"));
  EXPECT_THAT(refused([&] {
                ask_body({{"bbox", box}, {"policy_yaml", "name: ["}});
              }),
              HasSubstr("400: policy:"));
  EXPECT_THAT(refused([&] { ask_body({{"bbox", box}, {"policy_yaml", 5}}); }), HasSubstr("422"));
  ServiceRequest broken;
  broken.body = "{";
  EXPECT_THAT(refused([&] { routes()[1].handler(broken); }), HasSubstr("400: the body must be"));
}

TEST_F(FuseAnswer, TooManyPixelsAreRefusedBeforeAnyWork) {
  FuseAnswer::Query query = kBox;
  query["resolution"] = "0.2";
  const std::string message = refused([&] { ask(query); });
  EXPECT_THAT(message, HasSubstr("413: the area has "));
  EXPECT_THAT(message, HasSubstr("one answer has at most 64000000"));
  EXPECT_EQ(cells_in(), 0U);
}

TEST_F(FuseAnswer, PixelsTooFineForTheBlendsAreRefused) {
  settings_.policy = request(policy("extent: [9.96, 50.0, 10.14, 50.14]\n",
                                    "  - {provider: raster, path: hills.tif, operator: "
                                    "metric_feather, blend_distance: 5000}\n"),
                             CacheMode::kReadWrite);
  EXPECT_THAT(refused([&] {
                ask({{"bbox", "10,50,10.0001,50.0001"}, {"resolution", "0.5"}});
              }),
              HasSubstr("422: the policy blends and fills over 5000 m, too far"));
}

TEST_F(FuseAnswer, AFailingSourceIsAnErrorAndASkippedOneIsTold) {
  std::ofstream(path("terrace.tif")) << "no raster";
  EXPECT_THAT(refused([&] { ask(kBox); }), HasSubstr("Error: "));
  settings_.policy.on_error = OnError::kSkip;
  Service other(settings_);
  const Routes skipping = fuse_routes(other);
  const ServiceAnswer answer = skipping[0].handler(get(kBox));
  EXPECT_EQ(header(answer, "X-Topobathy-Left-Out"), "terrace");
}

TEST_F(FuseAnswer, NothingIsLeftWhenTheClientHasGone) {
  ServiceRequest request = get(kBox);
  int asked = 0;
  request.gone = [&] { return ++asked > 3; };
  EXPECT_THAT(refused([&] { routes()[0].handler(request); }), HasSubstr("Error: "));
  EXPECT_FALSE(std::filesystem::exists(path("cache/answers")) &&
               !std::filesystem::is_empty(path("cache/answers")));
}

TEST_F(FuseAnswer, TwoWhoAskForTheSameGetFilesOfTheirOwn) {
  (void)routes();
  auto other = std::async(std::launch::async, [&] { return ask(kBox); });
  const std::string mine = file_of(ask(kBox)), theirs = file_of(other.get());
  EXPECT_NE(mine, theirs);
  expect_same(pixels(*opened(mine)->GetRasterBand(1)), expected().elevation);
  std::filesystem::remove(mine);
  expect_same(pixels(*opened(theirs)->GetRasterBand(1)), expected().elevation);
  std::filesystem::remove(theirs);
  EXPECT_TRUE(std::filesystem::is_empty(path("cache/answers")));
}

}  // namespace
}  // namespace topobathy::testing_support
