#include "providers/usgs_lidar/laz_layers.h"

#include <array>

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
  int size;    ///< bytes
  int layers;  ///< of a layered chunk
};
constexpr Item kPoint10{6, 20, 0};
constexpr Item kTime{7, 8, 0};
constexpr Item kColour{8, 6, 0};
constexpr Item kWave{9, 29, 0};
constexpr Item kPoint14{10, 30, 9};
constexpr Item kColour14{11, 6, 1};
constexpr Item kColourInfrared14{12, 8, 2};
constexpr Item kWave14{13, 29, 1};

/// What a point of a format (0 to 10) is made of, extra bytes left aside.
const std::vector<Item>& items_of(int format) {
  static const std::array<std::vector<Item>, 11> kItems{std::vector<Item>{kPoint10},
                                                        {kPoint10, kTime},
                                                        {kPoint10, kColour},
                                                        {kPoint10, kTime, kColour},
                                                        {kPoint10, kTime, kWave},
                                                        {kPoint10, kTime, kColour, kWave},
                                                        {kPoint14},
                                                        {kPoint14, kColour14},
                                                        {kPoint14, kColourInfrared14},
                                                        {kPoint14, kWave14},
                                                        {kPoint14, kColourInfrared14, kWave14}};
  return kItems[static_cast<std::size_t>(format)];
}

[[noreturn]] void refuse_layers(const std::string& name, const std::string& why,
                                ErrorCode code = ErrorCode::kUnreadable) {
  throw Error(code, "'" + name + "': " + why);
}

/// The items that the record must list.
std::vector<Item> expected_items(const LasPacking& packing) {
  std::vector<Item> items = items_of(packing.format);
  const int extra = packing.record_length - las_point_length(packing.format);
  if (extra > 0) items.push_back(packing.format < 6 ? Item{0, extra, 0} : Item{14, extra, extra});
  return items;
}

/// Versions of the coding of an item: those that programs of the last ten years write.
bool known_version(const Item& item, int version) noexcept {
  const bool layered = item.type >= kPoint14.type;
  if (item.type == kWave.type) return version == 1;
  return layered ? version == 3 || version == 4 : version == 1 || version == 2;
}

bool lists(const std::string& record, const std::vector<Item>& items) {
  if (number_at<std::uint16_t>(record, kRecordHead - 2) != items.size() ||
      record.size() != kRecordHead + 6 * items.size())
    return false;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::size_t at = kRecordHead + 6 * i;
    if (number_at<std::uint16_t>(record, at) != items[i].type ||
        number_at<std::uint16_t>(record, at + 2) != items[i].size ||
        !known_version(items[i], number_at<std::uint16_t>(record, at + 4)))
      return false;
  }
  return true;
}

}  // namespace

LazKind laz_kind(const std::string& name, const LasPacking& packing) {
  const std::string& record = packing.laszip;
  if (record.size() < kRecordHead + 6) refuse_layers(name, "its LASzip record is cut short");
  const auto compressor = number_at<std::uint16_t>(record, 0);
  const auto coder = number_at<std::uint16_t>(record, 2);
  if ((compressor != kPointwiseChunked && compressor != kLayeredChunked) || coder != 0)
    refuse_layers(name,
                  "is compressed in a way (" + std::to_string(compressor) +
                      ") that only early LASzip wrote: write it anew with a current program",
                  ErrorCode::kUnsupported);
  LazKind kind;
  kind.layered = compressor == kLayeredChunked;
  kind.chunk_size = number_at<std::uint32_t>(record, 12);
  const std::vector<Item> items = expected_items(packing);
  if (!lists(record, items) || kind.chunk_size == 0 || kind.layered != (packing.format >= 6))
    refuse_layers(name, "its LASzip record does not fit its points: it is damaged");
  for (const Item& item : items)
    kind.layers += static_cast<std::size_t>(item.layers);
  return kind;
}

LazChunk layered_chunk(ByteSource& file, const LasPacking& packing, const LazKind& kind,
                       std::uint64_t offset, std::uint64_t end) {
  // One point as it is, the number of points, the length of each layer, the layers.
  const auto first_point = static_cast<std::uint64_t>(packing.record_length);
  const std::uint64_t frame = first_point + 4 + 4 * kind.layers;
  if (offset > end || end - offset < frame)
    refuse_layers(file.name(), "a chunk of points is cut short: it is damaged");
  const std::string bytes = file.read(offset, frame);
  LazChunk chunk;
  chunk.points = number_at<std::uint32_t>(bytes, first_point);
  chunk.piece = {offset, frame};
  for (std::size_t layer = 0; layer < kind.layers; ++layer)
    chunk.piece.length += number_at<std::uint32_t>(bytes, first_point + 4 + 4 * layer);
  if (chunk.piece.length > end - offset || chunk.points == 0)
    refuse_layers(file.name(),
                  "a chunk of points says it is longer than there is room: it is damaged");
  return chunk;
}

}  // namespace topobathy
