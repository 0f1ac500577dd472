#include <string>
#include <utility>
#include <vector>

#include <cpl_vsi.h>

#include "archives/archive_fixture.h"
#include "refusal.h"

namespace topobathy {
namespace {

using test::band_pixels;
using testing_support::refusal;
using Names = std::vector<std::string>;

const std::string kUrl =
    "https://files.ausseabed.gov.au/survey/Great%20Barrier%20Reef%20Bathymetry%202020%20100m.zip";
const std::string kMember = "Great_Barrier_Reef_2020_100m_MSL_cog.tif";

class GbrArchiveTest : public test::ArchiveTest {
 protected:
  /// A grid of 20 x 10 pixels of 0.001 degree with its corner at 146 E, 18 S.
  static std::string grid() {
    const char* const path = "/vsimem/gbr_archive_test.tif";
    GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName("GTiff");
    GDALDataset* const file = driver->Create(path, 20, 10, 1, GDT_Float32, nullptr);
    double transform[6] = {146, 0.001, 0, -18, 0, -0.001};
    file->SetGeoTransform(transform);
    file->GetRasterBand(1)->Fill(-25.5);
    GDALClose(file);
    vsi_l_offset size = 0;
    GByte* const bytes = VSIGetMemFileBuffer(path, &size, /*bUnlinkAndSeize=*/true);
    const std::string content(reinterpret_cast<const char*>(bytes), size);
    CPLFree(bytes);
    return content;
  }
  void serve(const std::string& bytes, const std::string& etag = "\"1\"") {
    http_->put(kUrl, bytes, etag);
  }
  AssetFile open() {
    const auto gbr = archive("jcu_gbr100");
    return gbr->open(gbr->find({146, -18, 147, -17}).at(0).asset, 100);
  }
};

void put(std::string& bytes, std::uint64_t value, int size) {
  for (int shift = 0; shift < 8 * size; shift += 8)
    bytes += static_cast<char>(value >> shift & 0xff);
}

/// What local and central headers have in common, from "version needed" on.
std::string zip_fields(const std::string& name, const std::string& content, std::uint32_t claimed) {
  std::string fields;
  put(fields, 20, 2);
  put(fields, 0, 2);
  put(fields, claimed == content.size() ? 0 : 8, 2);  // stored, or (a lie) deflated
  put(fields, 0, 4);
  put(fields, 0, 4);  // CRC: nobody looks at it here
  put(fields, content.size(), 4);
  put(fields, claimed, 4);
  put(fields, name.size(), 2);
  put(fields, 0, 2);
  return fields;
}

std::string make_zip(const std::vector<std::pair<std::string, std::string>>& members,
                     std::uint32_t claimed = 0) {
  std::string bytes;
  std::string directory;
  for (const auto& [name, content] : members) {
    const auto size = claimed != 0 ? claimed : static_cast<std::uint32_t>(content.size());
    const std::uint64_t offset = bytes.size();
    put(bytes, 0x04034b50, 4);
    bytes += zip_fields(name, content, size) + name + content;
    put(directory, 0x02014b50, 4);
    put(directory, 20, 2);
    directory += zip_fields(name, content, size);
    directory.append(10, '\0');
    put(directory, offset, 4);
    directory += name;
  }
  const std::uint64_t start = bytes.size();
  bytes += directory;
  put(bytes, 0x06054b50, 4);
  put(bytes, 0, 4);
  put(bytes, members.size(), 2);
  put(bytes, members.size(), 2);
  put(bytes, directory.size(), 4);
  put(bytes, start, 4);
  put(bytes, 0, 2);
  return bytes;
}

TEST_F(GbrArchiveTest, asks_for_nothing_outside_its_region_and_once_inside) {
  serve(make_zip({{kMember, grid()}}));
  const auto gbr = archive("jcu_gbr100");
  EXPECT_TRUE(gbr->find({-70, 42, -69, 43}).empty());
  EXPECT_TRUE(http_->calls().empty());
  const auto found = gbr->find({146, -18, 147, -17});
  gbr->find({147, -18, 148, -17});
  EXPECT_EQ(1U, http_->calls().size());
  ASSERT_EQ(1U, found.size());
  const Asset& asset = found[0].asset;
  EXPECT_EQ("Great_Barrier_Reef_Bathymetry_2020_100m", asset.id);
  EXPECT_EQ(Asset::Access::kDownload, asset.access);
  EXPECT_EQ("2020 \"1\"", asset.revision);
  EXPECT_EQ("EPSG:5714", asset.heights.crs);
  EXPECT_EQ("CC BY 4.0", asset.record.license_name);
  EXPECT_EQ("James Cook University", asset.record.institution);
  EXPECT_EQ("https://doi.org/10.26186/5e2f8bb629d07", asset.record.link);
  EXPECT_GT(asset.size, 0);
}

TEST_F(GbrArchiveTest, reads_the_grid_in_the_zip_where_it_is) {
  serve(make_zip({{"readme.txt", "hello"}, {"Grids/" + kMember, grid()}, {"a.nc", "no"}}));
  const AssetFile file = open();
  EXPECT_EQ(0U, file.path.find("/vsizip/{" + context_->folder + "/raw/Great_Barrier_Reef_"));
  EXPECT_NE(std::string::npos, file.path.find(".zip}/Grids/" + kMember));
  EXPECT_EQ(-25.5F, band_pixels(file.path, 1).at(0));
  open();
  EXPECT_EQ(2U, http_->calls().size()) << "the zip is fetched once";
}

TEST_F(GbrArchiveTest, knows_the_true_box_when_the_file_is_there) {
  serve(make_zip({{kMember, grid()}}));
  const auto gbr = archive("jcu_gbr100");
  const Asset before = gbr->find({150, -20, 151, -19}).at(0).asset;
  EXPECT_FALSE(gbr->is_local(before, 100));
  gbr->open(before, 100);
  EXPECT_TRUE(gbr->is_local(before, 100));
  EXPECT_TRUE(gbr->find({150, -20, 151, -19}).empty());
  const Asset after = gbr->find({146, -18.005, 146.01, -18}).at(0).asset;
  EXPECT_EQ(146, after.box.west);
  EXPECT_NEAR(146.02, after.box.east, 1e-9);
  EXPECT_NEAR(-18.01, after.box.south, 1e-9);
  EXPECT_EQ(-18, after.box.north);
}

TEST_F(GbrArchiveTest, a_new_edition_is_fetched_beside_the_old_one) {
  serve(make_zip({{kMember, grid()}}));
  const std::string old_path = open().path;
  context_->discovery->expire("all");
  serve(make_zip({{kMember, grid()}}), "\"2\"");
  EXPECT_NE(old_path, open().path);
}

TEST_F(GbrArchiveTest, a_failing_request_poisons_nothing) {
  serve(make_zip({{kMember, grid()}}));
  int failures = 0;
  for (int n = 1;; ++n) {
    context_->discovery->expire("all");
    http_->fail_call(n);
    try {
      open();
      break;
    } catch (const Error& error) {
      EXPECT_EQ(ErrorCode::kUnreadable, error.code());
      ++failures;
    }
  }
  EXPECT_EQ(2, failures);
  EXPECT_EQ(-25.5F, band_pixels(open().path, 1).at(0));
}

TEST_F(GbrArchiveTest, an_archive_that_has_gone_is_an_error_and_not_no_coverage) {
  EXPECT_EQ("'" + kUrl +
                "': the server answers with status 404; the archive has moved or is closed, see "
                "https://doi.org/10.26186/5e2f8bb629d07",
            refusal(ErrorCode::kUnreadable, [&] { open(); }));
  serve(make_zip({{kMember, grid()}}));
  const auto gbr = archive("jcu_gbr100");
  const Asset asset = gbr->find({146, -18, 147, -17}).at(0).asset;
  http_->remove(kUrl);
  EXPECT_NE(std::string::npos, refusal(ErrorCode::kUnreadable, [&] {
                                 gbr->open(asset, 100);
                               }).find("answers with status 404"));
}

TEST_F(GbrArchiveTest, what_is_no_zip_or_holds_no_grid_is_told_and_not_kept) {
  const std::string begin = "'" + kUrl + "': what came cannot be used and was not kept: ";
  const std::string remedy =
      "; a proxy or login page may stand in between, open the address in a browser";
  serve("<html>Please log in</html>");
  EXPECT_EQ(begin + "it is no zip archive, or an empty one" + remedy,
            refusal(ErrorCode::kUnreadable, [&] { open(); }));
  serve(make_zip({{"readme.txt", "hello"}}), "\"2\"");
  EXPECT_EQ(begin + "there is no *.tif, *.nc or *.grd in it" + remedy,
            refusal(ErrorCode::kUnreadable, [&] { open(); }));
  const std::string whole = make_zip({{kMember, grid()}});
  serve(whole.substr(0, whole.size() / 2), "\"3\"");
  EXPECT_THROW(open(), Error);
  EXPECT_TRUE(directory_.files().empty());
  serve(whole, "\"4\"");
  EXPECT_EQ(-25.5F, band_pixels(open().path, 1).at(0));
}

TEST_F(GbrArchiveTest, a_zip_that_was_damaged_on_disk_is_told) {
  serve(make_zip({{kMember, grid()}}));
  open();
  const std::string zip = directory_.files().at(0);
  std::filesystem::resize_file(zip, 50);
  EXPECT_EQ("cannot use '" + zip +
                "': it is no zip archive, or an empty one; delete it to have it fetched again",
            refusal(ErrorCode::kUnreadable, [&] { open(); }));
}

TEST_F(GbrArchiveTest, a_member_that_claims_more_than_can_be_is_refused) {
  serve(make_zip({{kMember, grid()}}, 4'000'000'000U));
  EXPECT_NE(
      std::string::npos,
      refusal(ErrorCode::kUnreadable, [&] {
        open();
      }).find("its member '" + kMember + "' claims to have 4000000000 bytes, more than can be"));
}

TEST_F(GbrArchiveTest, a_member_with_an_unsafe_name_is_refused) {
  serve(make_zip({{kMember, grid()}, {"bad\x01name.tif", grid()}}));
  EXPECT_NE(std::string::npos, refusal(ErrorCode::kUnreadable, [&] {
                                 open();
                               }).find("one of its members has an unsafe name"));
}

TEST_F(GbrArchiveTest, a_member_that_leads_out_of_the_zip_is_never_read) {
  int number = 0;
  for (const char* name : {"../../evil.tif", "a/../b.tif", "/etc/grid.tif"}) {
    serve(make_zip({{kMember, grid()}, {name, grid()}}), std::to_string(++number));
    context_->discovery->expire("all");
    // GDAL 3.6 passes over such names by itself; where it does not the zip is refused.
    try {
      EXPECT_NE(std::string::npos, open().path.find("}/" + kMember)) << name;
    } catch (const Error& error) {
      EXPECT_NE(std::string::npos, std::string(error.what()).find("unsafe name")) << name;
    }
  }
}

}  // namespace
}  // namespace topobathy
