#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fusion/layer_source.h"

namespace topobathy {

/// What one step gave to a cell; kept in the cell so that a reader sees why a pixel has no value.
struct StepOutcome {
  enum class Status { kOk, kNoData, kOccluded, kFailed };
  std::string step;
  Status status = Status::kNoData;
  std::int64_t pixels = 0;  ///< of the cell that show this step (largest weight)
  std::string message;      ///< of a failure
};

const char* to_text(StepOutcome::Status status) noexcept;

/// What the sources of a step were right before it was read; nothing: the step was hidden, so that
/// nobody asked.
using StepRevisions = std::optional<std::vector<SourceRevision>>;

/// The fused pixels of one window with their provenance. Complete unless a step failed under
/// on_error: skip.
struct FusedCell {
  LatticeWindow window;
  LatticeWindow fused;  ///< what was fused at once: the window, or the stored cell it is a part of
  Plane<float> elevation;
  Plane<float> uncertainty;
  Plane<SourceId> source;
  std::vector<std::pair<SourceId, SourceRecord>> sources;  ///< every id in `source`, ascending
  std::vector<StepOutcome> outcomes;                       ///< bottom-up, one a step
  std::vector<StepRevisions> revisions;                    ///< bottom-up, one a step
  BlockMask blocks;  ///< of a provider cell: the blocks it holds; without any block: all

  bool complete() const noexcept {
    for (const auto& outcome : outcomes)
      if (outcome.status == StepOutcome::Status::kFailed) return false;
    return true;
  }
};

}  // namespace topobathy
