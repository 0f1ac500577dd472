#include "providers/usgs_lidar/laz_layers.h"

#include "fusion/error.h"
#include "providers/usgs_lidar/little_endian.h"

namespace topobathy {
namespace {

constexpr std::size_t kRecordHead = 34;
constexpr int kPointwiseChunked = 2;
constexpr int kLayeredChunked = 3;

/// An item of LASzip's record: a part of a point that is compressed on its own.
struct Item {
  int type;
  int size;
};
constexpr int kByte = 0;
constexpr int kByte14 = 14;
constexpr int kPoint10 = 6;
constexpr int kPoint14 = 10;

[[noreturn]] void refuse(const std::string& name, const std::string& why,
                         ErrorCode code = ErrorCode::kUnreadable) {
  throw Error(code, "'" + name + "': " + why);
}

/// Layers of an item of a layered chunk.
std::size_t layers_of(const std::string& name, const Item& item) {
  switch (item.type) {
    case kPoint14:
      return 9;
    case 11:  // RGB
      return 1;
    case 12:  // RGB and near infrared
      return 2;
    case 13:  // wave packet
      return 1;
    case kByte14:
      return static_cast<std::size_t>(item.size);
    default:
      refuse(name, "its LASzip record mixes old and new kinds of points: it is damaged");
  }
}

}  // namespace

LazKind laz_kind(const std::string& name, const LasPacking& packing) {
  const std::string& record = packing.laszip;
  if (record.size() < kRecordHead + 6) refuse(name, "its LASzip record is cut short");
  const auto compressor = number_at<std::uint16_t>(record, 0);
  const auto coder = number_at<std::uint16_t>(record, 2);
  if ((compressor != kPointwiseChunked && compressor != kLayeredChunked) || coder != 0)
    refuse(name,
           "is compressed in a way (" + std::to_string(compressor) +
               ") that only early LASzip wrote: write it anew with a current program",
           ErrorCode::kUnsupported);
  LazKind kind;
  kind.layered = compressor == kLayeredChunked;
  kind.chunk_size = number_at<std::uint32_t>(record, 12);
  kind.record_head = record.substr(0, kRecordHead);
  const auto items = number_at<std::uint16_t>(record, 32);
  if (record.size() != kRecordHead + std::size_t{6} * items || items == 0 || kind.chunk_size == 0)
    refuse(name, "its LASzip record is damaged");
  int length = 0;
  for (std::size_t i = 0; i < items; ++i) {
    const Item item{number_at<std::uint16_t>(record, kRecordHead + 6 * i),
                    number_at<std::uint16_t>(record, kRecordHead + 6 * i + 2)};
    const bool first = i == 0;
    if (first != (item.type == kPoint10 || item.type == kPoint14) ||
        (item.type == kByte && kind.layered))
      refuse(name, "its LASzip record is damaged");
    if (kind.layered) kind.layers += layers_of(name, item);
    length += item.size;
  }
  const bool extended = number_at<std::uint16_t>(record, kRecordHead) == kPoint14;
  if (length != packing.record_length || extended != (packing.format >= 6) ||
      (extended && !kind.layered))
    refuse(name, "its LASzip record does not fit its points: it is damaged");
  return kind;
}

LazChunk layered_chunk(ByteSource& file, const LasPacking& packing, const LazKind& kind,
                       std::uint64_t offset, std::uint64_t end) {
  // One point as it is, the number of points, the length of each layer, the layers.
  const auto first_point = static_cast<std::uint64_t>(packing.record_length);
  const std::uint64_t frame = first_point + 4 + 4 * kind.layers;
  if (offset > end || end - offset < frame)
    refuse(file.name(), "a chunk of points is cut short: it is damaged");
  const std::string bytes = file.read(offset, frame);
  LazChunk chunk;
  chunk.points = number_at<std::uint32_t>(bytes, first_point);
  chunk.piece = {offset, frame};
  for (std::size_t layer = 0; layer < kind.layers; ++layer)
    chunk.piece.length += number_at<std::uint32_t>(bytes, first_point + 4 + 4 * layer);
  if (chunk.piece.length > end - offset || chunk.points == 0)
    refuse(file.name(), "a chunk of points says it is longer than there is room: it is damaged");
  return chunk;
}

}  // namespace topobathy
