#include "providers/datum/shift_options.h"
#include "providers/http/endpoints.h"

namespace topobathy {

ShiftOptions shift_options(bool offline, const Endpoints& endpoints) {
  ShiftOptions options = shift_options(offline);
  if (options.proj.network.empty()) return options;
  options.proj.network = endpoints.resolve(options.proj.network);
  while (!options.proj.network.empty() && options.proj.network.back() == '/')
    options.proj.network.pop_back();
  return options;
}

}  // namespace topobathy
