#include "providers/raster/patch_painter.h"

#include <algorithm>

#include "providers/raster/sampling_tuning.h"

namespace topobathy {
namespace {

SourceWindow file_window(const GroupMember& member, std::int64_t shift) noexcept {
  return {member.place.col + shift, member.place.row, member.size().width, member.size().height};
}

/// Copies a run of one tile row; only values over values that are there already (`first`: nothing
/// is there yet).
void copy_run(const float* from, float* to, std::int64_t count, bool first) {
  if (first) {
    std::copy_n(from, count, to);
    return;
  }
  for (std::int64_t i = 0; i < count; ++i)
    to[i] = from[i] == from[i] ? from[i] : to[i];
}

void keep_limits(const GroupMember& member, float* run, std::int64_t count) {
  if (!member.minimum && !member.maximum) return;
  const auto low = static_cast<float>(member.minimum.value_or(-1e30));
  const auto high = static_cast<float>(member.maximum.value_or(1e30));
  for (std::int64_t i = 0; i < count; ++i)
    run[i] = run[i] >= low && run[i] <= high ? run[i] : kNoValue;
}

/// Calls function(shift) for every turn round the world in which the member can touch the columns
/// of a window: a file that goes round the world shows in each of them.
template <class Function>
void for_each_turn(const GroupMembers& members, const GroupMember& member,
                   const SourceWindow& window, Function function) {
  const std::int64_t period = members.group->period;
  if (period == 0) return function(0);
  const std::int64_t from = floor_div(window.col - member.place.col, period);
  const std::int64_t to = floor_div(window.right() - 1 - member.place.col, period);
  for (std::int64_t turn = from; turn <= to; ++turn)
    function(turn * period);
}

}  // namespace

bool PatchPainter::paint_member(const GroupMember& member, int band, std::int64_t shift,
                                Patch& patch, bool first) {
  const SourceWindow whole = file_window(member, shift);
  const SourceWindow part = whole.intersect(patch.window);
  if (part.empty()) return false;
  const RasterLevel& size = member.size();
  const bool limited = band == member.file->elevation_band && (member.minimum || member.maximum);
  std::vector<float> kept(limited ? static_cast<std::size_t>(size.block_width) : 0);
  for (std::int64_t tile_row = (part.row - whole.row) / size.block_height;
       tile_row * size.block_height < part.bottom() - whole.row; ++tile_row) {
    for (std::int64_t tile_col = (part.col - whole.col) / size.block_width;
         tile_col * size.block_width < part.right() - whole.col; ++tile_col) {
      const SourceWindow tile{whole.col + tile_col * size.block_width,
                              whole.row + tile_row * size.block_height, size.block_width,
                              size.block_height};
      const SourceWindow run = tile.intersect(part);
      const BlockPointer block =
          member.reader->block(member.level, band, tile_col, tile_row, member.siblings);
      for (std::int64_t r = run.row; r < run.bottom(); ++r) {
        const float* from =
            block->data() + (r - tile.row) * size.block_width + (run.col - tile.col);
        float* to = patch.values.data() + (r - patch.window.row) * patch.window.width +
                    (run.col - patch.window.col);
        if (limited) {
          std::copy_n(from, run.width, kept.data());
          keep_limits(member, kept.data(), run.width);
          from = kept.data();
        }
        copy_run(from, to, run.width, first);
      }
    }
  }
  return true;
}

bool PatchPainter::paint(const GroupMembers& members, BandRole role, const SourceWindow& window,
                         Patch& patch) {
  patch.window = window;
  patch.values.assign(static_cast<std::size_t>(window.area()), kNoValue);
  bool painted = false;
  for (const GroupMember& member : members.members) {
    const int band = member.band(role);
    if (band == 0) continue;
    for_each_turn(members, member, window, [&](std::int64_t shift) {
      painted |= paint_member(member, band, shift, patch, !painted);
    });
  }
  return painted;
}

void PatchPainter::count_inside(const GroupMembers& members, BandRole role,
                                const SourceWindow& strip, std::int64_t factor) {
  inside_.assign(static_cast<std::size_t>(strip.width / factor), 0);
  for (const GroupMember& member : members.members) {
    if (member.band(role) == 0) continue;
    for_each_turn(members, member, strip, [&](std::int64_t shift) {
      const SourceWindow part = file_window(member, shift).intersect(strip);
      if (part.empty()) return;
      for (std::int64_t k = (part.col - strip.col) / factor; strip.col + k * factor < part.right();
           ++k) {
        const SourceWindow box{strip.col + k * factor, strip.row, factor, factor};
        // Files that overlap count twice: the box is then full anyhow, or nearly.
        inside_[k] = std::min(inside_[k] + part.intersect(box).area(), box.area());
      }
    });
  }
}

void PatchPainter::reduce_strip(std::int64_t factor, float* out, std::int64_t width) {
  const std::int64_t pixels = width * factor;
  sums_.assign(static_cast<std::size_t>(pixels), 0.0);
  counts_.assign(static_cast<std::size_t>(pixels), 0);
  for (std::int64_t r = 0; r < factor; ++r) {
    const float* line = strip_.values.data() + r * pixels;
    for (std::int64_t i = 0; i < pixels; ++i) {
      const bool has = line[i] == line[i];
      sums_[i] += has ? static_cast<double>(line[i]) : 0.0;
      counts_[i] += has ? 1 : 0;
    }
  }
  for (std::int64_t c = 0; c < width; ++c) {
    double sum = 0.0;
    std::int64_t count = 0;
    for (std::int64_t i = c * factor; i < (c + 1) * factor; ++i) {
      sum += sums_[i];
      count += counts_[i];
    }
    out[c] = count > 0 && 2 * count >= inside_[c]
                 ? static_cast<float>(sum / static_cast<double>(count))
                 : kNoValue;
  }
}

bool PatchPainter::paint_coarser(const GroupMembers& members, BandRole role,
                                 const SourceWindow& window, std::int64_t factor, Patch& patch) {
  patch.window = window;
  patch.values.assign(static_cast<std::size_t>(window.area()), kNoValue);
  const std::int64_t columns = std::max<std::int64_t>(1, kStripPixels / (factor * factor));
  bool painted = false;
  for (std::int64_t r = window.row; r < window.bottom(); ++r) {
    for (std::int64_t c = window.col; c < window.right(); c += columns) {
      const std::int64_t count = std::min(columns, window.right() - c);
      const SourceWindow strip{c * factor, r * factor, count * factor, factor};
      if (!paint(members, role, strip, strip_)) continue;
      painted = true;
      count_inside(members, role, strip, factor);
      reduce_strip(factor, patch.values.data() + (r - window.row) * window.width + (c - window.col),
                   count);
    }
  }
  return painted;
}

}  // namespace topobathy
