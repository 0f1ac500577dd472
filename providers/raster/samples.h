#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace topobathy {

/// The sample types that are converted from a file's own bytes.
enum class SampleType { kUInt8, kUInt16, kInt16, kUInt32, kInt32, kFloat32, kFloat64 };

std::size_t sample_bytes(SampleType type) noexcept;

/// How a band's stored numbers become metres: the nodata value in the file's own type, then value x
/// scale + offset (packed netCDF and the like).
struct SampleRule {
  std::optional<double> nodata;
  double scale = 1;
  double offset = 0;

  bool scaled() const noexcept { return scale != 1 || offset != 0; }
};

/// Converts `count` samples, `stride` samples apart, to floats: nodata, NaN and infinity (also by
/// narrowing) become NaN. Nodata is compared in the type of the file: a double that is the decimal
/// text of a float matches that float, the largest float matches even where its text rounds beyond
/// it, and a value the type cannot hold matches nothing. \return how many are not NaN
std::size_t convert_samples(SampleType type, const std::uint8_t* in, std::size_t stride,
                            std::size_t count, const SampleRule& rule, float* out) noexcept;

}  // namespace topobathy
