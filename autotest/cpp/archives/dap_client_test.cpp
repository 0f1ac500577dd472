#include <gtest/gtest.h>

#include "dap_answers.h"
#include "fake_http.h"
#include "providers/gebco/dap_client.h"
#include "refusal.h"

namespace topobathy {
namespace {

using test::DapAnswer;
using testing_support::refusal;

const std::string kData = "https://dap.example/gebco_2025.nc";
const DapWindow kWindow = {"elevation", {{10, 2}, {20, 3}}};

DapAnswer small_answer() {
  DapAnswer answer;
  answer.row = 10;
  answer.col = 20;
  answer.rows = 2;
  answer.cols = 3;
  answer.value = [](auto row, auto col) {
    return static_cast<int>(col) - 10 * static_cast<int>(row);
  };
  return answer;
}

std::string structure_refusal(const std::string& text) {
  return refusal(ErrorCode::kUnreadable, [&] { parse_dds(text, "https://h/d.dds"); });
}

std::string window_refusal(const std::string& body) {
  FakeHttp http;
  http.put(dods_url(kData, kWindow), body);
  return refusal(ErrorCode::kUnreadable, [&] { ask_window(http, kData, kWindow); });
}

TEST(DapStructure, OfGebcoIsAGridWithItsMaps) {
  const DapStructure structure = parse_dds(
      "Dataset {\n    Grid {\n     ARRAY:\n        Int16 elevation[lat = 43200][lon = 86400];\n"
      "     MAPS:\n        Float64 lat[lat = 43200];\n        Float64 lon[lon = 86400];\n"
      "    } elevation;\n    Int32 crs;\n    String note;\n"
      "} bodc/gebco/global/gebco_2025/netcdf/gebco_2025_sub_ice.nc;\n",
      "");
  ASSERT_EQ(3U, structure.variables.size());
  const DapVariable& elevation = *structure.find("elevation");
  ASSERT_EQ(3U, elevation.arrays.size());
  EXPECT_EQ(DapType::kInt16, elevation.arrays[0].type);
  EXPECT_EQ((std::vector<std::uint64_t>{43200, 86400}), elevation.arrays[0].sizes);
  EXPECT_EQ("lon", elevation.arrays[2].name);
  EXPECT_EQ(1U, structure.find("crs")->arrays[0].count());
  EXPECT_EQ(nullptr, structure.find("tid"));
}

TEST(DapStructure, RefusesWhatIsNone) {
  EXPECT_EQ(
      "'https://h/d.dds': the data structure (DDS) has '<html>hello</html>' where 'Dataset' "
      "belongs; the "
      "server does not answer as a DAP2 server does, try again later",
      structure_refusal("<html>hello</html>"));
  EXPECT_NE(std::string::npos, structure_refusal("Dataset {").find("is cut short"));
  EXPECT_NE(std::string::npos, structure_refusal("").find("is cut short"));
  EXPECT_NE(std::string::npos, structure_refusal("Dataset { Structure { } s; } d;")
                                   .find("has 'Structure' where a type belongs"));
  EXPECT_NE(std::string::npos, structure_refusal("Dataset { Byte a[x = 99999999999999999999]; } d;")
                                   .find("has a dimension of '99999999999999999999'"));
  EXPECT_NE(std::string::npos,
            structure_refusal("Dataset { Byte a[x = -1]; } d;").find("has a dimension of '-1'"));
  EXPECT_NE(std::string::npos,
            structure_refusal(std::string(70'000, 'x')).find("is longer than any honest one"));
  EXPECT_NE(std::string::npos,
            structure_refusal("Dataset { " + std::string(300, 'x')).find("has an endless word"));
  std::string many = "Dataset {";
  for (int i = 0; i < 300; ++i)
    many += " Byte a;";
  EXPECT_NE(std::string::npos, structure_refusal(many + "} d;").find("has too many variables"));
}

TEST(DapStructure, EveryPrefixOfAnAnswerIsRefused) {
  const std::string whole = small_answer().structure();
  for (std::size_t length = 0; length + 2 < whole.size(); ++length)
    EXPECT_THROW(parse_dds(whole.substr(0, length), ""), Error) << length;
}

TEST(DapClient, AsksWithEncodedBracketsAndInclusiveEnds) {
  EXPECT_EQ(kData + ".dods?elevation%5B10:1:11%5D%5B20:1:22%5D", dods_url(kData, kWindow));
}

TEST(DapClient, DecodesAWindowAndItsMaps) {
  FakeHttp http;
  http.put(dods_url(kData, kWindow), small_answer().body());
  const auto values = ask_window(http, kData, kWindow);
  ASSERT_EQ(3U, values.size());
  EXPECT_EQ((std::vector<double>{-80, -79, -78, -90, -89, -88}), values[0].values);
  EXPECT_DOUBLE_EQ(-90 + 10.5 / 240, values[1].values[0]);
  EXPECT_DOUBLE_EQ(-180 + 22.5 / 240, values[2].values[2]);
  EXPECT_EQ(1U, http.calls().size());
}

TEST(DapClient, UnpacksBytesPaddedToFour) {
  DapAnswer answer = small_answer();
  answer.type = "Byte";
  answer.value = [](auto row, auto col) { return static_cast<int>(row + col) + 200; };
  const auto values = decode_dods(answer.body(), "");
  EXPECT_EQ((std::vector<double>{230, 231, 232, 231, 232, 233}), values[0].values);
  EXPECT_EQ(3U, values[2].values.size());
}

TEST(DapClient, DecodesScalarsAndFloats) {
  std::string body = "Dataset {\n Float32 z[2];\n UInt16 n;\n} d;\nData:\n";
  DapAnswer::put_count(body, 2);
  DapAnswer::put(body, 0x3fc00000, 4);
  DapAnswer::put(body, 0xc2f70000, 4);
  DapAnswer::put(body, 65535, 4);
  const auto values = decode_dods(body, "");
  EXPECT_EQ((std::vector<double>{1.5, -123.5}), values[0].values);
  EXPECT_EQ((std::vector<double>{65535}), values[1].values);
}

TEST(DapClient, TellsTheServersRefusal) {
  EXPECT_EQ(
      "'" + kData + ".dods': the DAP2 server refuses: Unable to read past end; try again later",
      window_refusal(
          "Error {\n    code = 400;\n    message = \"Unable to read\npast end\";\n};\n"));
  FakeHttp http;
  http.put(dods_url(kData, kWindow), [](const HttpRequest&) {
    HttpAnswer answer;
    answer.status = 404;
    answer.body = "Error { code = 404; message = \"no such file\"; };";
    return answer;
  });
  EXPECT_EQ("'" + kData + ".dods': the DAP2 server refuses: no such file; try again later",
            refusal(ErrorCode::kUnreadable, [&] { ask_window(http, kData, kWindow); }));
  http.remove(dods_url(kData, kWindow));
  EXPECT_EQ("'" + kData +
                ".dods': the DAP2 server answers with status 404; the archive has moved or is "
                "closed, see whether the address is still right",
            refusal(ErrorCode::kUnreadable, [&] { ask_window(http, kData, kWindow); }));
}

TEST(DapClient, RefusesAWebPage) {
  EXPECT_EQ("'" + kData +
                ".dods': a web page came where DAP2 data was expected; a proxy or login page may "
                "stand in between, open the address in a browser",
            window_refusal("\n<!DOCTYPE html><html>Maintenance</html>"));
}

TEST(DapClient, RefusesEveryCutAndEveryExcess) {
  const std::string whole = small_answer().body();
  const std::size_t data = whole.find("Data:\n") + 6;
  EXPECT_EQ(24U + 4 * 6 + 8 * 5, whole.size() - data);  // the reference's formula
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_THROW(decode_dods(whole.substr(0, length), ""), Error) << length;
  EXPECT_EQ("'" + kData +
                ".dods': the data is cut short by 4 bytes or more; the answer was damaged on its "
                "way, try again",
            window_refusal(whole.substr(0, whole.size() - 4)));
  EXPECT_EQ("'" + kData +
                ".dods': the data has 3 bytes too many; the answer was damaged on its way, try "
                "again",
            window_refusal(whole + "abc"));
}

TEST(DapClient, RefusesCountsThatLie) {
  std::string body = small_answer().body();
  const std::size_t data = body.find("Data:\n") + 6;
  body[data] = '\x7f';
  EXPECT_EQ("'" + kData +
                ".dods': 'elevation' states 2130706438 numbers where its structure has 6; the "
                "answer was damaged on its way, try again",
            window_refusal(body));
}

TEST(DapClient, RefusesAnotherWindowAndOneTooLarge) {
  DapAnswer answer = small_answer();
  answer.cols = 4;
  EXPECT_EQ(
      "'" + kData +
          ".dods': the DAP2 server sent another window of 'elevation' than was asked for; try "
          "again later",
      window_refusal(answer.body()));
  answer = small_answer();
  answer.variable = "depth";
  EXPECT_NE(std::string::npos, window_refusal(answer.body()).find("another window"));
  EXPECT_NE(std::string::npos,
            window_refusal("Dataset { Int16 elevation[y = 9999999][x = 9999999]; } d;\nData:\n")
                .find("'elevation' is larger than what was asked"));
  EXPECT_NE(std::string::npos,
            window_refusal("Dataset { Byte a[9999999][9999999][9999999]; } d;\nData:\n")
                .find("'a' is larger than what was asked"));
}

TEST(DapClient, LimitsWhatItTakes) {
  FakeHttp http;
  std::uint64_t limit = 0;
  http.put(dods_url(kData, kWindow), [&](const HttpRequest& request) {
    limit = request.max_bytes;
    HttpAnswer answer;
    answer.status = 200;
    answer.body = small_answer().body();
    return answer;
  });
  ask_window(http, kData, kWindow);
  EXPECT_EQ(8U * 11 + 64 * 1024, limit);
}

}  // namespace
}  // namespace topobathy
