#pragma once

#include <vector>

#include "fusion/error.h"
#include "providers/open.h"

/// open_policy() of this test program: notes the request and gives a fake raster.
namespace topobathy::testing_support {

std::vector<OpenRequest>& opened_requests();
void refuse_next_open(const Error& error);

}  // namespace topobathy::testing_support
