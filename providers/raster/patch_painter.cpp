#include "providers/raster/patch_painter.h"

#include <algorithm>

#include "fusion/target_clones.h"
#include "providers/raster/block_buffers.h"

#include "providers/raster/sampling_tuning.h"

namespace topobathy {
namespace {

SourceWindow file_window(const GroupMember& member, std::int64_t shift) noexcept {
  return {member.place.col + shift, member.place.row, member.size().width, member.size().height};
}

/// Copies a run of one tile row; values only, over what is there already. \returns whether there
/// was a value
TOPOBATHY_TARGET_CLONES
bool copy_run(const float* from, float* to, std::int64_t count, bool first) {
  std::int32_t values = 0;
  for (std::int64_t i = 0; i < count; ++i)
    values += from[i] == from[i] ? 1 : 0;
  if (first)
    std::copy_n(from, count, to);
  else if (values > 0)
    for (std::int64_t i = 0; i < count; ++i)
      to[i] = from[i] == from[i] ? from[i] : to[i];
  return values > 0;
}

void keep_limits(const GroupMember& member, float* run, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i)
    run[i] = member.shows(run[i]) ? run[i] : kNoValue;
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

/// Whether any file reaches into a window.
bool holds_files(const GroupMembers& members, BandRole role, const SourceWindow& window) {
  bool any = false;
  for (const GroupMember& member : members.members)
    if (!any && member.band(role) != 0)
      for_each_turn(members, member, window, [&](std::int64_t shift) {
        any |= !file_window(member, shift).intersect(window).empty();
      });
  return any;
}

}  // namespace

bool PatchPainter::paint_run(const Run& run, Patch& patch) {
  bool any = false;
  for (std::int64_t r = run.part.row; r < run.part.bottom(); ++r) {
    const float* from = run.tile->data() + (r - run.tile_window.row) * run.tile_window.width +
                        (run.part.col - run.tile_window.col);
    float* to = patch.values.data() + (r - patch.window.row) * patch.window.width +
                (run.part.col - patch.window.col);
    if (run.limited) {
      line_.assign(from, from + run.part.width);
      keep_limits(*run.member, line_.data(), run.part.width);
      from = line_.data();
    }
    any |= copy_run(from, to, run.part.width, run.first);
  }
  return any;
}

bool PatchPainter::paint_member(const GroupMember& member, BandRole role, std::int64_t shift,
                                Patch& patch, bool first) {
  const SourceWindow whole = file_window(member, shift);
  const SourceWindow part = whole.intersect(patch.window);
  if (part.empty()) return false;
  const RasterLevel& size = member.size();
  const bool limited = role == BandRole::kElevation && (member.minimum || member.maximum);
  bool any = false;
  for (std::int64_t tile_row = (part.row - whole.row) / size.block_height;
       tile_row * size.block_height < part.bottom() - whole.row; ++tile_row) {
    for (std::int64_t tile_col = (part.col - whole.col) / size.block_width;
         tile_col * size.block_width < part.right() - whole.col; ++tile_col) {
      const SourceWindow tile{whole.col + tile_col * size.block_width,
                              whole.row + tile_row * size.block_height, size.block_width,
                              size.block_height};
      const BlockPointer block = member.reader->block(member.level, member.band(role), tile_col,
                                                      tile_row, member.siblings);
      if (block == empty_block(block->size())) continue;
      any |= paint_run({&member, block.get(), tile, tile.intersect(part), limited, first}, patch);
    }
  }
  return any;
}

void PatchPainter::note(const GroupMember& member) {
  auto& list = contributors_;
  if (std::find(list.begin(), list.end(), &member) == list.end()) list.push_back(&member);
}

bool PatchPainter::paint_all(const GroupMembers& members, BandRole role, const SourceWindow& window,
                             Patch& patch) {
  patch.window = window;
  patch.values.assign(static_cast<std::size_t>(window.area()), kNoValue);
  bool painted = false;
  for (const GroupMember& member : members.members) {
    if (member.band(role) == 0) continue;
    for_each_turn(members, member, window, [&](std::int64_t shift) {
      if (!paint_member(member, role, shift, patch, !painted)) return;
      painted = true;
      note(member);
    });
  }
  return painted;
}

bool PatchPainter::paint(const GroupMembers& members, BandRole role, const SourceWindow& window,
                         Patch& patch) {
  contributors_.clear();
  return paint_all(members, role, window, patch);
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
  contributors_.clear();
  patch.window = window;
  patch.values.assign(static_cast<std::size_t>(window.area()), kNoValue);
  const std::int64_t columns = std::max<std::int64_t>(1, kStripPixels / (factor * factor));
  bool painted = false;
  for (std::int64_t r = window.row; r < window.bottom(); ++r) {
    for (std::int64_t c = window.col; c < window.right(); c += columns) {
      const std::int64_t count = std::min(columns, window.right() - c);
      const SourceWindow strip{c * factor, r * factor, count * factor, factor};
      // A box far coarser than the files is millions of their pixels, to be cleared for nothing.
      if (!holds_files(members, role, strip)) continue;
      if (!paint_all(members, role, strip, strip_)) continue;
      painted = true;
      count_inside(members, role, strip, factor);
      reduce_strip(factor, patch.values.data() + (r - window.row) * window.width + (c - window.col),
                   count);
    }
  }
  // Strips meet the members in any order.
  std::sort(contributors_.begin(), contributors_.end());
  return painted;
}

}  // namespace topobathy
