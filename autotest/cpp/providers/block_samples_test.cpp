#include "providers/raster/samples.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace topobathy {
namespace {

template <class T>
std::vector<float> converted(SampleType type, const std::vector<T>& samples, const SampleRule& rule,
                             std::size_t* valid = nullptr) {
  std::vector<float> out(samples.size());
  const std::size_t count =
      convert_samples(type, reinterpret_cast<const std::uint8_t*>(samples.data()), 1,
                      samples.size(), rule, out.data());
  if (valid != nullptr) *valid = count;
  return out;
}

SampleRule nodata(double value) {
  SampleRule rule;
  rule.nodata = value;
  return rule;
}

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kLargest = std::numeric_limits<float>::max();

struct FloatCase {
  double nodata;
  float sample;
  bool is_data;
};

class FloatNodata : public ::testing::TestWithParam<FloatCase> {};

TEST_P(FloatNodata, is_compared_as_a_float) {
  std::size_t valid = 0;
  const float got = converted<float>(SampleType::kFloat32, {GetParam().sample},
                                     nodata(GetParam().nodata), &valid)[0];
  EXPECT_EQ(GetParam().is_data, !std::isnan(got));
  EXPECT_EQ(GetParam().is_data ? 1U : 0U, valid);
  if (GetParam().is_data) {
    EXPECT_EQ(GetParam().sample, got);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, FloatNodata,
    ::testing::Values(
        FloatCase{-3.4028234663852886e+38, -kLargest, false},
        FloatCase{-3.40282346638529e+38, -kLargest, false},  // text with 15 digits
        FloatCase{-3.402823e+38, -3.402823e+38F, false},     // a float of its own
        FloatCase{-3.4028234663852886e+38, -3.4e+38F, true}, FloatCase{-999999, -999999.0F, false},
        FloatCase{-999999, -999998.0F, true}, FloatCase{0.1, 0.1F, false},  // the nearest float
        FloatCase{9.96920996838687e+36, 9.96920996838687e+36F, false}, FloatCase{1e6, 1e6F, false},
        FloatCase{0, -0.0F, false}, FloatCase{0, std::numeric_limits<float>::denorm_min(), true},
        FloatCase{-1.7976931348623157e+308, -kLargest, true}, FloatCase{std::nan(""), kNaN, false},
        FloatCase{std::nan(""), 5.0F, true}, FloatCase{-9999, kInf, false},
        FloatCase{-9999, -kInf, false}, FloatCase{-9999, kNaN, false}));

TEST(BlockSamples, without_nodata_only_nan_and_infinity_are_missing) {
  std::size_t valid = 0;
  const auto got =
      converted<float>(SampleType::kFloat32, {0, -kLargest, kNaN, kInf, 7}, {}, &valid);
  EXPECT_EQ(3U, valid);
  EXPECT_EQ(0.0F, got[0]);
  EXPECT_EQ(-kLargest, got[1]);
  EXPECT_TRUE(std::isnan(got[2]) && std::isnan(got[3]));
}

TEST(BlockSamples, integers_convert_exactly_and_unfit_nodata_matches_nothing) {
  EXPECT_EQ((std::vector<float>{-32768, 0, 32767}),
            converted<std::int16_t>(SampleType::kInt16, {-32768, 0, 32767}, nodata(-99999)));
  EXPECT_EQ((std::vector<float>{0, 65535}),
            converted<std::uint16_t>(SampleType::kUInt16, {0, 65535}, nodata(-1)));
  EXPECT_EQ((std::vector<float>{16777215, 3}),
            converted<std::uint32_t>(SampleType::kUInt32, {16777215, 3}, nodata(3.5)));
  EXPECT_TRUE(std::isnan(converted<std::int16_t>(SampleType::kInt16, {-32768}, nodata(-32768))[0]));
  EXPECT_TRUE(std::isnan(converted<std::uint8_t>(SampleType::kUInt8, {255}, nodata(255))[0]));
}

TEST(BlockSamples, doubles_compare_before_they_narrow) {
  const double close = -9999.00000001;  // the same float as -9999
  const auto got =
      converted<double>(SampleType::kFloat64, {close, -9999, 1e300, 0.1}, nodata(-9999));
  EXPECT_EQ(-9999.0F, got[0]);
  EXPECT_TRUE(std::isnan(got[1]));
  EXPECT_TRUE(std::isnan(got[2])) << "beyond float is no height";
  EXPECT_EQ(0.1F, got[3]);
}

TEST(BlockSamples, scale_and_offset_apply_to_data_not_to_nodata) {
  SampleRule rule = nodata(-32767);
  rule.scale = 0.01;
  rule.offset = -100;
  const auto got = converted<std::int16_t>(SampleType::kInt16, {-32767, 0, 1234}, rule);
  EXPECT_TRUE(std::isnan(got[0]));
  EXPECT_EQ(-100.0F, got[1]);
  EXPECT_EQ(static_cast<float>(1234 * 0.01 - 100), got[2]);
}

TEST(BlockSamples, stride_picks_one_of_interleaved_samples) {
  const std::vector<float> pixels{1, -1, 2, -2, 3, -3};
  std::vector<float> out(3);
  const auto* const second = reinterpret_cast<const std::uint8_t*>(pixels.data() + 1);
  EXPECT_EQ(2U, convert_samples(SampleType::kFloat32, second, 2, 3, nodata(-2), out.data()));
  EXPECT_EQ(-1.0F, out[0]);
  EXPECT_TRUE(std::isnan(out[1]));
  EXPECT_EQ(-3.0F, out[2]);
}

}  // namespace
}  // namespace topobathy
