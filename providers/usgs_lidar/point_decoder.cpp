#include "providers/usgs_lidar/point_decoder.h"

#include <algorithm>
#include <array>
#include <istream>
#include <string>
#include <vector>

#include "fusion/error.h"
#include "providers/usgs_lidar/laszip_library.h"
#include "providers/usgs_lidar/laz_layers.h"
#include "providers/usgs_lidar/laz_stream.h"
#include "providers/usgs_lidar/little_endian.h"

namespace topobathy {
namespace {

constexpr std::size_t kBatch = 4096;
constexpr std::uint32_t kOwnChunkSizes = 0xffffffffu;

[[noreturn]] void refuse_points(const std::string& name, const std::string& why,
                                ErrorCode code = ErrorCode::kUnreadable) {
  throw Error(code, "'" + name + "': " + why);
}

/// Collects points and hands them on in batches.
class Batch {
 public:
  Batch(const LasPacking& packing, const PointSink& sink) : packing_(packing), sink_(sink) {}

  void add(std::int32_t x, std::int32_t y, std::int32_t z, std::uint8_t classification,
           bool withheld) {
    LidarPoint& point = points_[count_++];
    point.x = x * packing_.x.scale + packing_.x.offset;
    point.y = y * packing_.y.scale + packing_.y.offset;
    point.z = z * packing_.z.scale + packing_.z.offset;
    point.classification = classification;
    point.withheld = withheld;
    if (count_ == kBatch) flush();
  }
  void flush() {
    if (count_ > 0) sink_(points_.data(), count_);
    count_ = 0;
  }

 private:
  const LasPacking& packing_;
  const PointSink& sink_;
  std::array<LidarPoint, kBatch> points_;
  std::size_t count_ = 0;
};

void decode_plain(ByteSource& file, const LasHeader& header, const PointSink& sink) {
  const auto length = static_cast<std::uint64_t>(header.packing.record_length);
  const std::uint64_t room = (file.size() - header.points_offset) / length;
  if (header.points > room)
    refuse_points(file.name(), "states " + std::to_string(header.points) +
                                   " points and has room for " + std::to_string(room) +
                                   ": it is cut short or damaged");
  const bool extended = header.packing.format >= 6;
  Batch batch(header.packing, sink);
  for (std::uint64_t first = 0; first < header.points; first += kBatch) {
    const std::uint64_t count = std::min<std::uint64_t>(kBatch, header.points - first);
    const std::string bytes = file.read(header.points_offset + first * length, count * length);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::size_t at = i * length;
      const auto byte15 = number_at<std::uint8_t>(bytes, at + 15);
      batch.add(number_at<std::int32_t>(bytes, at), number_at<std::int32_t>(bytes, at + 4),
                number_at<std::int32_t>(bytes, at + 8),
                extended ? number_at<std::uint8_t>(bytes, at + 16)
                         : static_cast<std::uint8_t>(byte15 & 0x1f),
                (byte15 & (extended ? 0x04 : 0x80)) != 0);
    }
    batch.flush();
  }
}

/// A LAS 1.4 header with LASzip's record and the pointer to the chunk table, for `count` points
/// that follow. Coordinates are scaled by us: LASzip only unpacks integers.
std::string laz_prefix(const LasPacking& packing, std::uint64_t count, std::uint32_t chunk_size,
                       std::uint64_t table_behind_prefix) {
  constexpr std::size_t kHead = 375;
  std::string head(kHead, '\0');
  head.replace(0, 4, "LASF");
  head[24] = 1;
  head[25] = 4;
  const auto offset = static_cast<std::uint32_t>(kHead + 54 + packing.laszip.size());
  set_number<std::uint16_t>(head, 94, kHead);
  set_number<std::uint32_t>(head, 96, offset);
  set_number<std::uint32_t>(head, 100, 1);
  set_number<std::uint8_t>(head, 104, static_cast<std::uint8_t>(packing.format | 0x80));
  set_number<std::uint16_t>(head, 105, static_cast<std::uint16_t>(packing.record_length));
  for (const std::size_t scale : {131, 139, 147})
    set_number<double>(head, scale, 1.0);
  set_number<std::uint64_t>(head, 247, count);
  std::string record(54, '\0');
  record.replace(2, 14, "laszip encoded");
  set_number<std::uint16_t>(record, 18, 22204);
  set_number<std::uint16_t>(record, 20, static_cast<std::uint16_t>(packing.laszip.size()));
  std::string payload = packing.laszip;
  set_number<std::uint32_t>(payload, 12, chunk_size);
  std::string prefix = head + record + payload;
  append_number<std::uint64_t>(prefix, offset + table_behind_prefix);
  return prefix;
}

/// A reader of LASzip over a stream, closed when it goes.
class LaszipReader {
 public:
  LaszipReader(const std::string& name, LazStream& buffer)
      : library_(laszip_library(name)), name_(name), buffer_(buffer), stream_(&buffer) {
    if (library_.create(&handle_) != 0) refuse_points(name, "LASzip cannot be started");
    try {
      open();
    } catch (...) {
      library_.destroy(handle_);
      throw;
    }
  }
  LaszipReader(const LaszipReader&) = delete;
  LaszipReader& operator=(const LaszipReader&) = delete;
  ~LaszipReader() {
    library_.close_reader(handle_);
    library_.destroy(handle_);
  }

