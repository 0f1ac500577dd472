#include "fusion/operators/holes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace topobathy {
namespace {

/// NaN pixels as runs joined into sets (union-find over runs): one pass over the plane however
/// large a hole is.
class RunSets {
 public:
  explicit RunSets(const Plane<float>& elevation) {
    std::size_t above = 0;  // first run of the row above
    for (std::int64_t row = 0; row < elevation.height(); ++row) {
      const std::size_t first = runs_.size();
      append_runs(elevation.row(row), elevation.width(), row);
      join(above, first);
      above = first;
    }
  }

  std::size_t size() const { return runs_.size(); }
  const PixelRun& run(std::size_t i) const { return runs_[i]; }
  /// The first run of the set that run i belongs to.
  std::size_t root(std::size_t i) {
    while (parent_[i] != i)
      i = parent_[i] = parent_[parent_[i]];
    return i;
  }

 private:
  static bool has_nan(const float* values, std::int64_t width) {
    unsigned any = 0;
    for (std::int64_t c = 0; c < width; ++c)
      any |= static_cast<unsigned>(values[c] != values[c]);
    return any != 0;
  }

  void append_runs(const float* values, std::int64_t width, std::int64_t row) {
    if (!has_nan(values, width)) return;
    for (std::int64_t c = 0; c < width; ++c) {
      if (!std::isnan(values[c])) continue;
      const std::int64_t begin = c;
      while (c < width && std::isnan(values[c]))
        ++c;
      parent_.push_back(runs_.size());
      runs_.push_back({row, begin, c});
    }
  }

  /// Joins the runs [first, size) of a row with those of the row above, [above, first), where they
  /// touch.
  void join(std::size_t above, std::size_t first) {
    for (std::size_t i = first; i < runs_.size(); ++i) {
      while (above < first && runs_[above].end < runs_[i].begin)
        ++above;
      // Half-open runs touch at a corner when one begins where the other ends.
      for (std::size_t j = above; j < first && runs_[j].begin <= runs_[i].end; ++j)
        unite(i, j);
    }
  }

  void unite(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

  std::vector<PixelRun> runs_;
  std::vector<std::size_t> parent_;
};

struct Bounds {
  std::int64_t left, top, right, bottom;

  void include(const PixelRun& run) {
    left = std::min(left, run.begin);
    right = std::max(right, run.end);
    bottom = run.row + 1;  // runs come row by row
  }
};

}  // namespace

std::vector<Hole> enclosed_holes(const Plane<float>& elevation, std::int64_t max_width,
                                 std::int64_t max_height) {
  RunSets sets(elevation);
  std::vector<Bounds> bounds(sets.size());
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const PixelRun& run = sets.run(i);
    if (sets.root(i) == i)
      bounds[i] = {run.begin, run.row, run.end, run.row + 1};
    else
      bounds[sets.root(i)].include(run);
  }
  const auto fits = [&](const Bounds& b) {
    return b.left > 0 && b.top > 0 && b.right < elevation.width() &&
           b.bottom < elevation.height() && b.right - b.left <= max_width &&
           b.bottom - b.top <= max_height;
  };
  std::vector<Hole> holes;
  std::vector<std::size_t> hole_of(sets.size());  // meaningful at the roots of sets that fit
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const std::size_t root = sets.root(i);
    const Bounds& b = bounds[root];
    if (!fits(b)) continue;
    if (root == i) {
      hole_of[i] = holes.size();
      holes.push_back({{}, b.left, b.top, b.right, b.bottom});
    }
    holes[hole_of[root]].runs.push_back(sets.run(i));
  }
  return holes;
}

}  // namespace topobathy
