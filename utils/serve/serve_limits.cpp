#include "utils/serve/serve_limits.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "fusion/error.h"
#include "fusion/policy/nearest.h"

namespace topobathy {
namespace {

using Limits = ServiceLimits;

const LimitSpec& limit_named(const std::string& name) {
  std::vector<std::string> names;
  for (const LimitSpec& spec : limit_specs()) {
    if (name == spec.name) return spec;
    names.emplace_back(spec.name);
  }
  const std::string nearest = nearest_name(name, names);
  throw Error(ErrorCode::kUsage, "--limit " + name + ": no such limit; " +
                                     (nearest.empty() ? "topobathy serve --print-config lists them"
                                                      : "did you mean " + nearest + "?"));
}

}  // namespace

const std::vector<LimitSpec>& limit_specs() {
  static const std::vector<LimitSpec> specs = {
      {"body_bytes", &Limits::body_bytes, 1024, 1U << 30},
      {"fuse_pixels", &Limits::fuse_pixels, 1, 100'000'000'000},
      {"analyze_degrees2", &Limits::analyze_degrees2, 1, 64'800},
      {"cells_per_job", &Limits::cells_per_job, 1, 1'000'000'000},
      {"jobs", &Limits::jobs, 0, 1000},
      {"workers_per_job", &Limits::workers_per_job, 1, 256},
      {"heavy_at_once", &Limits::heavy_at_once, 1, 256},
      {"heavy_waiting", &Limits::heavy_waiting, 0, 100'000},
      {"heavy_wait_seconds", &Limits::heavy_wait_seconds, 1, 3600},
      {"profile_points", &Limits::profile_points, 2, 1'000'000},
      {"connections", &Limits::connections, 1, 100'000},
      {"coverage_tiles", &Limits::coverage_tiles, 1, 1'000'000}};
  return specs;
}

std::uint64_t limit_value(const ServiceLimits& limits, const LimitSpec& spec) {
  return std::visit([&](auto member) { return static_cast<std::uint64_t>(limits.*member); },
                    spec.member);
}

void set_limit(ServiceLimits& limits, const std::string& setting) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string::npos)
    throw Error(ErrorCode::kUsage, "--limit " + setting + ": write NAME=NUMBER");
  const LimitSpec& spec = limit_named(setting.substr(0, equals));
  const std::string text = setting.substr(equals + 1);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < spec.min ||
      value > spec.max)
    throw Error(ErrorCode::kUsage, "--limit " + setting + ": give a whole number from " +
                                       std::to_string(spec.min) + " to " +
                                       std::to_string(spec.max));
  std::visit(
      [&](auto member) {
        limits.*member = static_cast<std::decay_t<decltype(limits.*member)>>(value);
      },
      spec.member);
}

}  // namespace topobathy
