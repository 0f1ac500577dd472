#include <iostream>

#include "fusion/error.h"
#include "utils/hydrate/unit_maker.h"
#include "utils/hydrate/worker_greeting.h"
#include "utils/tiles/tile_maker.h"

namespace topobathy {
namespace {

/// The policy of a job is the one it began with: who edits it meanwhile runs the command again. The
/// sources' revisions are in each tile's companion, so an old tile is a miss for later readers.
constexpr std::chrono::hours kLookEvery{24 * 365};

TileMaker::Setup setup_of(const OpenRequest& policy) {
  TileMaker::Setup setup;
  setup.policy = policy;
  setup.look_every = kLookEvery;
  setup.warn = [](const std::string& message) { std::cerr << message << '\n'; };
  return setup;
}

class TileWorker final : public UnitMaker {
 public:
  TileWorker(const OpenRequest& policy, const TileRequest& common)
      : maker_(setup_of(policy)),
        common_(common),
        greeting_(worker_greeting(*maker_.raster(policy.zoom.value_or(0)))) {}

  std::string greeting() const override { return greeting_; }
  UnitResult make(const std::string& line) override;

 private:
  TileMaker maker_;
  const TileRequest common_;
  const std::string greeting_;
};

UnitResult TileWorker::make(const std::string& line) {
  const auto planned = tile_of_line(line);
  if (!planned) throw Error(ErrorCode::kUsage, "'" + line + "' names no tile");
  TileRequest request = common_;
  request.address = planned->address;
  request.format = planned->look.format;
  request.style = planned->look.style;
  const TileOutcome tile = hydrate_tile(maker_, request);
  switch (tile.state) {
    case TileOutcome::State::kMade:
      return {UnitResult::Outcome::kMade, "", ""};
    case TileOutcome::State::kCached:
      return {};
    case TileOutcome::State::kEmpty:
      return {UnitResult::Outcome::kEmpty, "", ""};
    case TileOutcome::State::kFailed:
      break;
  }
  return {UnitResult::Outcome::kFailed, "", tile.why};
}

}  // namespace

std::unique_ptr<UnitMaker> make_tile_worker(const OpenRequest& policy, const TileRequest& common) {
  return std::make_unique<TileWorker>(policy, common);
}

}  // namespace topobathy
