#include <algorithm>
#include <cstdio>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "cache/json_text.h"
#include "fusion/error.h"
#include "fusion/parallel.h"
#include "providers/usgs_lidar/ept_info.h"
#include "providers/usgs_lidar/point_cloud.h"
#include "providers/usgs_lidar/point_decoder.h"
#include "providers/usgs_lidar/unpacked.h"

namespace topobathy {
namespace {

using Json = nlohmann::json;

// Above what any survey has; hostile answers may make us hold no more.
constexpr std::uint64_t kMaxInfo = std::uint64_t{4} << 20;
constexpr std::uint64_t kMaxEptPage = std::uint64_t{32} << 20;
constexpr std::uint64_t kMaxEptNode = std::uint64_t{64} << 20;
constexpr std::uint64_t kMaxUnpackedNode = std::uint64_t{256} << 20;
constexpr std::size_t kMaxEptNodes = 1'000'000;
/// Nodes fetched at once: each is a request of its own, so waiting costs more than moving.
constexpr std::size_t kTogether = 8;

OctreeKey parse_key(const std::string& text) {
  OctreeKey key;
  int end = 0;
  const int read =
      std::sscanf(text.c_str(), "%9d-%9d-%9d-%9d%n", &key.level, &key.x, &key.y, &key.z, &end);
  if (read != 4 || static_cast<std::size_t>(end) != text.size() || key.text() != text)
    key.level = -1;
  return key;
}

struct EptNode {
  OctreeKey key;
  std::uint64_t points = 0;
};

class EptCloud final : public PointCloud {
 public:
  explicit EptCloud(std::unique_ptr<EptFiles> files) : files_(std::move(files)) {
    const auto json = files_->get("ept.json", kMaxInfo);
    if (!json) throw Error(ErrorCode::kNotFound, "'" + name() + "': has no ept.json: it is no EPT");
    info_ = parse_ept(name() + "/ept.json", *json);
    facts_.crs = lidar_crs(name() + "/ept.json", info_.crs, nullptr);
    facts_.bounds = info_.bounds;
  }

  const std::string& name() const noexcept override { return files_->name(); }
  const CloudFacts& facts() const noexcept override { return facts_; }

  void read(const CrsBox& box, double spacing, const PointSink& sink) override {
    const std::vector<EptNode> nodes = select(box, info_.cube.deepest(spacing));
    for (std::size_t first = 0; first < nodes.size(); first += kTogether) {
      const std::size_t count = std::min(kTogether, nodes.size() - first);
      std::vector<std::string> bytes(count);
      parallel_for(count, kTogether,
                   [&](std::size_t i) { bytes[i] = fetch(nodes[first + i].key); });
      for (std::size_t i = 0; i < count; ++i)
        decode(nodes[first + i], std::move(bytes[i]), sink);
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& file, const std::string& why) const {
    throw Error(ErrorCode::kUnreadable, "'" + name() + "/" + file + "': " + why);
  }

  std::string data_file(const OctreeKey& key) const {
    const char* const ending = info_.data == EptInfo::Data::kLaszip   ? ".laz"
                               : info_.data == EptInfo::Data::kBinary ? ".bin"
                                                                      : ".zst";
    return "ept-data/" + key.text() + ending;
  }

  std::string fetch(const OctreeKey& key) {
    auto bytes = files_->get(data_file(key), kMaxEptNode);
    if (!bytes) refuse(data_file(key), "is in the hierarchy, and missing: the data set is damaged");
    return *std::move(bytes);
  }

  void decode(const EptNode& node, std::string bytes, const PointSink& sink) {
    const std::string file = name() + "/" + data_file(node.key);
    if (info_.data == EptInfo::Data::kLaszip) return decode_laz(file, node, std::move(bytes), sink);
    const std::uint64_t size = node.points * static_cast<std::uint64_t>(info_.point_size);
    if (size > kMaxUnpackedNode) refuse(data_file(node.key), "has more points than any survey's");
    if (info_.data == EptInfo::Data::kZstandard) bytes = unzstandarded(file, bytes, size);
    decode_ept_points(file, info_, bytes, node.points, sink);
  }

  void decode_laz(const std::string& file, const EptNode& node, std::string bytes,
                  const PointSink& sink) {
    const auto source = bytes_at_hand(file, std::move(bytes));
    const LasHeader header = read_las_header(*source);
    if (header.points != node.points)
      refuse(data_file(node.key), "is said to have " + std::to_string(node.points) +
                                      " points and states " + std::to_string(header.points) +
                                      ": it is damaged");
    decode_file(*source, header, sink);
  }

  /// The nodes with points that are wanted, in the order of their keys. Pages of the hierarchy
  /// are fetched as far as they lead there.
  std::vector<EptNode> select(const CrsBox& box, std::int32_t deepest) {
    std::vector<EptNode> nodes;
    std::set<OctreeKey> seen;
    std::vector<OctreeKey> pages = {OctreeKey{}};
    while (!pages.empty()) {
      std::vector<Json> read(pages.size());
      parallel_for(pages.size(), kTogether,
                   [&](std::size_t i) { read[i] = read_page(pages[i].text()); });
      std::vector<OctreeKey> next;
      for (const Json& page : read)
        take_page(page, box, deepest, nodes, next);
      for (const OctreeKey& page : next)
        if (!seen.insert(page).second || seen.size() > kMaxEptNodes)
          refuse("ept-hierarchy/" + page.text() + ".json",
                 "the hierarchy runs in a circle: it is damaged");
      pages = std::move(next);
    }
    std::sort(nodes.begin(), nodes.end(),
              [](const EptNode& a, const EptNode& b) { return a.key < b.key; });
    return nodes;
  }

  Json read_page(const std::string& key) {
    const std::string file = "ept-hierarchy/" + key + ".json";
    auto text = files_->get(file, kMaxEptPage);
    if (!text) text = files_->get(file + ".gz", kMaxEptPage);
    if (!text) refuse(file, "a page of the hierarchy is missing: the data set is damaged");
    const std::string json = gunzipped(name() + "/" + file, *std::move(text), kMaxEptPage);
    Json page = parse_foreign_json(json);
    if (!page.is_object()) refuse(file, "is no page of a hierarchy: it is no JSON object");
    return page;
  }

  void take_page(const Json& page, const CrsBox& box, std::int32_t deepest,
                 std::vector<EptNode>& nodes, std::vector<OctreeKey>& pages) const {
    for (const auto& [text, value] : page.items()) {
      const OctreeKey key = parse_key(text);
      const bool sound = value.is_number_integer() && value >= -1 &&
                         value <= std::numeric_limits<std::int32_t>::max();
      if (!key.valid() || !sound)
        refuse("ept-hierarchy",
               "has an impossible entry '" + text.substr(0, 40) + "': it is damaged");
      const auto points = value.get<std::int64_t>();
      if (points == 0 || key.level > deepest || !info_.cube.touches(key, box)) continue;
      if (points < 0)
        pages.push_back(key);
      else
        nodes.push_back({key, static_cast<std::uint64_t>(points)});
    }
    if (nodes.size() > kMaxEptNodes) refuse("ept-hierarchy", "has more nodes than any survey's");
  }

  const std::unique_ptr<EptFiles> files_;
  EptInfo info_;
  CloudFacts facts_;
};

}  // namespace

std::unique_ptr<PointCloud> open_ept_cloud(std::unique_ptr<EptFiles> files) {
  return std::make_unique<EptCloud>(std::move(files));
}

}  // namespace topobathy
