#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "cache/audit/check_json.h"
#include "cache/json_text.h"
#include "fusion/error.h"
#include "providers/audit/check_file.h"
#include "providers/usgs_lidar/copc_cloud.h"
#include "providers/usgs_lidar/ept_info.h"
#include "providers/usgs_lidar/las_header.h"
#include "providers/usgs_lidar/point_decoder.h"

namespace topobathy {
namespace {

namespace fs = std::filesystem;

constexpr CrsBox kEverywhere = {-1e300, -1e300, 1e300, 1e300};

[[noreturn]] void damaged_cloud(const std::string& what) {
  throw Error(ErrorCode::kUnreadable, what);
}

/// A point outside the bounds is one that was not written so.
class BoundsCheck {
 public:
  explicit BoundsCheck(const LasPacking& packing) : packing_(packing) {}

  void operator()(const LidarPoint* points, std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i)
      if (!inside(packing_.x, points[i].x) || !inside(packing_.y, points[i].y) ||
          !inside(packing_.z, points[i].z))
        damaged_cloud("a point lies outside the bounds that the header states");
  }

 private:
  /// Writers round the bounds to a step of the coordinates.
  static bool inside(const LasAxis& axis, double value) noexcept {
    return value >= axis.min - 2 * axis.scale && value <= axis.max + 2 * axis.scale;
  }

  const LasPacking& packing_;
};

/// The files of nodes, whatever their packing.
bool has_node(const fs::path& folder, const std::string& key) {
  for (const char* end : {".laz", ".bin", ".zst"}) {
    std::error_code failed;
    if (fs::is_regular_file(folder / (key + end), failed)) return true;
  }
  return false;
}

/// A page of the hierarchy: points by node, -1 = a page of its own.
void read_page(const fs::path& page, const fs::path& nodes) {
  const auto counts = parse_foreign_json(read_text(page.string()));
  const std::string name = page.filename().string();
  if (!counts.is_object()) damaged_cloud("page " + name + " of its hierarchy is damaged_cloud");
  for (const auto& [key, count] : counts.items()) {
    if (!count.is_number_integer())
      damaged_cloud("page " + name + " of its hierarchy is damaged_cloud");
    if (count > 0 && !has_node(nodes, key)) damaged_cloud("node " + key + " is missing");
  }
}

}  // namespace

void read_point_cloud(const std::string& path, bool quick) {
  auto file = open_local_bytes(path);
  const LasHeader header = read_las_header(*file);
  if (quick) return;
  const BoundsCheck check(header.packing);
  if (is_copc(header))
    open_copc_cloud(std::move(file), header, {})->read(kEverywhere, 0.0, check);
  else
    decode_file(*file, header, check);
}

void read_ept(const std::string& path, bool quick) {
  parse_ept(path, read_text(path));
  const fs::path folder = fs::path(path).parent_path();
  std::error_code failed;
  if (quick) return;
  for (fs::directory_iterator page(folder / "ept-hierarchy", failed), end; !failed && page != end;
       page.increment(failed))
    read_page(page->path(), folder / "ept-data");
}

}  // namespace topobathy
