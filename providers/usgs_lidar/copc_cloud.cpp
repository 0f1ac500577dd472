#include "providers/usgs_lidar/copc_cloud.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "fusion/error.h"
#include "providers/usgs_lidar/little_endian.h"
#include "providers/usgs_lidar/octree.h"
#include "providers/usgs_lidar/point_decoder.h"

namespace topobathy {
namespace {

// Above what any survey's tile has; a lying file may make us hold no more.
constexpr std::uint64_t kMaxPage = std::uint64_t{16} << 20;
constexpr std::uint64_t kMaxNode = std::uint64_t{64} << 20;
constexpr std::size_t kMaxNodes = 1'000'000;
constexpr std::uint64_t kEntry = 32;
constexpr std::size_t kInfo = 160;

struct Node {
  BytePiece piece;
  std::uint64_t points = 0;
};

class CopcCloud final : public PointCloud {
 public:
  CopcCloud(std::unique_ptr<ByteSource> file, const LasHeader& header, CloudFacts facts)
      : file_(std::move(file)), packing_(header.packing), facts_(std::move(facts)) {
    const std::string& info = header.find("copc", 1)->payload;
    if (info.size() != kInfo) refuse("its COPC record is damaged");
    const double half = number_at<double>(info, 24);
    cube_.left = number_at<double>(info, 0) - half;
    cube_.bottom = number_at<double>(info, 8) - half;
    cube_.side = 2.0 * half;
    cube_.spacing = number_at<double>(info, 32);
    root_ = {number_at<std::uint64_t>(info, 40), number_at<std::uint64_t>(info, 48)};
    if (!std::isfinite(cube_.left) || !std::isfinite(cube_.bottom) || !(cube_.side > 0.0) ||
        !std::isfinite(cube_.side) || !(cube_.spacing > 0.0) || packing_.laszip.empty())
      refuse("its COPC record is damaged");
  }

  const std::string& name() const noexcept override { return file_->name(); }
  const CloudFacts& facts() const noexcept override { return facts_; }

  void read(const CrsBox& box, double spacing, const PointSink& sink) override {
    const std::vector<Node> nodes = select(box, cube_.deepest(spacing));
    std::vector<BytePiece> pieces;
    pieces.reserve(nodes.size());
    for (const Node& node : nodes)
      pieces.push_back(node.piece);
    read_pieces(*file_, pieces, [&](std::size_t i, std::string bytes) {
      const std::uint64_t length = bytes.size();
      const auto chunk = bytes_at_hand(name(), std::move(bytes));
      decode_chunk(*chunk, packing_, {0, length}, nodes[i].points, sink);
    });
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ErrorCode::kUnreadable, "'" + name() + "': " + why);
  }

  void require_inside(const BytePiece& piece, std::uint64_t limit, const std::string& what) {
    const std::uint64_t size = file_->size();
    if (piece.length == 0 || piece.length > limit || piece.offset > size ||
        piece.length > size - piece.offset)
      refuse(what + " lies outside the file or is too large: the file is cut short or damaged");
  }

  /// The nodes with points that are wanted. Pages of the hierarchy are read as far as they lead
  /// there, each round of them with few requests.
  std::vector<Node> select(const CrsBox& box, std::int32_t deepest) {
    std::map<OctreeKey, Node> nodes;
    std::vector<BytePiece> pages = {root_};
    std::set<std::uint64_t> seen = {root_.offset};
    while (!pages.empty()) {
      for (const BytePiece& page : pages)
        require_inside(page, kMaxPage, "a page of its hierarchy");
      std::vector<BytePiece> next;
      read_pieces(*file_, pages, [&](std::size_t, const std::string& bytes) {
        read_page(bytes, box, deepest, nodes, next);
      });
      for (const BytePiece& page : next)
        if (!seen.insert(page.offset).second || seen.size() > kMaxNodes)
          refuse("its hierarchy runs in a circle: it is damaged");
      pages = std::move(next);
    }
    std::vector<Node> chosen;
    for (const auto& [key, node] : nodes)
      chosen.push_back(node);
    return chosen;
  }

  void read_page(const std::string& bytes, const CrsBox& box, std::int32_t deepest,
                 std::map<OctreeKey, Node>& nodes, std::vector<BytePiece>& pages) {
    if (bytes.size() % kEntry != 0) refuse("a page of its hierarchy is cut short: it is damaged");
    for (std::size_t at = 0; at < bytes.size(); at += kEntry) {
      const OctreeKey key{
          number_at<std::int32_t>(bytes, at), number_at<std::int32_t>(bytes, at + 4),
          number_at<std::int32_t>(bytes, at + 8), number_at<std::int32_t>(bytes, at + 12)};
      const auto length = number_at<std::int32_t>(bytes, at + 24);
      const auto points = number_at<std::int32_t>(bytes, at + 28);
      if (!key.valid() || length < 0 || points < -1)
        refuse("its hierarchy has impossible entries: it is damaged");
      if (points == 0 || key.level > deepest || !cube_.touches(key, box)) continue;
      const BytePiece piece{number_at<std::uint64_t>(bytes, at + 16),
                            static_cast<std::uint64_t>(length)};
      if (points < 0) {
        pages.push_back(piece);
        continue;
      }
      require_inside(piece, kMaxNode, "node " + key.text());
      const Node node{piece, static_cast<std::uint64_t>(points)};
      if (!nodes.emplace(key, node).second || nodes.size() > kMaxNodes)
        refuse("its hierarchy lists node " + key.text() + " twice or has too many: it is damaged");
    }
  }

  const std::unique_ptr<ByteSource> file_;
  const LasPacking packing_;
  const CloudFacts facts_;
  OctreeCube cube_;
  BytePiece root_;
};

}  // namespace

bool is_copc(const LasHeader& header) noexcept {
  return header.find("copc", 1) != nullptr;
}

std::unique_ptr<PointCloud> open_copc_cloud(std::unique_ptr<ByteSource> file,
                                            const LasHeader& header, CloudFacts facts) {
  return std::make_unique<CopcCloud>(std::move(file), header, std::move(facts));
}

}  // namespace topobathy
