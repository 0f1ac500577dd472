#include "providers/raster/samples.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "fusion/plane.h"

namespace topobathy {
namespace {

template <class T>
T load(const std::uint8_t* at) noexcept {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

/// The float a nodata value means, if any. Writers print the largest float with few digits, which
/// may lie just beyond it.
std::optional<float> float_nodata(double nodata) noexcept {
  constexpr double kLargest = std::numeric_limits<float>::max();
  constexpr double kPrinted = kLargest * (1 + 1e-6);
  if (std::isnan(nodata) || std::fabs(nodata) > kPrinted) return std::nullopt;
  if (std::fabs(nodata) > kLargest) return static_cast<float>(std::copysign(kLargest, nodata));
  return static_cast<float>(nodata);
}

/// Nodata in the type of the file; nothing where no sample can equal it (NaN samples become NaN
/// anyway).
template <class T>
std::optional<T> typed_nodata(const std::optional<double>& nodata) noexcept {
  if (!nodata || std::isnan(*nodata)) return std::nullopt;
  if constexpr (std::is_same_v<T, float>) {
    return float_nodata(*nodata);
  } else if constexpr (std::is_same_v<T, double>) {
    return nodata;
  } else {
    if (*nodata < static_cast<double>(std::numeric_limits<T>::min()) ||
        *nodata > static_cast<double>(std::numeric_limits<T>::max()) ||
        *nodata != std::trunc(*nodata))
      return std::nullopt;
    return static_cast<T>(*nodata);
  }
}

/// Unscaled floats by their bits: integer compares vectorise where float ones may trap.
template <std::size_t kStride>
std::size_t convert_floats(const std::uint8_t* in, std::size_t stride, std::size_t count,
                           const std::optional<float>& nodata, float* out) noexcept {
  constexpr std::uint32_t kMagnitude = 0x7FFFFFFF;
  constexpr std::uint32_t kInfinity = 0x7F800000;
  constexpr std::uint32_t kNan = 0x7FC00000;
  // Both zeros are one value. Without nodata, a pattern that is NaN already is looked for.
  const std::uint32_t mask = nodata && *nodata == 0 ? kMagnitude : ~std::uint32_t{0};
  std::uint32_t unwanted = kNan;
  if (nodata) std::memcpy(&unwanted, &*nodata, sizeof unwanted);
  unwanted &= mask;
  std::uint32_t valid = 0;
  const std::size_t step = kStride != 0 ? kStride : stride;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = load<std::uint32_t>(in + i * step * sizeof(float));
    const bool good = ((bits & kMagnitude) < kInfinity) & ((bits & mask) != unwanted);
    const std::uint32_t result = good ? bits : kNan;
    std::memcpy(out + i, &result, sizeof result);
    valid += good ? 1U : 0U;
  }
  return valid;
}

template <class T>
std::size_t convert(const std::uint8_t* in, std::size_t stride, std::size_t count,
                    const SampleRule& rule, float* out) noexcept {
  const std::optional<T> nodata = typed_nodata<T>(rule.nodata);
  const bool scaled = rule.scaled();
  std::size_t valid = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const T value = load<T>(in + i * stride * sizeof(T));
    const float result =
        scaled ? static_cast<float>(static_cast<double>(value) * rule.scale + rule.offset)
               : static_cast<float>(value);
    const bool good = !(nodata && value == *nodata) && std::isfinite(result);
    out[i] = good ? result : kNoValue;
    valid += good ? 1U : 0U;
  }
  return valid;
}

}  // namespace

std::size_t sample_bytes(SampleType type) noexcept {
  switch (type) {
    case SampleType::kUInt8:
      return 1;
    case SampleType::kUInt16:
    case SampleType::kInt16:
      return 2;
    case SampleType::kUInt32:
    case SampleType::kInt32:
    case SampleType::kFloat32:
      return 4;
    case SampleType::kFloat64:
      return 8;
  }
  return 0;
}

std::size_t convert_samples(SampleType type, const std::uint8_t* in, std::size_t stride,
                            std::size_t count, const SampleRule& rule, float* out) noexcept {
  switch (type) {
    case SampleType::kUInt8:
      return convert<std::uint8_t>(in, stride, count, rule, out);
    case SampleType::kUInt16:
      return convert<std::uint16_t>(in, stride, count, rule, out);
    case SampleType::kInt16:
      return convert<std::int16_t>(in, stride, count, rule, out);
    case SampleType::kUInt32:
      return convert<std::uint32_t>(in, stride, count, rule, out);
    case SampleType::kInt32:
      return convert<std::int32_t>(in, stride, count, rule, out);
    case SampleType::kFloat64:
      return convert<double>(in, stride, count, rule, out);
    case SampleType::kFloat32:
      break;
  }
  if (rule.scaled()) return convert<float>(in, stride, count, rule, out);
  const std::optional<float> nodata = typed_nodata<float>(rule.nodata);
  return stride == 1 ? convert_floats<1>(in, stride, count, nodata, out)
                     : convert_floats<0>(in, stride, count, nodata, out);
}

}  // namespace topobathy
