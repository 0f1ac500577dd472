#include "providers/raster/predictor.h"

#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace topobathy {
namespace {

/// Running sum modulo 256 of every `stride`-th byte.
void sum_bytes(const std::uint8_t* in, std::size_t stride, std::size_t count, std::uint8_t start,
               std::uint8_t* out) noexcept {
  std::uint8_t sum = start;
  for (std::size_t i = 0; i < count; ++i) {
    sum = static_cast<std::uint8_t>(sum + in[i * stride]);
    out[i] = sum;
  }
}

/// Gathers the byte planes (most significant first) into little-endian values, from pixel `first`
/// on.
void join_planes(const std::uint8_t* planes, std::size_t width, std::size_t bytes,
                 std::size_t first, std::uint8_t* out) noexcept {
  for (std::size_t x = first; x < width; ++x) {
    for (std::size_t b = 0; b < bytes; ++b)
      out[x * bytes + b] = planes[(bytes - 1 - b) * width + x];
  }
}

template <class T>
void sum_values(std::uint8_t* row, std::size_t width, std::size_t samples,
                std::size_t sample) noexcept {
  T sum = 0;
  for (std::size_t x = 0; x < width; ++x) {
    std::uint8_t* const at = row + (x * samples + sample) * sizeof(T);
    T value;
    std::memcpy(&value, at, sizeof(T));
    sum = static_cast<T>(sum + value);
    std::memcpy(at, &sum, sizeof(T));
  }
}

#ifdef __SSE2__

/// Running sum of 16 bytes: four shifted additions.
inline __m128i prefix_sum(__m128i x) noexcept {
  x = _mm_add_epi8(x, _mm_slli_si128(x, 1));
  x = _mm_add_epi8(x, _mm_slli_si128(x, 2));
  x = _mm_add_epi8(x, _mm_slli_si128(x, 4));
  return _mm_add_epi8(x, _mm_slli_si128(x, 8));
}

/// The last byte in all 16 places.
inline __m128i spread_last(__m128i x) noexcept {
  const __m128i pairs = _mm_unpackhi_epi8(x, x);
  const __m128i words = _mm_shufflehi_epi16(pairs, 0xFF);
  return _mm_unpackhi_epi64(words, words);
}

inline __m128i load(const std::uint8_t* at) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}
inline void store(std::uint8_t* at, __m128i x) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(at), x);
}

/// 16 bytes of one sample, next to each other.
struct Contiguous {
  const std::uint8_t* in;
  __m128i operator()(std::size_t i) const noexcept { return load(in + i); }
};
/// 16 bytes of one of two interleaved samples; `in` is the row itself.
template <int kSample>
struct OneOfTwo {
  const std::uint8_t* in;
  __m128i operator()(std::size_t i) const noexcept {
    __m128i a = load(in + 2 * i);
    __m128i b = load(in + 2 * i + 16);
    if (kSample == 1) {
      a = _mm_srli_epi16(a, 8);
      b = _mm_srli_epi16(b, 8);
    } else {
      const __m128i low = _mm_set1_epi16(0x00FF);
      a = _mm_and_si128(a, low);
      b = _mm_and_si128(b, low);
    }
    return _mm_packus_epi16(a, b);
  }
};

/// One riffle of 48 bytes: byte i of the first half goes to place 2i, of the second half to 2i + 1.
struct Riffle {
  __m128i a, b, c;
  Riffle next() const noexcept {
    return {_mm_unpacklo_epi8(a, _mm_srli_si128(b, 8)), _mm_unpackhi_epi8(a, _mm_slli_si128(c, 8)),
            _mm_unpacklo_epi8(b, _mm_srli_si128(c, 8))};
  }
};

/// 16 bytes of one of three interleaved samples. Four riffles move byte p to 16 p mod 47, so byte 3
/// x + s to x + 16 s.
template <int kSample>
struct OneOfThree {
  const std::uint8_t* in;
  __m128i operator()(std::size_t i) const noexcept {
    const std::uint8_t* const at = in + 3 * i;
    const Riffle first{load(at), load(at + 16), load(at + 32)};
    const Riffle fourth = first.next().next().next().next();
    return kSample == 0 ? fourth.a : kSample == 1 ? fourth.b : fourth.c;
  }
};

