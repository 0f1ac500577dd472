#include "providers/usgs_lidar/las_header.h"

#include <array>
#include <cmath>

#include "fusion/error.h"
#include "providers/usgs_lidar/little_endian.h"

namespace topobathy {
namespace {

// Of a header that no survey writes: far above what is seen, small enough to hold.
constexpr std::uint32_t kMaxRecords = 1000;
constexpr std::uint64_t kMaxHeaderBytes = std::uint64_t{16} << 20;

[[noreturn]] void refuse(const ByteSource& file, const std::string& why,
                         ErrorCode code = ErrorCode::kUnreadable) {
  throw Error(code, "'" + file.name() + "': " + why);
}

LasAxis axis(const std::string& head, std::size_t which) {
  // scale 131, offset 155, then max and min of each axis in turn.
  LasAxis axis;
  axis.scale = number_at<double>(head, 131 + 8 * which);
  axis.offset = number_at<double>(head, 155 + 8 * which);
  axis.max = number_at<double>(head, 179 + 16 * which);
  axis.min = number_at<double>(head, 187 + 16 * which);
  return axis;
}

bool sane(const LasAxis& axis) noexcept {
  return std::isfinite(axis.scale) && axis.scale != 0.0 && std::isfinite(axis.offset) &&
         std::isfinite(axis.min) && std::isfinite(axis.max) && axis.min <= axis.max;
}

void require_sane_axes(const ByteSource& file, const LasPacking& packing) {
  if (!sane(packing.x) || !sane(packing.y) || !sane(packing.z))
    refuse(file, "its LAS header states impossible bounds, scales or offsets: it is damaged");
}

/// A text field of fixed width, without what follows the first NUL.
std::string fixed_text(const std::string& bytes, std::size_t place, std::size_t width) {
  return std::string(bytes.data() + place, width).c_str();
}

std::vector<LasRecord> read_records(const ByteSource& file, const std::string& bytes,
                                    std::size_t place, std::uint32_t count) {
  std::vector<LasRecord> records;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (bytes.size() < place + 54) refuse(file, "its variable length records are cut short");
    const auto length = number_at<std::uint16_t>(bytes, place + 20);
    if (bytes.size() < place + 54 + length)
      refuse(file, "its variable length records are cut short");
    records.push_back({fixed_text(bytes, place + 2, 16),
                       number_at<std::uint16_t>(bytes, place + 18),
                       bytes.substr(place + 54, length)});
    place += std::size_t{54} + length;
  }
  return records;
}

void check_packing(const ByteSource& file, int format_byte, LasHeader& header) {
  LasPacking& packing = header.packing;
  packing.format = format_byte & 0x3f;
  const int least = las_point_length(packing.format);
  if (least == 0)
    refuse(file, "has point format " + std::to_string(packing.format) + "; 0 to 10 are known",
           ErrorCode::kUnsupported);
  if (packing.record_length < least) refuse(file, "its points are shorter than their format");
  if ((format_byte & 0x80) == 0) return;
  const LasRecord* const record = header.find("laszip encoded", 22204);
  if (record == nullptr || record->payload.empty())
    refuse(file, "is compressed, but lacks the record that says how");
  packing.laszip = record->payload;
}

}  // namespace

const LasRecord* LasHeader::find(const char* user, int id) const noexcept {
  for (const LasRecord& record : records)
    if (record.user == user && record.id == id) return &record;
  return nullptr;
}

int las_point_length(int format) noexcept {
  constexpr std::array<int, 11> kLengths = {20, 28, 26, 34, 57, 63, 30, 36, 38, 59, 67};
  return format >= 0 && format <= 10 ? kLengths[static_cast<std::size_t>(format)] : 0;
}

LasHeader read_las_header(ByteSource& file) {
  const std::uint64_t size = file.size();
  if (size < 227) refuse(file, "is no LAS file: it is shorter than a LAS header");
  const std::string start = file.read(0, size < 375 ? 227 : 375);
  if (start.compare(0, 4, "LASF") != 0) refuse(file, "is no LAS file: it does not begin with LASF");
  LasHeader header;
  header.minor_version = number_at<std::uint8_t>(start, 25);
  if (number_at<std::uint8_t>(start, 24) != 1 || header.minor_version > 4)
    refuse(file, "is of a newer LAS version than 1.4", ErrorCode::kUnsupported);
  const auto head_size = number_at<std::uint16_t>(start, 94);
  header.points_offset = number_at<std::uint32_t>(start, 96);
  const auto records = number_at<std::uint32_t>(start, 100);
  const bool is_14 = header.minor_version == 4;
  if (head_size < (is_14 ? 375 : 227) || header.points_offset < head_size ||
      header.points_offset > size || start.size() < (is_14 ? 375 : 227))
    refuse(file, "its LAS header states impossible places: it is damaged");
  if (records > kMaxRecords || header.points_offset > kMaxHeaderBytes)
    refuse(file, "its LAS header is larger than any survey's: it is refused");
  header.packing.record_length = number_at<std::uint16_t>(start, 105);
  header.points = number_at<std::uint32_t>(start, 107);
  if (is_14 && number_at<std::uint64_t>(start, 247) != 0)
    header.points = number_at<std::uint64_t>(start, 247);
  header.packing.x = axis(start, 0);
  header.packing.y = axis(start, 1);
  header.packing.z = axis(start, 2);
  if (header.points > 0) require_sane_axes(file, header.packing);
  header.records = read_records(file, file.read(0, header.points_offset), head_size, records);
  check_packing(file, number_at<std::uint8_t>(start, 104), header);
  return header;
}

}  // namespace topobathy
