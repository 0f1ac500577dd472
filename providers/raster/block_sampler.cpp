#include "providers/raster/block_sampler.h"

#include <algorithm>
#include <cmath>

#include "fusion/error.h"
#include "providers/raster/open_file.h"
#include "providers/raster/sampling_tuning.h"

namespace topobathy {
namespace {

/// The box that a block's pixels and every kernel's taps around them lie in.
CrsBox reach_of(const BlockCorners& corners, double shift, double largest_pixel) {
  const auto [left, right] = std::minmax_element(corners.x.begin(), corners.x.end());
  const auto [bottom, top] = std::minmax_element(corners.y.begin(), corners.y.end());
  // Kernels reach three pixels of the chosen resolution, which is at most that of the lattice or of
  // the coarsest file.
  const double lattice_pixel = std::max(*right - *left, *top - *bottom) / kBlock;
  const double margin = 4.0 * std::max(largest_pixel, lattice_pixel);
  return {*left + shift - margin - corners.error_x, *bottom - margin - corners.error_y,
          *right + shift + margin + corners.error_x, *top + margin + corners.error_y};
}

/// The coarsest resolution that is not coarser than the lattice's own pixels.
int choose_level(const CatalogueFile& file, double ratio) noexcept {
  int level = 0;
  for (std::size_t k = 1; k < file.levels.size(); ++k)
    if (file.levels[k].factor <= ratio * 1.001) level = static_cast<int>(k);
  return level;
}

bool full(const float* values, const BlockPart& part) noexcept {
  for (std::int64_t l = part.top; l < part.bottom; ++l)
    for (std::int64_t i = part.from; i < part.to; ++i)
      if (values[l * kBlock + i] != values[l * kBlock + i]) return false;
  return true;
}

SourceWindow scaled_window(const SourceWindow& window, std::int64_t factor) noexcept {
  return {window.col * factor, window.row * factor, window.width * factor, window.height * factor};
}

}  // namespace

BlockSampler::BlockSampler(const RasterCatalogue& catalogue, const CatalogueIds& ids,
                           const Step& step,
                           const std::vector<std::shared_ptr<BlockCoordinates>>& coordinates,
                           const Lattice& lattice)
    : catalogue_(catalogue),
      ids_(ids),
      step_(step),
      coordinates_(coordinates),
      lattice_(lattice),
      finder_(ids) {}

BlockReader* BlockSampler::reader(int file) {
  auto& reader = readers_[file];
  if (!reader) reader = reader_of(catalogue_.files()[static_cast<std::size_t>(file)], step_);
  return reader.get();
}

void BlockSampler::add_file(int crs, const BlockCorners& corners, double shift, int number,
                            const WantedBlock& wanted) {
  const CatalogueFile& file = catalogue_.files()[static_cast<std::size_t>(number)];
  const auto& groups = catalogue_.groups();
  const InverseTransform to_file(
      groups[static_cast<std::size_t>(file.levels.front().place.group)].transform);
  const int level = choose_level(file, pixel_ratio(corners, to_file).governing());
  const GridPlace place = file.levels[static_cast<std::size_t>(level)].place;
  const GridGroup* group = &groups[static_cast<std::size_t>(place.group)];
  GroupMember member;
  member.file = &file;
  member.number = number;
  member.reader = reader(number);
  member.level = level;
  member.place = place;
  member.minimum = step_.filter.min_elevation;
  member.maximum = step_.filter.max_elevation;
  member.siblings.push_back(file.elevation_band);
  if (wanted.uncertainty && file.uncertainty_band) member.siblings.push_back(file.uncertainty_band);
  if (wanted.source && file.source_band) member.siblings.push_back(file.source_band);
  touching_.push_back({std::move(member), group, crs, shift});
}

/// From the top file down: a file joins the surface above it if it lies on the same grid and its
/// heights come to the raster's alike. So a kernel reaches from a tile into the next, and the order
/// of the files holds wherever files of other grids lie between them.
void BlockSampler::make_surfaces() {
  surfaces_.clear();
  std::stable_sort(touching_.begin(), touching_.end(), [](const Touching& a, const Touching& b) {
    return a.member.number > b.member.number;
  });
  for (Touching& file : touching_) {
    const HeightShift* heights = file.member.file->shift.get();
    auto surface = surfaces_.rbegin();
    // The turns of a file that reaches round the world lie beside each other.
    while (surface != surfaces_.rend() && surface->members.group == file.group &&
           surface->heights == heights && surface->shift != file.shift)
      ++surface;
    const bool joins = surface != surfaces_.rend() && surface->members.group == file.group &&
                       surface->heights == heights;
    if (joins)
      surface->members.members.push_back(std::move(file.member));
    else
      surfaces_.push_back({{file.group, {std::move(file.member)}}, file.crs, file.shift, heights});
  }
  for (Surface& surface : surfaces_)  // members: the lowest first
    std::reverse(surface.members.members.begin(), surface.members.members.end());
}

void BlockSampler::add_files(int crs, const BlockCorners& corners, double shift,
                             const WantedBlock& wanted) {
  found_.clear();
  catalogue_.find(crs, reach_of(corners, shift, catalogue_.largest_pixel(crs)), found_);
  for (const int number : found_)
    add_file(crs, corners, shift, number, wanted);
}

void BlockSampler::find_surfaces(const WantedBlock& wanted) {
  touching_.clear();
  corners_.clear();
  for (std::size_t crs = 0; crs < coordinates_.size(); ++crs) {
    corners_.push_back(coordinates_[crs]->corners(wanted.col, wanted.row));
    const BlockCorners& corners = corners_.back();
    if (!std::isfinite(corners.error_x + corners.error_y)) {
      // A corner without an image (a pole, the edge of a projection): any file may touch the rest
      // of the block.
      found_.clear();
      catalogue_.find(static_cast<int>(crs), {-1e300, -1e300, 1e300, 1e300}, found_);
      for (const int number : found_)
        add_file(static_cast<int>(crs), corners, 0.0, number, wanted);
      continue;
    }
    const double period = coordinates_[crs]->period();
    add_files(static_cast<int>(crs), corners, 0.0, wanted);
    if (period > 0) {
      add_files(static_cast<int>(crs), corners, -period, wanted);
      add_files(static_cast<int>(crs), corners, period, wanted);
    }
  }
  make_surfaces();
}

void BlockSampler::run_kernel(const Patch& patch, const PixelRatio& ratio, const BlockPart& part,
                              float* out) const {
  switch (step_.resampling) {
    case Resampling::kNearest:
      return sample_nearest(positions_, patch, part, out);
    case Resampling::kBilinear:
      return sample_bilinear(positions_, patch, part, out);
    case Resampling::kCubic:
      return sample_cubic(positions_, patch, part, out);
    case Resampling::kAverage:
      return sample_average(positions_, patch, part, ratio, out);
    case Resampling::kAuto:
      break;
  }
  // A box of one pixel is bilinear interpolation: auto passes from one to the other without a step.
  if (ratio.across <= 1.0 && ratio.down <= 1.0)
    return sample_bilinear(positions_, patch, part, out);
  sample_average(positions_, patch, part, ratio, out);
}

void BlockSampler::sample_far(const Surface& surface, const WantedBlock& wanted) {
  has_sigma_ = wanted.uncertainty;
  const BlockPart& part = wanted.part;
  for (std::int64_t l = part.top; l < part.bottom; ++l) {
    for (std::int64_t k = l * kBlock + part.from; k < l * kBlock + part.to; ++k) {
      SourceFinder::Sounding here;
      if (!positions_.has_gaps || positions_.known[k])
        here = finder_.sounding_at(
            surface.members,
            static_cast<double>(positions_.base_col) + static_cast<double>(positions_.col[k]),
            static_cast<double>(positions_.base_row) + static_cast<double>(positions_.row[k]),
            wanted.uncertainty);
      value_[k] = here.elevation;
      sigma_[k] = here.uncertainty;
    }
  }
}

bool BlockSampler::sample_surface(const Surface& surface, const WantedBlock& wanted) {
  const auto crs = static_cast<std::size_t>(surface.crs);
  GeoTransform transform = surface.members.group->transform;
  PixelRatio ratio = pixel_ratio(corners_[crs], InverseTransform(transform));
  // A corner without an image (a pole, the edge of a projection) leaves the ratio unknown: full
  // resolution, interpolated.
  if (!std::isfinite(ratio.across + ratio.down)) ratio = {};
  const bool nearest = step_.resampling == Resampling::kNearest;
  coarser_ = 1;
  reach_ = std::max(1.0, std::max(ratio.across, ratio.down));
  while (!nearest && ratio.governing() >= 2.0 * 1.001) {
    coarser_ *= 2;
    ratio.across /= 2;
    ratio.down /= 2;
  }
  const auto factor = static_cast<double>(coarser_);
  for (const std::size_t k : {1, 2, 4, 5})
    transform[k] *= factor;
  if (!block_positions(*coordinates_[crs], corners_[crs], InverseTransform(transform),
                       surface.shift, positions_))
    return false;
  has_sigma_ = false;
  const SourceWindow window = patch_window(positions_, ratio);
  if (window.area() > kLargestPatch) {
    // Far more source pixels than lattice pixels, or a block that a pole stretches: single pixels
    // are looked up.
    coarser_ = 1;
    if (!block_positions(*coordinates_[crs], corners_[crs],
                         InverseTransform(surface.members.group->transform), surface.shift,
                         positions_))
      return false;
    sample_far(surface, wanted);
    named_ = &surface.members;
    only_name_ = finder_.only(*named_);
    looked_around_ = false;
    return true;
  }
  const auto paint = [&](BandRole role, Patch& patch) {
    return coarser_ == 1 ? painter_.paint(surface.members, role, window, patch)
                         : painter_.paint_coarser(surface.members, role, window, coarser_, patch);
  };
  if (wanted.inner) note_use(surface, window);
  if (!paint(BandRole::kElevation, patch_)) return false;
  keep_contributors(surface);
  find_only_name(surface, wanted, window);
  run_kernel(patch_, ratio, wanted.part, value_.data());
  if (coarser_ > 1 && !lies_on_one_file(surface)) drop_beyond_files(surface, wanted.part);
  if (wanted.uncertainty && paint(BandRole::kUncertainty, sigma_patch_)) {
    has_sigma_ = true;
    run_kernel(sigma_patch_, ratio, wanted.part, sigma_.data());
  }
  return true;
}

void BlockSampler::note_use(const Surface& surface, const SourceWindow& window) {
  const SourceWindow pixels = scaled_window(window, coarser_);
  for (const GroupMember& member : surface.members.members)
    used_.note(member, pixels);
}

/// Most files that could touch the block do not: those without a value there need not be asked who
/// a pixel is, unless the neighbours' names count.
void BlockSampler::keep_contributors(const Surface& surface) {
  const auto& all = surface.members.members;
  named_ = &surface.members;
  if (painter_.contributors().size() == all.size()) return;
  if (std::any_of(all.begin(), all.end(), SourceFinder::asks_neighbours)) return;
  contributors_ = {surface.members.group, {}};
  for (const GroupMember* member : painter_.contributors())
    contributors_.members.push_back(*member);
  named_ = &contributors_;
}

/// Most blocks lie within one survey: then no pixel needs to be asked.
void BlockSampler::find_only_name(const Surface& surface, const WantedBlock& wanted,
                                  const SourceWindow& window) {
  only_name_ = finder_.only(*named_);
  looked_around_ = false;
  const auto& shown = painter_.contributors();
  const bool named = wanted.source || ids_.excludes_any();
  if (only_name_ || !named || shown.size() != 1 || surface.members.group->period != 0) return;
  only_name_ = finder_.look_around(*shown.front(), scaled_window(window, coarser_));
  looked_around_ = coarser_ == 1;
  if (only_name_ && ids_.excluded(*only_name_)) only_name_.reset();
}

bool BlockSampler::lies_on_one_file(const Surface& surface) const {
  const auto factor = static_cast<double>(coarser_);
  const auto at = [&](std::int64_t base, float relative) {
    return (static_cast<double>(base) + static_cast<double>(relative)) * factor;
  };
  const auto& all = surface.members.members;
  return std::any_of(all.begin(), all.end(), [&](const GroupMember& member) {
    const auto left = static_cast<double>(member.place.col),
               top = static_cast<double>(member.place.row);
    return at(positions_.base_col, positions_.min_col) >= left &&
           at(positions_.base_row, positions_.min_row) >= top &&
           at(positions_.base_col, positions_.max_col) <=
               left + static_cast<double>(member.size().width) &&
           at(positions_.base_row, positions_.max_row) <=
               top + static_cast<double>(member.size().height);
  });
}

void BlockSampler::drop_beyond_files(const Surface& surface, const BlockPart& part) {
  constexpr double kSlack = 0.02;  // file pixels: neighbours that share an edge must leave no gap
  const auto factor = static_cast<double>(coarser_);
  for (std::int64_t l = part.top; l < part.bottom; ++l) {
    for (std::int64_t k = l * kBlock + part.from; k < l * kBlock + part.to; ++k) {
      if (value_[k] != value_[k]) continue;
      const double col =
          static_cast<double>(positions_.base_col) + static_cast<double>(positions_.col[k]);
      const double row =
          static_cast<double>(positions_.base_row) + static_cast<double>(positions_.row[k]);
      if (!surface.members.hold(col * factor, row * factor, kSlack)) value_[k] = kNoValue;
    }
  }
}

void BlockSampler::merge(const WantedBlock& wanted, bool first, SampledBlock& out) {
  const auto& only = only_name_;
  if (first && only && !wanted.uncertainty) return take_all(wanted.part, *only, out);
  const bool name = !only && (wanted.source || ids_.excludes_any());
  for (std::int64_t l = wanted.part.top; l < wanted.part.bottom; ++l) {
    const std::int64_t from = l * kBlock + wanted.part.from, to = l * kBlock + wanted.part.to;
    std::array<bool, kBlock> taken{};
    bool any = false;
    for (std::int64_t k = from; k < to; ++k) {
      const bool empty = first || out.elevation[k] != out.elevation[k];
      taken[k - from] = empty && value_[k] == value_[k];
      any |= taken[k - from];
      out.elevation[k] = empty ? value_[k] : out.elevation[k];
    }
    if (!any) continue;
    if (wanted.uncertainty)
      for (std::int64_t k = from; k < to; ++k)
        if (taken[k - from]) out.uncertainty[k] = has_sigma_ ? sigma_[k] : kNoValue;
    if (only && wanted.source) {
      for (std::int64_t k = from; k < to; ++k)
        out.source[k] = taken[k - from] ? *only : out.source[k];
    } else if (name) {
      name_sources(from, to, taken, out);
    }
  }
}

/// The common case: one source, nothing beneath it in this step.
void BlockSampler::take_all(const BlockPart& part, SourceId source, SampledBlock& out) const {
  for (std::int64_t l = part.top; l < part.bottom; ++l) {
    const std::int64_t from = l * kBlock + part.from, count = part.to - part.from;
    std::copy_n(value_.data() + from, count, out.elevation.data() + from);
    std::fill_n(out.source.data() + from, count, source);
  }
}

/// The name of the pixel under a position, if that has a value of its own.
SourceId BlockSampler::name_around(std::int64_t k) {
  // Relative positions are at least 1: a cast rounds them down.
  const auto col = positions_.base_col + static_cast<std::int64_t>(positions_.col[k]);
  const auto row = positions_.base_row + static_cast<std::int64_t>(positions_.row[k]);
  if (!patch_.window.contains(col, row)) return kNoSource;
  const float value = patch_.values[static_cast<std::size_t>(
      (row - patch_.window.row) * patch_.window.width + col - patch_.window.col)];
  return value == value ? finder_.around(col, row) : kNoSource;
}

void BlockSampler::name_sources(std::int64_t from, std::int64_t to,
                                const std::array<bool, kBlock>& taken, SampledBlock& out) {
  const auto factor = static_cast<double>(coarser_);
  const auto base_col = static_cast<double>(positions_.base_col);
  const auto base_row = static_cast<double>(positions_.base_row);
  for (std::int64_t k = from; k < to; ++k) {
    if (!taken[k - from]) continue;
    out.source[k] = looked_around_ ? name_around(k) : kNoSource;
    if (out.source[k] == kNoSource)
      out.source[k] =
          finder_.at(*named_, (base_col + static_cast<double>(positions_.col[k])) * factor,
                     (base_row + static_cast<double>(positions_.row[k])) * factor, reach_);
    if (ids_.excluded(out.source[k])) out.elevation[k] = kNoValue;
  }
}

void BlockSampler::shift_heights(const Surface& surface, const WantedBlock& wanted, bool first,
                                 const SampledBlock& out) {
  heights_.prepare(*surface.heights, lattice_, wanted.col, wanted.row);
  for (std::int64_t l = wanted.part.top; l < wanted.part.bottom; ++l) {
    for (std::int64_t i = wanted.part.from; i < wanted.part.to; ++i) {
      const std::int64_t k = l * kBlock + i;
      const bool shows = first || out.elevation[k] != out.elevation[k];
      if (!shows || value_[k] != value_[k]) continue;
      const double metres = heights_.at(i, l);
      if (metres != metres && step_.assume_heights) continue;
      if (metres != metres)
        throw Error(ErrorCode::kUnreadable,
                    "the vertical grid of '" + surface.heights->info().pipeline +
                        "' has no value where '" + surface.members.members.back().file->path +
                        "' has heights: limit the step with a zone, choose another vertical_crs, "
                        "or take the heights as they are with 'vertical: assume'");
      value_[k] = static_cast<float>(static_cast<double>(value_[k]) + metres);
    }
  }
}

bool BlockSampler::sample(const WantedBlock& wanted, SampledBlock& out) {
  find_surfaces(wanted);
  bool any = false;
  for (const Surface& surface : surfaces_) {
    if (!sample_surface(surface, wanted)) continue;
    if (surface.heights != nullptr) shift_heights(surface, wanted, !any, out);
    merge(wanted, !any, out);
    any = true;
    if (full(out.elevation.data(), wanted.part)) break;
  }
  finder_.clear();
  return any;
}

}  // namespace topobathy
