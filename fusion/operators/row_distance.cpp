#include "fusion/operators/row_distance.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace topobathy {
namespace {

constexpr float kFarAway = std::numeric_limits<float>::infinity();
// Up to here looking at every offset in vector registers beats building an envelope. A constant of
// the definition's cost only: both give the exact minimum.
constexpr std::int64_t kScanColumns = 64;

}  // namespace

void RowDistance::begin(const std::uint16_t* rows, std::int64_t width, std::uint16_t cap,
                        GroundPixel ground, double reach, std::int64_t reach_columns) {
  ground_ = ground;
  reach_ = static_cast<float>(reach);
  reach_columns_ = reach_columns;
  width_ = width;
  depth2_.assign(static_cast<std::size_t>(width + 2 * reach_columns), kFarAway);
  near_.resize(static_cast<std::size_t>(width + 1));
  near_[0] = 0;
  for (std::int64_t c = 0; c < width; ++c) {
    near_[c + 1] = near_[c] + (rows[c] < cap ? 1 : 0);
    if (rows[c] >= cap) continue;
    const auto down = static_cast<float>(rows[c] * ground.height);
    depth2_[c + reach_columns] = down * down;
  }
  offset2_.resize(static_cast<std::size_t>(reach_columns + 1));
  for (std::int64_t k = 0; k <= reach_columns; ++k) {
    const auto across = static_cast<float>(static_cast<double>(k) * ground.width);
    offset2_[k] = across * across;
  }
}

void RowDistance::fill(std::int64_t from, std::int64_t to, float* out) {
  const std::int64_t first = std::max<std::int64_t>(0, from - reach_columns_);
  const std::int64_t last = std::min(width_, to + reach_columns_);
  if (near_[last] == near_[first])
    std::fill(out, out + (to - from), reach_);
  else if (reach_columns_ <= kScanColumns)
    fill_by_scan(from, to, out);
  else
    fill_by_envelope(from, to, out);
}

void RowDistance::fill_by_scan(std::int64_t from, std::int64_t to, float* out) const {
  const std::int64_t n = to - from;
  const float* centre = depth2_.data() + from + reach_columns_;
  for (std::int64_t i = 0; i < n; ++i)
    out[i] = centre[i];
  for (std::int64_t k = 1; k <= reach_columns_; ++k) {
    const float across = offset2_[k];
    const float* left = centre - k;
    const float* right = centre + k;
    for (std::int64_t i = 0; i < n; ++i) {
      const float nearer = left[i] < right[i] ? left[i] : right[i];
      const float candidate = nearer + across;
      out[i] = candidate < out[i] ? candidate : out[i];
    }
  }
  for (std::int64_t i = 0; i < n; ++i) {
    const float metres = std::sqrt(out[i]);
    out[i] = metres < reach_ ? metres : reach_;
  }
}

void RowDistance::build_envelope(std::int64_t from, std::int64_t to) {
  envelope_.clear();
  start_.clear();
  const double w2 = ground_.width * ground_.width;
  const auto height_of = [&](std::int64_t c) {
    return static_cast<double>(depth2_[c + reach_columns_]) / w2;
  };
  for (std::int64_t c = std::max<std::int64_t>(0, from - reach_columns_);
       c < std::min(width_, to + reach_columns_); ++c) {
    if (depth2_[c + reach_columns_] == kFarAway) continue;
    const auto x = static_cast<double>(c);
    double begin = -std::numeric_limits<double>::infinity();
    while (!envelope_.empty()) {
      const auto before = static_cast<double>(envelope_.back());
      begin = (height_of(c) + x * x - height_of(envelope_.back()) - before * before) /
              (2.0 * (x - before));
      if (begin > start_.back()) break;
      envelope_.pop_back();
      start_.pop_back();
      begin = -std::numeric_limits<double>::infinity();
    }
    envelope_.push_back(c);
    start_.push_back(begin);
  }
}

void RowDistance::fill_by_envelope(std::int64_t from, std::int64_t to, float* out) {
  build_envelope(from, to);
  const std::size_t count = envelope_.size();
  std::size_t at = 0;
  for (std::int64_t c = from; c < to; ++c) {
    while (at + 1 < count && start_[at + 1] <= static_cast<double>(c))
      ++at;
    // The neighbours too: where two parabolas meet, rounding may have chosen the other side, and
    // every window must find the same minimum.
    float best = kFarAway;
    for (std::size_t k = at > 0 ? at - 1 : 0; k < std::min(count, at + 2); ++k) {
      const std::int64_t offset = std::abs(envelope_[k] - c);
      if (offset > reach_columns_) continue;
      best = std::min(best, depth2_[envelope_[k] + reach_columns_] + offset2_[offset]);
    }
    const float metres = std::sqrt(best);
    out[c - from] = metres < reach_ ? metres : reach_;
  }
}

}  // namespace topobathy
