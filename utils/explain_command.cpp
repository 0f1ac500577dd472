#include <cmath>
#include <string>

#include "fusion/error.h"
#include "utils/command.h"
#include "utils/exit_status.h"
#include "utils/explanation_report.h"
#include "utils/json_values.h"
#include "utils/level_argument.h"
#include "utils/open_arguments.h"

namespace topobathy {
namespace {

class ExplainCommand final : public Command {
 public:
  const char* name() const override { return "explain"; }
  const char* summary() const override {
    return "Say why a pixel has its value: which sources made it, and how";
  }
  void declare(CLI::App& arguments) override;
  int run(std::ostream& out) override;

 private:
  void check_position() const;

  std::string policy_;
  double lon_ = 0.0;
  double lat_ = 0.0;
  int level_ = 0;
  bool json_ = false;
  OpenArguments open_;
};

void ExplainCommand::declare(CLI::App& arguments) {
  arguments.add_option("policy", policy_, "Policy file")->required()->type_name("FILE");
  arguments.add_option("lon", lon_, "Longitude in degrees, east positive")
      ->required()
      ->type_name("DEGREES");
  arguments.add_option("lat", lat_, "Latitude in degrees, north positive")
      ->required()
      ->type_name("DEGREES");
  arguments.add_option("--level", level_, "Overview level: pixels are 2^N times as large")
      ->type_name("N");
  arguments.add_flag("--json", json_, "Answer as JSON (docs/program.md)");
  open_.declare(arguments, {"CRS", "RESOLUTION", "ZOOM", "BBOX", "BBOX_CRS", "OVERVIEW", "ON_ERROR",
                            "CACHE", "CACHE_DIR", "OFFLINE", "ENDPOINTS"});
}

void ExplainCommand::check_position() const {
  const auto refuse = [](const std::string& what, double value, const char* limits) {
    throw Error(ErrorCode::kUsage, what + " " + shown_number(value) + " lies outside " + limits +
                                       "; give longitude, then latitude, in degrees");
  };
  if (!(std::fabs(lat_) <= 90.0)) refuse("latitude", lat_, "-90..90");
  if (!(std::fabs(lon_) <= 540.0)) refuse("longitude", lon_, "-540..540");
}

int ExplainCommand::run(std::ostream& out) {
  check_position();
  const auto raster = open_policy(open_.request(policy_));
  require_level(*raster, level_);
  const FoundPixel place = find_pixel(*raster, level_, lon_, lat_);
  const PixelExplanation pixel = raster->explain(level_, place.col, place.row);
  const ExplanationReport report{*raster, level_, {lon_, lat_}, place, pixel};
  if (json_)
    print_json(out, report);
  else
    print_text(out, report);
  return kExitOk;
}

}  // namespace

std::unique_ptr<Command> make_explain_command() {
  return std::make_unique<ExplainCommand>();
}

}  // namespace topobathy
