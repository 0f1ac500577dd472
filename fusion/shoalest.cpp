#include "fusion/shoalest.h"

#include <algorithm>
#include <map>

namespace topobathy {
namespace {

using Quarters = std::array<std::shared_ptr<const FusedCell>, 4>;

/// A pixel of the four cells seen as one grid of twice the size (the size of a cell may be odd: a
/// group of four pixels can lie in two cells).
struct FinePixel {
  const FusedCell* cell;
  std::size_t index;
  float elevation() const { return cell->elevation.data()[index]; }
};

FinePixel fine_pixel(const Quarters& quarters, std::int64_t col, std::int64_t row) {
  const std::int64_t width = quarters[0]->window.width, height = quarters[0]->window.height;
  const FusedCell& cell =
      *quarters[static_cast<std::size_t>((col >= width ? 1 : 0) + (row >= height ? 2 : 0))];
  return {&cell, static_cast<std::size_t>((row % height) * width + col % width)};
}

/// The one of a 2 x 2 group with the largest elevation; the first in row order among equals.
FinePixel shoalest_pixel(const Quarters& quarters, std::int64_t col, std::int64_t row) {
  FinePixel best = fine_pixel(quarters, col, row);
  for (const std::int64_t k : {1, 2, 3}) {
    const FinePixel here = fine_pixel(quarters, col + k % 2, row + k / 2);
    if (here.elevation() == here.elevation() && !(best.elevation() >= here.elevation()))
      best = here;
  }
  return best;
}

void merge_outcomes(const std::vector<StepOutcome>& from, std::vector<StepOutcome>& into) {
  // The most telling status of the four stands for the whole: a failure, then pixels, then what
  // could not be seen.
  const auto rank = [](StepOutcome::Status s) {
    switch (s) {
      case StepOutcome::Status::kFailed:
        return 3;
      case StepOutcome::Status::kOk:
        return 2;
      case StepOutcome::Status::kOccluded:
        return 1;
      case StepOutcome::Status::kNoData:
        break;
    }
    return 0;
  };
  for (std::size_t i = 0; i < into.size(); ++i) {
    if (rank(from[i].status) > rank(into[i].status)) into[i].status = from[i].status;
    if (into[i].message.empty()) into[i].message = from[i].message;
    into[i].pixels += from[i].pixels;
  }
}

}  // namespace

FusedCell shoalest_of(const Quarters& quarters, const LatticeWindow& window) {
  // Cells kept in memory may have more planes than were asked for: what all four have is taken.
  const auto all_have = [&](auto plane) {
    return std::all_of(quarters.begin(), quarters.end(),
                       [&](const auto& quarter) { return !((*quarter).*plane).empty(); });
  };
  const bool uncertainty = all_have(&FusedCell::uncertainty), source = all_have(&FusedCell::source);
  FusedCell cell;
  cell.window = window;
  cell.elevation = Plane<float>(window.width, window.height, kNoValue);
  if (uncertainty) cell.uncertainty = Plane<float>(window.width, window.height, kNoValue);
  if (source) cell.source = Plane<SourceId>(window.width, window.height, kNoSource);
  for (std::int64_t r = 0; r < window.height; ++r) {
    for (std::int64_t c = 0; c < window.width; ++c) {
      const FinePixel from = shoalest_pixel(quarters, 2 * c, 2 * r);
      cell.elevation.at(c, r) = from.elevation();
      if (uncertainty) cell.uncertainty.at(c, r) = from.cell->uncertainty.data()[from.index];
      if (source) cell.source.at(c, r) = from.cell->source.data()[from.index];
    }
  }
  std::map<SourceId, SourceRecord> sources;
  cell.outcomes = quarters[0]->outcomes;
  for (std::size_t k = 0; k < quarters.size(); ++k) {
    sources.insert(quarters[k]->sources.begin(), quarters[k]->sources.end());
    if (k > 0) merge_outcomes(quarters[k]->outcomes, cell.outcomes);
  }
  cell.sources.assign(sources.begin(), sources.end());
  return cell;
}

}  // namespace topobathy
