#include "providers/usgs_lidar/usgs_lidar.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "fusion/error.h"
#include "fusion/parallel.h"
#include "fusion/policy/provider_table.h"
#include "providers/align/crs.h"
#include "providers/dem/asset_revision.h"
#include "providers/usgs_lidar/copc_tiles.h"
#include "providers/usgs_lidar/ept_index.h"
#include "providers/usgs_lidar/grid_paths.h"
#include "providers/usgs_lidar/make_grid.h"
#include "providers/usgs_lidar/point_cloud.h"
#include "providers/usgs_lidar/remembered_ept.h"

namespace topobathy {
namespace {

/// Editions are asked for one by one: waiting costs more than moving.
constexpr std::size_t kTogether = 8;

/// What the products have in common: find assets, make a grid once, keep it.
class GridArchive : public Archive {
 public:
  explicit GridArchive(const ArchiveSetup& setup) : Archive(setup) {}

  std::vector<Candidate> find(const LonLatBox& box) override {
    std::vector<Candidate> candidates = look(box);
    // Nobody reads what is left out: it is not worth a question, nor a failure.
    parallel_for(candidates.size(), kTogether, [&](std::size_t i) {
      Asset& asset = candidates[i].asset;
      asset.revision = "not asked";
      if (candidates[i].excluded.empty()) state_revision(asset);
    });
    sort_candidates(candidates);
    return candidates;
  }

  AssetFile open(const Asset& asset, double pixel) override {
    const double nominal = nominal_cell(pixel, asset.resolution);
    const std::string path = grid_path(asset, nominal);
    if (file_exists(path)) return {path, ""};
    const auto hold = locks_.hold(path);
    if (!file_exists(path)) make(asset, nominal, path);
    return {path, ""};
  }

  bool is_local(const Asset& asset, double pixel) override {
    return file_exists(grid_path(asset, nominal_cell(pixel, asset.resolution)));
  }

 protected:
  virtual std::vector<Candidate> look(const LonLatBox& box) = 0;
  virtual void state_revision(Asset& asset) = 0;
  virtual void make(const Asset& asset, double nominal, const std::string& path) = 0;

  Candidate judged(Asset asset) const {
    std::string why = left_out(filter(), asset, true);
    return {std::move(asset), std::move(why)};
  }

  /// A file that is not of the edition that the asset states is not read: its grid would bear a
  /// wrong name. What is known of it is asked for again at the next read, and so where it is gone.
  void require_edition(const Asset& asset, const HttpAnswer& answer) const {
    const std::string& stated = asset.revision;
    const bool is_etag = stated.rfind('"', 0) == 0 || stated.rfind("W/", 0) == 0;
    const bool other = answer.ok() && is_etag && !answer.etag.empty() && answer.etag != stated;
    if (other || answer.absent()) context().discovery->expire("tile:" + asset.url);
    if (other)
      throw Error(ErrorCode::kUnreadable, "'" + without_secrets(asset.url) +
                                              "': was replaced by a new edition: read again");
  }

 private:
  std::string grid_path(const Asset& asset, double nominal) const {
    const std::string name = grid_name(asset, nominal);
    const std::string path = context().folder + "/grids/" + name;
    // Where the cache may not be written, what is not there lives in memory.
    if (context().may_write || file_exists(path)) return path;
    return "/vsimem/topobathy_usgs_lidar/" + name;
  }

  NameLocks locks_;
};

class CopcArchive final : public GridArchive {
 public:
  CopcArchive(const ArchiveSetup& setup, bool whole_files)
      : GridArchive(setup), tiles_(setup.context), whole_files_(whole_files) {}

 private:
  std::vector<Candidate> look(const LonLatBox& box) override {
    std::vector<Candidate> candidates;
    for (Asset& tile : tiles_.list(box))
      candidates.push_back(judged(std::move(tile)));
    return candidates;
  }
  void state_revision(Asset& asset) override { tiles_.state_revision(asset); }

  void make(const Asset& asset, double nominal, const std::string& path) override {
    const auto stated = [&] { return tiles_.stated_crs(asset); };
    const auto cloud = open_las_cloud(whole_files_ ? whole_file(asset) : ranges(asset), stated);
    make_grid(*cloud, std::nullopt, nominal, path);
  }

