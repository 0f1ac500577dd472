#include "providers/ncei_bag/fetch_bag.h"

#include <cpl_vsi.h>
#include <gdal_priv.h>
#include <gmock/gmock.h>

#include "archives/archive_bench.h"
#include "needed_data.h"
#include "refusal.h"

namespace topobathy {
namespace {

using testing::HasSubstr;
using testing_support::refusal;

/// By GDAL, as a .gz.
std::string gzip(const std::string& path, const std::string& content) {
  VSILFILE* const file = VSIFOpenL(("/vsigzip/" + path).c_str(), "wb");
  EXPECT_NE(nullptr, file);
  EXPECT_EQ(content.size(), VSIFWriteL(content.data(), 1, content.size(), file));
  VSIFCloseL(file);
  return read_whole_file(path);
}

class UnpackGzip : public testing::Test {
 protected:
  std::string refused(const std::string& packed, std::uint64_t limit = 1 << 30) {
    std::ofstream(from_, std::ios::binary | std::ios::trunc) << packed;
    const std::string text =
        refusal(ErrorCode::kUnreadable, [&] { unpack_gzip(from_, to_, limit, kUrl); });
    EXPECT_FALSE(std::filesystem::exists(to_));
    return text;
  }

  static constexpr char kUrl[] = "https://a.gov/a.bag.gz";
  TestDirectory directory_;
  const std::string from_ = directory_.path() + "/a.bag.gz";
  const std::string to_ = directory_.path() + "/a.bag";
};

TEST_F(UnpackGzip, GivesTheContent) {
  for (const std::size_t size : {0UL, 5UL, 1UL << 20, (1UL << 20) + 1, 3000000UL}) {
    std::string content(size, 'x');
    for (std::size_t i = 0; i < size; i += 3)
      content[i] = static_cast<char>(i * i % 251);
    gzip(from_, content);
    unpack_gzip(from_, to_, 1 << 30, kUrl);
    EXPECT_EQ(content, read_whole_file(to_)) << size;
  }
  EXPECT_EQ(2U, directory_.files().size());
}

TEST_F(UnpackGzip, ABombGoesOffSmall) {
  const std::string bomb = gzip(from_, std::string(50 << 20, '\0'));
  EXPECT_LT(bomb.size(), 100000U);
  EXPECT_THAT(
      refused(bomb, 4 << 20),
      HasSubstr("cannot unpack 'https://a.gov/a.bag.gz': it holds more than 4194304 bytes; it is "
                "not kept: try again later, or leave the survey out with exclude_patterns"));
}

TEST_F(UnpackGzip, DamageIsNoticed) {
  std::string content(200000, 'x');
  for (std::size_t i = 0; i < content.size(); ++i)
    content[i] = static_cast<char>(i * 2654435761U >> 13);
  const std::string packed = gzip(from_, content);
  for (std::size_t size = 0; size < packed.size(); size += packed.size() / 37)
    EXPECT_THAT(refused(packed.substr(0, size)), HasSubstr("cannot unpack")) << size;
  std::string flipped = packed;
  flipped[packed.size() / 2] = static_cast<char>(flipped[packed.size() / 2] ^ 0x10);
  EXPECT_THAT(refused(flipped), HasSubstr("cannot unpack"));
  EXPECT_THAT(refused("<html>Sorry, this page is not there</html>"), HasSubstr("cannot unpack"));
}

class FetchBag : public testing::Test {
 protected:
  void SetUp() override {
    const std::string folder = test::shared_data() + "/bag/";
    TOPOBATHY_NEED_FILE(folder);
    GDALAllRegister();
    real_ = read_whole_file(folder + "newyork_longbeach_bdb_02_4m.bag");
  }
  bool fetch(const std::string& body) {
    http_->put(kUrl, body);
    return fetch_bag(context_, kUrl, path_);
  }
  std::string refused(const std::string& body) {
    const std::string text = refusal(ErrorCode::kUnreadable, [&] { fetch(body); });
    EXPECT_TRUE(directory_.files().empty());
    return text;
  }

  static constexpr char kUrl[] = "https://data.ngdc.noaa.gov/BAG/H99999_MB_4m_MLLW_1of1.bag";
  TestDirectory directory_;
  std::shared_ptr<FakeHttp> http_ = std::make_shared<FakeHttp>();
  ArchiveContext context_{"ncei_bag", directory_.path(), true, false, {}, http_,
                          {},         &system_clock(),   {}};
  const std::string path_ = directory_.path() + "/H99999.bag";
  std::string real_;
};

TEST_F(FetchBag, ARealBagIsKept) {
  EXPECT_TRUE(fetch(real_));
  EXPECT_EQ(real_, read_whole_file(path_));
  EXPECT_EQ(1U, directory_.files().size());
}

TEST_F(FetchBag, WhatIsGoneIsTold) {
  EXPECT_FALSE(fetch_bag(context_, kUrl, path_));
  EXPECT_TRUE(directory_.files().empty());
}

TEST_F(FetchBag, WhatIsNoBagIsNotKept) {
  EXPECT_EQ(std::string("'") + kUrl +
                "' is no BAG that can be read: it is damaged, cut short, or an error page; it is "
                "not kept: try again later, or leave it out with exclude_patterns",
            refused("<html>Sorry</html>"));
  const std::string odd = test::shared_data() + "/bag/odd/";
  for (const char* name :
       {"one_byte_fake_00.bag", "hdf5_without_BAG_root_bdb_00.bag", "unreadable_test_00.bag"})
    EXPECT_THAT(refused(read_whole_file(odd + name)), HasSubstr("is no BAG that can be read"))
        << name;
}

TEST_F(FetchBag, ACutBagIsNotKept) {
  for (std::size_t size = 0; size < real_.size(); size += real_.size() / 23)
    EXPECT_THAT(refused(real_.substr(0, size)), HasSubstr("is no BAG that can be read")) << size;
}

TEST(RawBagName, TellsTheEdition) {
  Asset asset;
  asset.id = "H99999_MB_4m_MLLW_1of1";
  asset.revision = "H99999_MB_4m_MLLW_1of1.bag";
  EXPECT_EQ("raw/H99999_MB_4m_MLLW_1of1.bag", raw_bag_name(asset));
  asset.revision = "H99999_MB_4m_MLLW_1of1.bag@2020-09-13";
  EXPECT_EQ("raw/H99999_MB_4m_MLLW_1of1.2020-09-13.bag", raw_bag_name(asset));
}

}  // namespace
}  // namespace topobathy
