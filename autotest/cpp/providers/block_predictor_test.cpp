#include "providers/raster/predictor.h"

#include <cstring>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace topobathy {
namespace {

std::vector<std::uint8_t> random_bytes(std::size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::vector<std::uint8_t> bytes(count);
  for (std::uint8_t& byte : bytes)
    byte = static_cast<std::uint8_t>(generator());
  return bytes;
}

/// The forward transform as the technical note states it: split into byte planes, then difference.
std::vector<std::uint8_t> apply_float_predictor(const std::vector<float>& row,
                                                std::size_t samples) {
  const std::size_t values = row.size();
  std::vector<std::uint8_t> bytes(values * 4);
  for (std::size_t i = 0; i < values; ++i) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &row[i], 4);
    for (std::size_t b = 0; b < 4; ++b)
      bytes[b * values + i] = static_cast<std::uint8_t>(bits >> (24 - 8 * b));
  }
  for (std::size_t i = bytes.size(); i-- > samples;)
    bytes[i] = static_cast<std::uint8_t>(bytes[i] - bytes[i - samples]);
  return bytes;
}

TEST(BlockPredictor, float_predictor_gives_back_the_row_it_was_made_from) {
  for (const std::size_t samples : {1U, 2U, 3U, 4U, 5U}) {
    for (const std::size_t width : {1U, 3U, 4U, 15U, 16U, 17U, 100U, 256U}) {
      std::vector<float> row(width * samples);
      for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = -3.5F + 0.01F * static_cast<float>(i * i);
      const auto coded = apply_float_predictor(row, samples);
      std::vector<std::uint8_t> sums(width * 4);
      std::vector<float> got(width);
      for (std::size_t s = 0; s < samples; ++s) {
        undo_float_predictor(coded.data(), width, samples, s, 4, sums.data(),
                             reinterpret_cast<std::uint8_t*>(got.data()));
        for (std::size_t x = 0; x < width; ++x)
          ASSERT_EQ(row[x * samples + s], got[x]);
      }
    }
  }
}

TEST(BlockPredictor, vector_code_equals_portable_code_for_any_bytes) {
  for (const std::size_t bytes : {4U, 8U}) {
    for (const std::size_t samples : {1U, 2U, 3U, 4U, 7U}) {
      for (std::size_t width = 1; width < 70; ++width) {
        const auto row =
            random_bytes(width * samples * bytes, static_cast<unsigned>(width * 10 + samples));
        std::vector<std::uint8_t> sums(width * bytes), fast(width * bytes), portable(width * bytes);
        for (std::size_t s = 0; s < samples; ++s) {
          undo_float_predictor(row.data(), width, samples, s, bytes, sums.data(), fast.data());
          undo_float_predictor_portable(row.data(), width, samples, s, bytes, sums.data(),
                                        portable.data());
          ASSERT_EQ(portable, fast)
              << "width " << width << " samples " << samples << " of " << bytes;
        }
      }
    }
  }
}

TEST(BlockPredictor, horizontal_predictor_sums_one_sample_and_leaves_the_others) {
  std::vector<std::uint16_t> row{10, 100, 65535, 1, 2, 2};  // two samples, differences modulo 2^16
  undo_horizontal_predictor(reinterpret_cast<std::uint8_t*>(row.data()), 3, 2, 0, 2);
  EXPECT_EQ((std::vector<std::uint16_t>{10, 100, 9, 1, 11, 2}), row);
  undo_horizontal_predictor(reinterpret_cast<std::uint8_t*>(row.data()), 3, 2, 1, 2);
  EXPECT_EQ((std::vector<std::uint16_t>{10, 100, 9, 101, 11, 103}), row);
}

}  // namespace
}  // namespace topobathy
