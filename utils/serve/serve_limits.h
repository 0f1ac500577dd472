#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "utils/serve/settings.h"

namespace topobathy {

/// The declaration of one limit: --limit, --print-config and docs/service/core.md follow it.
struct LimitSpec {
  const char* name;
  std::variant<int ServiceLimits::*, std::uint64_t ServiceLimits::*> member;
  std::uint64_t min, max;
};

const std::vector<LimitSpec>& limit_specs();
std::uint64_t limit_value(const ServiceLimits& limits, const LimitSpec& spec);
/// \param setting "name=number"  \throws Error(kUsage) with the nearest valid name, or the range
void set_limit(ServiceLimits& limits, const std::string& setting);

}  // namespace topobathy
