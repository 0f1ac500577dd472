#include "fusion/fused_cell.h"

namespace topobathy {

const char* to_text(StepOutcome::Status status) noexcept {
  switch (status) {
    case StepOutcome::Status::kOk:
      return "ok";
    case StepOutcome::Status::kNoData:
      return "nodata";
    case StepOutcome::Status::kOccluded:
      return "occluded";
    case StepOutcome::Status::kFailed:
      return "failed";
  }
  return "";
}

}  // namespace topobathy
