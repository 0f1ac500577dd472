#include "fake_open.h"

#include <optional>

#include "fake_raster.h"

namespace topobathy {
namespace testing_support {
namespace {

std::optional<Error>& next_refusal() {
  static std::optional<Error> error;
  return error;
}

}  // namespace

std::vector<OpenRequest>& opened_requests() {
  static std::vector<OpenRequest> requests;
  return requests;
}

void refuse_next_open(const Error& error) {
  next_refusal() = error;
}

}  // namespace testing_support

// Stands in for the one of providers/open.cpp: the linker takes a definition of the program before
// one of a library.
std::shared_ptr<FusedRaster> open_policy(const OpenRequest& request) {
  testing_support::opened_requests().push_back(request);
  auto& refusal = testing_support::next_refusal();
  if (refusal) {
    const Error error = *refusal;
    refusal.reset();
    throw error;
  }
  return std::make_shared<testing_support::FakeFusedRaster>();
}

}  // namespace topobathy
