#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <sstream>

#include "cache/test_directory.h"
#include "lidar_files.h"
#include "made_ept.h"
#include "refusal.h"

/// Point clouds that lie, are cut, or are none: a clear error, and no more memory than their size.
namespace topobathy {
namespace {

using namespace testing_support;

std::string content(const std::string& name) {
  std::ifstream file(lidar_file(name), std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::size_t count_of(std::string bytes) {
  return points_of(
             *open_las_cloud(bytes_at_hand("a.laz", std::move(bytes)), [] { return "EPSG:26912"; }))
      .size();
}

std::string refused(std::string bytes) {
  return refusal(ErrorCode::kUnreadable, [&] { count_of(std::move(bytes)); });
}

/// The bytes with another number at a place.
template <class Number>
std::string with(std::string bytes, std::size_t place, Number number) {
  set_number(bytes, place, number);
  return bytes;
}

TEST(HostileLaz, ALyingNumberOfPointsIsRefused) {
  TOPOBATHY_NEED_LAZ("autzen_trim.laz");
  const std::string laz = content("autzen_trim.laz");
  ASSERT_EQ(110000U, count_of(laz));
  EXPECT_EQ("'a.laz': states 4000000000 points, which are 80000 chunks, and has 3: it is damaged",
            refused(with<std::uint32_t>(laz, 107, 4000000000U)));
  EXPECT_EQ("'a.laz': states 90000 points, which are 2 chunks, and has 3: it is damaged",
            refused(with<std::uint32_t>(laz, 107, 90000)));
  for (const std::uint32_t near : {109000U, 109990U, 110010U, 149000U}) {
    const std::string message = refused(with<std::uint32_t>(laz, 107, near));
    EXPECT_NE(std::string::npos, message.find("damaged")) << message;
  }
}

TEST(HostileLaz, ALyingChunkTableIsRefused) {
  TOPOBATHY_NEED_LAZ("autzen_trim.laz");
  const std::string laz = content("autzen_trim.laz");
  const auto points = number_at<std::uint32_t>(laz, 96);
  const auto table = number_at<std::uint64_t>(laz, points);
  EXPECT_EQ("'a.laz': its chunk table lies outside the file: it is cut short or damaged",
            refused(with<std::uint64_t>(laz, points, std::uint64_t{1} << 40)));
  EXPECT_EQ("'a.laz': its chunk table lies outside the file: it is cut short or damaged",
            refused(with<std::uint64_t>(laz, points, 10)));
  EXPECT_NE(std::string::npos,
            refused(with<std::uint32_t>(laz, table + 4, 0xffffffffU)).find("and has 4294967295"));
  EXPECT_EQ("'a.laz': its chunk table is damaged", refused(with<std::uint32_t>(laz, table, 7)));
}

TEST(HostileLaz, ALyingRecordIsRefused) {
  TOPOBATHY_NEED_LAZ("autzen_trim.laz");
  const std::string laz = content("autzen_trim.laz");
  const std::size_t record = laz.find("laszip encoded") + 52;
  for (const std::size_t place : {32, 34, 36, 38})
    EXPECT_EQ("'a.laz': its LASzip record does not fit its points: it is damaged",
              refused(with<std::uint16_t>(laz, record + place, 60000)));
  EXPECT_EQ(
      "'a.laz': is compressed in a way (9) that only early LASzip wrote: write it anew with a "
      "current program",
      refusal(ErrorCode::kUnsupported, [&] { count_of(with<std::uint16_t>(laz, record, 9)); }));
}

TEST(HostileLas, AHeaderThatIsNoneIsRefused) {
  TOPOBATHY_NEED_LAZ("autzen_trim.laz");
  const std::string laz = content("autzen_trim.laz");
  EXPECT_EQ("'a.laz': is no LAS file: it is shorter than a LAS header", refused(""));
  EXPECT_EQ("'a.laz': is no LAS file: it does not begin with LASF",
            refused("<html>" + std::string(500, ' ')));
  EXPECT_EQ("'a.laz': its LAS header states impossible places: it is damaged",
            refused(with<std::uint32_t>(laz, 96, 0xffffffffU)));
  EXPECT_EQ("'a.laz': its LAS header is larger than any survey's: it is refused",
            refused(with<std::uint32_t>(laz, 100, 0xffffffffU)));
  EXPECT_EQ("'a.laz': its variable length records are cut short",
            refused(with<std::uint32_t>(laz, 100, 900)));
  EXPECT_EQ("'a.laz': its LAS header states impossible bounds, scales or offsets: it is damaged",
            refused(with<double>(laz, 131, NAN)));
  EXPECT_EQ("'a.laz': is of a newer LAS version than 1.4",
            refusal(ErrorCode::kUnsupported, [&] { count_of(with<std::uint8_t>(laz, 25, 5)); }));
  EXPECT_EQ(
      "'a.laz': has point format 11; 0 to 10 are known",
      refusal(ErrorCode::kUnsupported, [&] { count_of(with<std::uint8_t>(laz, 104, 11 | 0x80)); }));
}

TEST(HostileCopc, ALyingHierarchyIsRefused) {
  TOPOBATHY_NEED_LAZ("1.2-with-color.copc.laz");
  const std::string laz = content("1.2-with-color.copc.laz");
  ASSERT_EQ(1065U, count_of(laz));
  const auto page = number_at<std::uint64_t>(laz, 375 + 54 + 40);
  const std::string first = "node " + std::to_string(number_at<std::int32_t>(laz, page)) + "-" +
                            std::to_string(number_at<std::int32_t>(laz, page + 4)) + "-" +
                            std::to_string(number_at<std::int32_t>(laz, page + 8)) + "-" +
                            std::to_string(number_at<std::int32_t>(laz, page + 12));
  const auto points = number_at<std::int32_t>(laz, page + 28);
  EXPECT_EQ("'a.laz': a node is said to have 99 points and has " + std::to_string(points) +
                ": it is damaged",
            refused(with<std::int32_t>(laz, page + 28, 99)));
  EXPECT_EQ("'a.laz': " + first +
                " lies outside the file or is too large: the file is cut short or "
                "damaged",
            refused(with<std::uint64_t>(laz, page + 16, std::uint64_t{1} << 60)));
  EXPECT_EQ("'a.laz': " + first +
                " lies outside the file or is too large: the file is cut short or "
                "damaged",
            refused(with<std::int32_t>(laz, page + 24, 2000000000)));
  EXPECT_EQ("'a.laz': its hierarchy has impossible entries: it is damaged",
            refused(with<std::int32_t>(laz, page, -4)));
  // A page that leads to itself.
  std::string circle = with<std::int32_t>(laz, page + 28, -1);
  circle = with<std::int32_t>(circle, page + 24, 32);
  EXPECT_EQ("'a.laz': its hierarchy runs in a circle: it is damaged",
            refused(with<std::uint64_t>(circle, page + 16, page)));
  EXPECT_EQ(
      "'a.laz': a page of its hierarchy lies outside the file or is too large: the file is cut "
      "short or damaged",
      refused(with<std::uint64_t>(laz, 375 + 54 + 48, std::uint64_t{1} << 62)));
  EXPECT_EQ("'a.laz': its COPC record is damaged", refused(with<double>(laz, 375 + 54 + 24, -1)));
}

TEST(HostileCopc, ALayerThatIsLongerThanItsChunkIsRefused) {
  TOPOBATHY_NEED_LAZ("1.2-with-color.copc.laz");
  const std::string laz = content("1.2-with-color.copc.laz");
  const auto page = number_at<std::uint64_t>(laz, 375 + 54 + 40);
  const auto chunk = number_at<std::uint64_t>(laz, page + 16);
  EXPECT_EQ("'a.laz': a chunk of points says it is longer than there is room: it is damaged",
            refused(with<std::uint32_t>(laz, chunk + 36 + 4, 0xf0000000U)));
}

/// Cut anywhere or with bytes changed anywhere, a file gives an error or at most its points.
void survives(const std::string& laz, std::size_t points) {
  std::uint32_t state = 7;
  const auto random = [&state](std::size_t below) {
    state = state * 1664525U + 1013904223U;
    return static_cast<std::size_t>(state >> 4) % below;
  };
  for (int i = 0; i < 150; ++i) {
    std::string changed = laz;
    if (i % 3 == 0) changed.resize(random(laz.size()));
    for (int flips = 0; i % 3 != 0 && flips <= i % 5; ++flips) {
      // Half of them in the headers, where the lies are.
      const std::size_t place = random(i % 2 == 0 ? 2000 : laz.size());
      changed[place] = static_cast<char>(random(256));
    }
    try {
      EXPECT_LE(count_of(changed), points) << i;
    } catch (const Error& error) {
      EXPECT_NE(ErrorCode::kInternal, error.code()) << error.what();
    }
  }
}

TEST(HostileLaz, DamageAnywhereIsSurvived) {
  TOPOBATHY_NEED_LAZ("1.2-with-color.copc.laz");
  survives(content("1.2-with-color.copc.laz"), 1065);
  survives(content("ept/1.2-with-color/ept-data/0-0-0-0.laz"), 1065);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they take terabytes of it
/// Bytes of address space in use.
std::size_t address_space() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(HostileLaz, LiesAllocateNothing) {
  TOPOBATHY_NEED_LAZ("autzen_trim.laz");
  TOPOBATHY_NEED_LAZ("1.2-with-color.copc.laz");
  const std::string laz = content("autzen_trim.laz");
  const std::string copc = content("1.2-with-color.copc.laz");
  const auto points = number_at<std::uint32_t>(laz, 96);
  const auto table = number_at<std::uint64_t>(laz, points);
  const std::size_t record = laz.find("laszip encoded") + 52;
  const auto page = number_at<std::uint64_t>(copc, 375 + 54 + 40);
  const auto chunk = number_at<std::uint64_t>(copc, page + 16);
  const std::string lies[] = {with<std::uint32_t>(laz, 107, 0xffffffffU),
                              with<std::uint32_t>(laz, table + 4, 0xffffffffU),
                              with<std::uint32_t>(laz, record + 12, 0xfffffffeU),
                              with<std::uint32_t>(laz, record + 12, 1),
                              with<std::int32_t>(copc, page + 28, 2147483647),
                              with<std::uint32_t>(copc, chunk + 36, 0xffffffffU),
                              with<std::uint32_t>(copc, chunk + 36 + 8, 0xfffffff0U)};
  has_laszip();
  const auto child = start_child([&] {
    const std::size_t room = address_space() + (std::size_t{128} << 20);
    const rlimit limit{room, room};
    ::setrlimit(RLIMIT_AS, &limit);
    int survived = 0;
    for (const std::string& lie : lies) {
      try {
        count_of(lie);
      } catch (const Error&) {
        ++survived;
      }
    }
    return survived;
  });
  EXPECT_EQ(static_cast<int>(std::size(lies)), wait_for(child));
}
#endif

LidarPoint ground(double x, double y) {
  LidarPoint point;
  point.x = x, point.y = y;
  point.classification = 2;
  return point;
}

class HostileEpt : public testing::Test {
 protected:
  void SetUp() override {
    files_ = MadeEpt().files({ground(1, 1), ground(2, 2), ground(900, 900), ground(3, 3)});
  }
  std::string refused(ErrorCode code = ErrorCode::kUnreadable) {
    const TestDirectory set;
    write_files(set.path(), files_);
    std::string message =
        refusal(code, [&] { points_of(*open_ept_cloud(local_ept_files(set.path()))); });
    return message.replace(message.find(set.path()), set.path().size(), "set");
  }
  /// ept.json with another value.
  std::string refused_with(const std::string& pointer, const nlohmann::json& value,
                           ErrorCode code = ErrorCode::kUnreadable) {
    const std::string kept = files_["ept.json"];
    auto ept = nlohmann::json::parse(kept);
    ept[nlohmann::json::json_pointer(pointer)] = value;
    files_["ept.json"] = ept.dump();
    std::string message = refused(code);
    files_["ept.json"] = kept;
    return message;
  }

  std::map<std::string, std::string> files_;
};

TEST_F(HostileEpt, ADescriptionThatIsNoneIsRefused) {
  EXPECT_EQ("'set/ept.json': its bounds or span are impossible", refused_with("/span", 0));
  EXPECT_EQ("'set/ept.json': its bounds or span are impossible",
            refused_with("/bounds", {0, 0, 0, 10, 20, 10}));
  EXPECT_EQ("'set/ept.json': its schema has an impossible dimension",
            refused_with("/schema/0/size", 1000000000));
  EXPECT_EQ("'set/ept.json': its points lack X, Y, Z or Classification: no ground can be told",
            refused_with("/schema/0/name", "Klass", ErrorCode::kUnsupported));
  EXPECT_EQ(
      "'set/ept.json': its points are stored as 'draco'; laszip, binary and zstandard are known",
      refused_with("/dataType", "draco", ErrorCode::kUnsupported));
  EXPECT_EQ("'set/ept.json': is EPT version 2.0.0; 1.x is known",
            refused_with("/version", "2.0.0", ErrorCode::kUnsupported));
  for (const char* text : {"<html></html>", "", "[]", "{\"bounds\":", "{\"dataType\":7}"}) {
    files_["ept.json"] = text;
    EXPECT_EQ(0U, refused().find("'set/ept.json': is no EPT description (")) << text;
  }
}

TEST_F(HostileEpt, AHierarchyThatIsNoneIsRefused) {
  std::string& root = files_["ept-hierarchy/0-0-0-0.json"];
  for (const char* text : {"<html></html>", "", "[1,2]", "{\"0-0-0-0\":"}) {
    root = text;
    EXPECT_EQ("'set/ept-hierarchy/0-0-0-0.json': is no page of a hierarchy: it is no JSON object",
              refused())
        << text;
  }
  for (const char* text :
       {R"({"../../etc/passwd":5})", R"({"0-0-0-0":-7})", R"({"0-0-0-0":1e99})",
        R"({"0-0-0-0":"x"})", R"({"1-2-0-0":5})", R"({"99-0-0-0":5})", R"({"00-0-0-0":5})"}) {
    root = text;
    EXPECT_EQ(0U, refused().find("'set/ept-hierarchy': has an impossible entry '")) << text;
  }
  root = R"({"0-0-0-0":-1})";
  EXPECT_EQ("'set/ept-hierarchy/0-0-0-0.json': the hierarchy runs in a circle: it is damaged",
            refused());
}

TEST_F(HostileEpt, ALyingNumberOfPointsIsRefused) {
  files_["ept-hierarchy/0-0-0-0.json"] = R"({"0-0-0-0":2000000})";
  EXPECT_EQ("'set/ept-data/0-0-0-0.bin': is said to have 2000000 points and has 1: it is damaged",
            refused());
  files_["ept-hierarchy/0-0-0-0.json"] = R"({"0-0-0-0":2000000000})";
  EXPECT_EQ("'set/ept-data/0-0-0-0.bin': has more points than any survey's", refused());
}

TEST_F(HostileEpt, BombsDoNotUnpack) {
  files_["ept-hierarchy/0-0-0-0.json"] = gzipped(std::string(std::size_t{64} << 20, ' '));
  EXPECT_EQ("'set/ept-hierarchy/0-0-0-0.json': unpacks to more than 33554432 bytes: it is refused",
            refused());
  MadeEpt made;
  made.data = "zstandard";
  files_ = made.files({ground(1, 1)});
  files_["ept-data/0-0-0-0.zst"] = zstandarded(std::string(std::size_t{64} << 20, ' '));
  EXPECT_EQ("'set/ept-data/0-0-0-0.zst': does not unpack to 36 bytes: it is damaged", refused());
  files_["ept-data/0-0-0-0.zst"] = "no zstandard";
  EXPECT_EQ("'set/ept-data/0-0-0-0.zst': does not unpack to 36 bytes: it is damaged", refused());
}

TEST(HostileEptLaz, ANodeThatStatesOtherPointsThanTheHierarchyIsRefused) {
  TOPOBATHY_NEED_LAZ("ept/1.2-with-color/ept.json");
  const TestDirectory set;
  std::map<std::string, std::string> files{
      {"ept.json", content("ept/1.2-with-color/ept.json")},
      {"ept-hierarchy/0-0-0-0.json", R"({"0-0-0-0":1064})"},
      {"ept-data/0-0-0-0.laz", content("ept/1.2-with-color/ept-data/0-0-0-0.laz")}};
  write_files(set.path(), files);
  EXPECT_EQ("'" + set.path() +
                "/ept-data/0-0-0-0.laz': is said to have 1064 points and states 1065: it is "
                "damaged",
            refusal(ErrorCode::kUnreadable,
                    [&] { points_of(*open_ept_cloud(local_ept_files(set.path()))); }));
}

}  // namespace
}  // namespace topobathy