  const LaszipPoint& next() {
    require(library_.read_point(handle_));
    return *point_;
  }
  std::uint64_t position() { return static_cast<std::uint64_t>(std::streamoff(stream_.tellg())); }

 private:
  void open() {
    // Z, class and flags beside x and y: the layers of all else stay packed.
    require(library_.decompress_selective(handle_, 0x1 | 0x2 | 0x4));
    int compressed = 0;
    require(library_.open_reader_stream(handle_, stream_, &compressed));
    require(library_.get_point_pointer(handle_, &point_));
  }
  void require(int status) {
    if (status == 0) return;
    buffer_.rethrow_failure();
    char* text = nullptr;
    library_.get_error(handle_, &text);
    refuse_points(name_, std::string("its points cannot be decompressed (") +
                             (text != nullptr ? text : "no reason given") +
                             "): it is cut short or damaged");
  }

  const LaszipLibrary& library_;
  const std::string name_;
  LazStream& buffer_;
  std::istream stream_;
  void* handle_ = nullptr;
  LaszipPoint* point_ = nullptr;
};

/// All points of a stretch of compressed ones, which must end where the points do.
void unpack(ByteSource& file, const LasPacking& packing, std::string prefix,
            const BytePiece& stretch, std::uint64_t count, std::uint64_t points_end,
            const PointSink& sink) {
  const std::uint64_t end = prefix.size() + (points_end - stretch.offset);
  LazStream buffer(std::move(prefix), file, stretch);
  LaszipReader reader(file.name(), buffer);
  const bool extended = packing.format >= 6;
  Batch batch(packing, sink);
  for (std::uint64_t i = 0; i < count; ++i) {
    const LaszipPoint& point = reader.next();
    const std::uint8_t old = point.classification_and_flags;
    batch.add(point.x, point.y, point.z,
              extended ? point.extended_classification : static_cast<std::uint8_t>(old & 0x1f),
              extended ? (point.extended_type_channel_flags & 0x40) != 0 : (old & 0x80) != 0);
  }
  batch.flush();
  if (reader.position() != end)
    refuse_points(file.name(), "its compressed points do not end where its " +
                                   std::to_string(count) +
                                   " points do: the number is wrong or the file is damaged");
}

void unpack_layered(ByteSource& file, const LasPacking& packing, const LazChunk& chunk,
                    const PointSink& sink) {
  // A table at its own pointer means: none was written. One chunk needs none.
  std::string prefix =
      laz_prefix(packing, chunk.points, static_cast<std::uint32_t>(chunk.points), 0);
  unpack(file, packing, std::move(prefix), chunk.piece, chunk.points,
         chunk.piece.offset + chunk.piece.length, sink);
}

/// Where the chunk table of a LAZ file lies. \throws Error(kUnreadable) nowhere in it
std::uint64_t chunk_table_place(ByteSource& file, const LasHeader& header) {
  const std::uint64_t size = file.size();
  const std::uint64_t start = header.points_offset + 8;
  if (start > size) refuse_points(file.name(), "ends before its points: it is cut short");
  auto place = number_at<std::uint64_t>(file.read(header.points_offset, 8), 0);
  // Written to a pipe: the place is the last number of the file.
  if (place == ~std::uint64_t{0}) place = number_at<std::uint64_t>(file.read(size - 8, 8), 0);
  if (place < start || place > size || size - place < 8)
    refuse_points(file.name(), "its chunk table lies outside the file: it is cut short or damaged");
  if (number_at<std::uint32_t>(file.read(place, 4), 0) != 0)
    refuse_points(file.name(), "its chunk table is damaged");
  return place;
}

void decode_layered_file(ByteSource& file, const LasHeader& header, const LazKind& kind,
                         const PointSink& sink) {
  const std::uint64_t end = chunk_table_place(file, header);
  std::vector<LazChunk> chunks;
  std::uint64_t points = 0;
  for (std::uint64_t at = header.points_offset + 8; at < end;) {
    chunks.push_back(layered_chunk(file, header.packing, kind, at, end));
    at += chunks.back().piece.length;
    points += chunks.back().points;
  }
  if (points != header.points)
    refuse_points(file.name(), "states " + std::to_string(header.points) + " points and has " +
                                   std::to_string(points) + ": it is damaged");
  for (const LazChunk& chunk : chunks)
    unpack_layered(file, header.packing, chunk, sink);
}

void decode_pointwise_file(ByteSource& file, const LasHeader& header, const LazKind& kind,
                           const PointSink& sink) {
  const std::string& name = file.name();
  if (kind.chunk_size == kOwnChunkSizes)
    refuse_points(name,
                  "has chunks of different sizes and points of format " +
                      std::to_string(header.packing.format) + ": write it anew with equal chunks",
                  ErrorCode::kUnsupported);
  const std::uint64_t table = chunk_table_place(file, header);
  const auto chunks = number_at<std::uint32_t>(file.read(table + 4, 4), 0);
  const std::uint64_t needed = (header.points + kind.chunk_size - 1) / kind.chunk_size;
  if (chunks != needed)
    refuse_points(name, "states " + std::to_string(header.points) + " points, which are " +
                            std::to_string(needed) + " chunks, and has " + std::to_string(chunks) +
                            ": it is damaged");
  const std::uint64_t start = header.points_offset + 8;
  std::string prefix =
      laz_prefix(header.packing, header.points, kind.chunk_size, table - header.points_offset);
  unpack(file, header.packing, std::move(prefix), {start, file.size() - start}, header.points,
         table, sink);
}

}  // namespace

void decode_file(ByteSource& file, const LasHeader& header, const PointSink& sink) {
  if (header.points == 0) return;
  if (header.packing.laszip.empty()) return decode_plain(file, header, sink);
  const LazKind kind = laz_kind(file.name(), header.packing);
  if (kind.layered)
    decode_layered_file(file, header, kind, sink);
  else
    decode_pointwise_file(file, header, kind, sink);
}

void decode_chunk(ByteSource& file, const LasPacking& packing, const BytePiece& piece,
                  std::uint64_t count, const PointSink& sink) {
  const LazKind kind = laz_kind(file.name(), packing);
  if (!kind.layered) refuse_points(file.name(), "is no COPC: its points are not layered");
  const LazChunk chunk =
      layered_chunk(file, packing, kind, piece.offset, piece.offset + piece.length);
  if (chunk.points != count || chunk.piece.length != piece.length)
    refuse_points(file.name(), "a node is said to have " + std::to_string(count) +
                                   " points and has " + std::to_string(chunk.points) +
                                   ": it is damaged");
  unpack_layered(file, packing, chunk, sink);
}

}  // namespace topobathy