/// Sums whole groups of 16; returns how many bytes are done. The carry takes one addition a group:
/// the spread of the group's own total is off the critical path.
template <class Fetch>
std::size_t sum_groups(const Fetch& fetch, std::size_t count, std::uint8_t* out) noexcept {
  __m128i carry = _mm_setzero_si128();
  std::size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const __m128i sums = prefix_sum(fetch(i));
    store(out + i, _mm_add_epi8(sums, carry));
    carry = _mm_add_epi8(carry, spread_last(sums));
  }
  return i;
}

std::size_t sum_vectorised(const std::uint8_t* row, std::size_t samples, std::size_t sample,
                           std::size_t count, std::uint8_t* out) noexcept {
  if (samples == 1) return sum_groups(Contiguous{row}, count, out);
  if (samples == 2)
    return sample == 0 ? sum_groups(OneOfTwo<0>{row}, count, out)
                       : sum_groups(OneOfTwo<1>{row}, count, out);
  if (samples == 3 && sample == 0) return sum_groups(OneOfThree<0>{row}, count, out);
  if (samples == 3 && sample == 1) return sum_groups(OneOfThree<1>{row}, count, out);
  if (samples == 3) return sum_groups(OneOfThree<2>{row}, count, out);
  return 0;
}

/// Joins four planes, 16 pixels at a time; returns how many pixels are done.
std::size_t join_four_planes(const std::uint8_t* planes, std::size_t width,
                             std::uint8_t* out) noexcept {
  std::size_t x = 0;
  for (; x + 16 <= width; x += 16) {
    const __m128i b3 = load(planes + x);
    const __m128i b2 = load(planes + width + x);
    const __m128i b1 = load(planes + 2 * width + x);
    const __m128i b0 = load(planes + 3 * width + x);
    const __m128i low01 = _mm_unpacklo_epi8(b0, b1);
    const __m128i high01 = _mm_unpackhi_epi8(b0, b1);
    const __m128i low23 = _mm_unpacklo_epi8(b2, b3);
    const __m128i high23 = _mm_unpackhi_epi8(b2, b3);
    store(out + 4 * x, _mm_unpacklo_epi16(low01, low23));
    store(out + 4 * x + 16, _mm_unpackhi_epi16(low01, low23));
    store(out + 4 * x + 32, _mm_unpacklo_epi16(high01, high23));
    store(out + 4 * x + 48, _mm_unpackhi_epi16(high01, high23));
  }
  return x;
}

#endif

}  // namespace

void undo_float_predictor_portable(const std::uint8_t* row, std::size_t width, std::size_t samples,
                                   std::size_t sample, std::size_t bytes, std::uint8_t* sums,
                                   std::uint8_t* out) noexcept {
  sum_bytes(row + sample, samples, width * bytes, 0, sums);
  join_planes(sums, width, bytes, 0, out);
}

void undo_float_predictor(const std::uint8_t* row, std::size_t width, std::size_t samples,
                          std::size_t sample, std::size_t bytes, std::uint8_t* sums,
                          std::uint8_t* out) noexcept {
#ifdef __SSE2__
  const std::size_t count = width * bytes;
  const std::size_t summed = sum_vectorised(row, samples, sample, count, sums);
  const std::uint8_t last = summed == 0 ? std::uint8_t{0} : sums[summed - 1];
  sum_bytes(row + summed * samples + sample, samples, count - summed, last, sums + summed);
  const std::size_t joined = bytes == 4 ? join_four_planes(sums, width, out) : 0;
  join_planes(sums, width, bytes, joined, out);
#else
  undo_float_predictor_portable(row, width, samples, sample, bytes, sums, out);
#endif
}

void undo_horizontal_predictor(std::uint8_t* row, std::size_t width, std::size_t samples,
                               std::size_t sample, std::size_t bytes) noexcept {
  if (bytes == 1) sum_values<std::uint8_t>(row, width, samples, sample);
  if (bytes == 2) sum_values<std::uint16_t>(row, width, samples, sample);
  if (bytes == 4) sum_values<std::uint32_t>(row, width, samples, sample);
  if (bytes == 8) sum_values<std::uint64_t>(row, width, samples, sample);
}

}  // namespace topobathy