  std::unique_ptr<ByteSource> ranges(const Asset& asset) const {
    return open_remote_bytes(
        [this, asset](const HttpRequest& request) {
          HttpAnswer answer = tiles_.ask(request);
          require_edition(asset, answer);
          return answer;
        },
        asset.url);
  }

  std::unique_ptr<ByteSource> whole_file(const Asset& asset) const {
    std::string name = grid_name(asset, 0.0);
    name.replace(name.rfind("_0m.tif"), std::string::npos, ".copc.laz");
    const std::string path = context().folder + "/raw/" + name;
    if (!file_exists(path)) {
      if (!context().may_write) return ranges(asset);
      tiles_.download(asset, path);
    }
    return open_local_bytes(path);
  }

  const CopcTiles tiles_;
  const bool whole_files_;
};

class EptArchive final : public GridArchive {
 public:
  explicit EptArchive(const ArchiveSetup& setup) : GridArchive(setup), revision_(setup.context) {}

 private:
  static constexpr std::int64_t kIndexSeconds = 30 * 86400;
  static constexpr std::uint64_t kMaxIndex = std::uint64_t{128} << 20;

  /// A survey that is left out is told as a whole: its tiles are of no interest.
  std::vector<Candidate> look(const LonLatBox& box) override {
    const auto ask = [this](const std::string&) { return ask_index(); };
    std::vector<Candidate> candidates;
    std::vector<Asset> taken;
    for (Asset& part : context().discovery->find("ept", box, ask)) {
      Candidate candidate = judged(std::move(part));
      if (candidate.excluded.empty())
        taken.push_back(std::move(candidate.asset));
      else
        candidates.push_back(std::move(candidate));
    }
    for (Asset& tile : ept_tiles(taken, box))
      candidates.push_back({std::move(tile), ""});
    return candidates;
  }

  Discovery ask_index() const {
    HttpRequest request;
    request.url = kEptIndex;
    request.max_bytes = kMaxIndex;
    const HttpAnswer answer = context().http->ask(request);
    if (answer.absent())
      throw Error(ErrorCode::kUnreadable, "'" + request.url +
                                              "': the list of surveys is gone; "
                                              "try again later, or name a mirror in "
                                              "TOPOBATHY_ENDPOINTS");
    std::vector<std::string> skipped;
    Discovery found;
    found.assets = parse_ept_index(require_body(answer, request.url), skipped);
    found.seconds = kIndexSeconds;
    if (!skipped.empty() && context().warn)
      context().warn("'" + request.url + "': " + std::to_string(skipped.size()) +
                     " surveys have names that cannot be part of a path and are left out");
    return found;
  }

  /// Tiles of a survey share the edition of its description, which is asked for once.
  void state_revision(Asset& asset) override {
    revision_.state(asset, {"ept"});
    asset.size = -1;  // of ept.json
  }

  void make(const Asset& asset, double nominal, const std::string& path) override {
    const auto ask = [&](const HttpRequest& request) {
      HttpAnswer answer = context().http->ask(request);
      if (request.url == asset.url) require_edition(asset, answer);
      return answer;
    };
    const std::string base = asset.url.substr(0, asset.url.rfind('/'));
    const auto cloud = open_ept_cloud(RememberedEpt::files(memory_, ask, base, asset.revision));
    if (!same_horizontal_crs(cloud->facts().crs.horizontal, kEptCrs))
      throw Error(ErrorCode::kUnsupported,
                  "'" + asset.url +
                      "': is not in EPSG:3857 as the surveys of this bucket are: "
                      "leave it out with exclude_patterns");
    make_grid(*cloud, ept_tile_box(asset.id), nominal, path);
  }

  const AssetRevision revision_;
  const std::shared_ptr<RememberedEpt> memory_ = std::make_shared<RememberedEpt>();
};

}  // namespace

std::unique_ptr<Archive> make_usgs_lidar(const ArchiveSetup& setup) {
  const std::string product = product_of(setup.step);
  if (product == "ept") return std::make_unique<EptArchive>(setup);
  return std::make_unique<CopcArchive>(setup, product == "copc_file");
}

}  // namespace topobathy
