#include "providers/raster/raster_catalogue.h"

#include <algorithm>
#include <boost/geometry.hpp>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <cctype>
#include <cmath>
#include <utility>
#include <variant>

#include "fusion/error.h"
#include "fusion/policy/provider_table.h"
#include "providers/align/crs.h"
#include "providers/datum/file_heights.h"
#include "providers/datum/height_names.h"
#include "providers/raster/describe_files.h"
#include "providers/raster/survey_filter.h"

namespace topobathy {
namespace {

namespace bg = boost::geometry;
using Point = bg::model::d2::point_xy<double>;
using Box = bg::model::box<Point>;
using Entry = std::pair<Box, int>;
using Tree = bg::index::rtree<Entry, bg::index::rstar<16>>;

Box to_box(const CrsBox& b) {
  return {Point(b.left, b.bottom), Point(b.right, b.top)};
}

GeoTransform transform_of(const RasterHeader& header) {
  GeoTransform transform;
  std::copy(std::begin(header.geotransform), std::end(header.geotransform), transform.begin());
  return transform;
}

CrsBox footprint(const RasterHeader& header) {
  const GeoTransform g = transform_of(header);
  const auto width = static_cast<double>(header.levels.front().width);
  const auto height = static_cast<double>(header.levels.front().height);
  CrsBox box{g[0], g[3], g[0], g[3]};
  for (const auto& [c, r] : {std::pair{width, 0.0}, {0.0, height}, {width, height}}) {
    const double x = g[0] + c * g[1] + r * g[2], y = g[3] + c * g[4] + r * g[5];
    box.left = std::min(box.left, x);
    box.right = std::max(box.right, x);
    box.bottom = std::min(box.bottom, y);
    box.top = std::max(box.top, y);
  }
  return box;
}

GeoTransform coarser(const GeoTransform& g, double across, double down) {
  return {g[0], g[1] * across, g[2] * down, g[3], g[4] * across, g[5] * down};
}

/// How many full-resolution pixels make one of a reduced level's. Sizes are whole pixels: where a
/// whole factor explains them, up to the pixel that was rounded off, it is meant (857 pixels,
/// halved to 428, are no factor of 2.002).
double level_factor(double across, double down, const RasterLevel& level) {
  const double smaller = std::min(across, down);
  const double whole = std::round(smaller);
  const auto explains = [&](double factor, std::int64_t size) {
    const auto pixels = static_cast<double>(size);
    return std::fabs(factor * pixels / whole - pixels) < 1.0;
  };
  return explains(across, level.width) && explains(down, level.height) ? whole : smaller;
}

}  // namespace

struct RasterCatalogue::Index {
  std::vector<Tree> trees;  ///< one a CRS
};

RasterCatalogue::RasterCatalogue(const Step& step, const std::string& directory,
                                 const SourceAccess& access, const HeightTarget& heights)
    : index_(std::make_unique<Index>()) {
  std::vector<NamedFile> names;
  try {
    names = list_files(step, directory, access.offline);
  } catch (const Error& error) {
    losses_.push_back(
        error.message());  // a list that cannot be made is a source that cannot be read
  }
  named_ = names.size();
  add_kept(describe_files(names, step, access), step, heights);
}

RasterCatalogue::RasterCatalogue(std::vector<DescribedFile> files, const Step& step,
                                 const HeightTarget& heights)
    : index_(std::make_unique<Index>()), named_(files.size()) {
  add_kept(std::move(files), step, heights);
}

void RasterCatalogue::add_kept(std::vector<DescribedFile> files, const Step& step,
                               const HeightTarget& heights) {
  const SurveyFilter surveys(step.filter);
  for (DescribedFile& file : files) {
    if (auto* described = std::get_if<CatalogueFile>(&file)) {
      // A file with an attribute table is many surveys: CatalogueIds judges each of them.
      if (!described->contributors.empty() || surveys.keeps(described->record.survey_id))
        add_or_lose(std::move(*described), step, heights);
      else
        leave_out(std::move(*described), step);
    } else {
      losses_.push_back(std::move(std::get<std::string>(file)));
    }
  }
  build_index();
}

void RasterCatalogue::build_index() {
  std::vector<std::vector<Entry>> entries(crs_list_.size());
  for (std::size_t i = 0; i < files_.size(); ++i)
    entries[files_[i].crs].emplace_back(to_box(files_[i].box), static_cast<int>(i));
  for (const auto& of_crs : entries)
    index_->trees.emplace_back(of_crs);  // bulk loading packs the tree
}

RasterCatalogue::RasterCatalogue(RasterCatalogue&&) noexcept = default;
RasterCatalogue::~RasterCatalogue() = default;

int RasterCatalogue::crs_index(const std::string& crs) {
  const auto known = std::find(crs_list_.begin(), crs_list_.end(), crs);
  if (known != crs_list_.end()) return static_cast<int>(known - crs_list_.begin());
  crs_list_.push_back(crs);
  largest_pixel_.push_back(0.0);
  return static_cast<int>(crs_list_.size()) - 1;
}

void RasterCatalogue::add_or_lose(CatalogueFile file, const Step& step,
                                  const HeightTarget& heights) {
  const std::string path = file.path;
  try {
    add(std::move(file), step, heights);
  } catch (const Error& error) {
    // Its CRS is none that coordinates can be brought to.
    losses_.push_back("cannot place '" + path + "': " + error.what());
  }
}

void RasterCatalogue::leave_out(CatalogueFile file, const Step& step) {
  file.box = footprint(file.header);
  if (!step.files.crs.empty()) file.header.crs_wkt = step.files.crs;
  left_out_.push_back(std::move(file));
}

void RasterCatalogue::settle_heights(CatalogueFile& file, const Step& step,
                                     const HeightTarget& target) {
  StatedHeights stated;
  stated.path = file.path;
  const auto [own, is_new] = stated_by_crs_.try_emplace(file.header.crs_wkt);
  if (is_new) own->second = heights_of_crs(file.header.crs_wkt);
  stated.own = own->second.empty() ? heights_of_text(file.heights_text) : own->second;
  stated.archive = file.archive_heights;
  stated.named_by_policy = step.provider == kRasterProvider;
  const auto& crs = crs_list_[static_cast<std::size_t>(file.crs)];
  stated.crs = crs;
  const auto box =
      target.crs.empty() ? std::nullopt : Transformer(crs, "EPSG:4326").transform_box(file.box);
  if (box) stated.area = LonLatBox{box->left, box->bottom, box->right, box->top};
  FileHeights heights = heights_of_file(stated, step, target);
  if (heights.shift) {
    auto& shared = shifts_[heights.shift->info().definition];
    if (!shared) shared = heights.shift;
    file.shift = shared;
  }
  const auto tell = [&](SourceRecord& record) {
    if (record.vertical_datum.empty()) record.vertical_datum = heights_name(heights.datum);
    record.vertical_basis = heights.basis;
    record.vertical_shift = heights.pipeline;
    record.vertical_accuracy = heights.accuracy;
  };
  tell(file.record);
  for (auto& [value, record] : file.contributors)
    tell(record);
}

void RasterCatalogue::add(CatalogueFile file, const Step& step, const HeightTarget& heights) {
  const std::string& crs = step.files.crs.empty() ? file.header.crs_wkt : step.files.crs;
  const bool geographic = crs_traits(crs).kind == CrsTraits::Kind::kGeographic;
  file.crs = crs_index(crs);
  const GeoTransform transform = transform_of(file.header);
  const auto& full = file.header.levels.front();
  file.box = footprint(file.header);
  settle_heights(file, step, heights);
  for (const auto& level : file.header.levels) {
    const double across = static_cast<double>(full.width) / static_cast<double>(level.width);
    const double down = static_cast<double>(full.height) / static_cast<double>(level.height);
    file.levels.push_back({groups_.place(file.crs, coarser(transform, across, down), level.width,
                                         level.height, geographic),
                           level_factor(across, down, level)});
  }
  const double pixel =
      std::max(std::hypot(transform[1], transform[4]), std::hypot(transform[2], transform[5]));
  largest_pixel_[file.crs] = std::max(largest_pixel_[file.crs], pixel);
  files_.push_back(std::move(file));
}

void RasterCatalogue::find(int crs, const CrsBox& box, std::vector<int>& files) const {
  const std::size_t before = files.size();
  for (auto it = index_->trees[crs].qbegin(bg::index::intersects(to_box(box)));
       it != index_->trees[crs].qend(); ++it)
    files.push_back(it->second);
  std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
}

}  // namespace topobathy
