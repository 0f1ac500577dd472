#include "utils/serve/parameters/asked_policy.h"

#include "utils/serve/http_error.h"
#include "utils/serve/policy/fusing_reach.h"

namespace topobathy {
namespace {

[[noreturn]] void refuse_to_open(const OpenRequest& request, const Error& error) {
  if (error.code() == ErrorCode::kUsage) throw HttpError(400, error.message());
  // The place of a client's own text is the client's to know; other messages may have paths.
  if (error.code() == ErrorCode::kPolicy && request.policy_path.empty())
    throw HttpError(400, error.what());
  throw HttpError(500,
                  "the policy cannot be opened; the server's owner finds the reason with "
                  "'topobathy validate'");
}

/// Metres of a pixel, north to south: eastward those of a degree lattice shrink to nothing at the
/// poles, where the engine bounds what it reads.
double finest_pixel(const FusedRaster& raster) {
  const LatticeWindow& extent = raster.extent();
  return raster.lattice().smallest_ground_pixel(extent.row, extent.bottom()).height;
}

}  // namespace

OpenRequest asked_policy(const Parameters& parameters, Service& service) {
  const auto name = parameters.text("policy");
  const auto yaml = parameters.text("policy_yaml");
  if (name && yaml)
    parameters.refuse("\"policy\" and \"policy_yaml\" exclude each other; keep one");
  return yaml ? service.policy_of_text(*yaml)->request()
              : service.policy(name.value_or(""))->request();
}

std::shared_ptr<FusedRaster> open_asked(const OpenRequest& request) {
  std::shared_ptr<FusedRaster> raster;
  try {
    raster = open_policy(request);
  } catch (const Error& error) {
    refuse_to_open(request, error);
  }
  if (const std::string why = why_too_far(raster->policy(), finest_pixel(*raster)); !why.empty())
    throw HttpError(422, why);
  return raster;
}

}  // namespace topobathy
