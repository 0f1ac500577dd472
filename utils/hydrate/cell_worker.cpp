#include "fusion/error.h"
#include "utils/hydrate/unit_maker.h"
#include "utils/hydrate/worker_greeting.h"

namespace topobathy {
namespace {

class CellWorker final : public UnitMaker {
 public:
  explicit CellWorker(const OpenRequest& policy) : raster_(open_policy(policy)) {}

  std::string greeting() const override { return worker_greeting(*raster_); }
  UnitResult make(const std::string& line) override;

 private:
  std::shared_ptr<FusedRaster> raster_;
};

UnitResult CellWorker::make(const std::string& line) {
  const auto planned = cell_of_line(line);
  if (!planned) throw Error(ErrorCode::kUsage, "'" + line + "' names no cell");
  const HydratedCell cell = raster_->hydrate(planned->level, planned->cell);
  switch (cell.outcome) {
    case HydratedCell::Outcome::kCached:
      return {};
    case HydratedCell::Outcome::kMade:
      return {UnitResult::Outcome::kMade, "", ""};
    case HydratedCell::Outcome::kFailed:
      break;
  }
  return {UnitResult::Outcome::kFailed, cell.step, cell.reason};
}

}  // namespace

std::unique_ptr<UnitMaker> make_cell_worker(const OpenRequest& policy) {
  return std::make_unique<CellWorker>(policy);
}

}  // namespace topobathy
