#include "providers/noaa_topobathy/project_rank.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "providers/noaa_topobathy/named_datum.h"
#include "providers/noaa_topobathy/project_facts.h"

namespace topobathy {
namespace {

constexpr std::uint64_t kPlaceBits = 10, kYearBits = 14, kDatumBits = 2, kNumberBits = 26;

std::uint64_t limited(std::uint64_t value, std::uint64_t bits) noexcept {
  return std::min(value, (std::uint64_t{1} << bits) - 1);
}

/// 0 where the list does not name the project.
std::uint64_t place_in_list(const Filter& filter, const std::string& project) {
  const auto& ids = filter.project_ids;
  const auto found = std::find(ids.begin(), ids.end(), project);
  return static_cast<std::uint64_t>(ids.end() - found);
}

std::uint64_t number_of(const std::string& project) {
  const bool digits = !project.empty() && project.size() < 10 &&
                      project.find_first_not_of("0123456789") == std::string::npos;
  return digits ? std::strtoull(project.c_str(), nullptr, 10) : 0;
}

}  // namespace

double project_rank(const Filter& filter, const Asset& project) {
  std::uint64_t rank = limited(place_in_list(filter, project.project), kPlaceBits);
  rank = rank << 1 | (named_topobathy(project.record.survey_id) ? 1U : 0U);
  rank =
      rank << kYearBits | limited(static_cast<std::uint64_t>(std::max(project.year, 0)), kYearBits);
  rank =
      rank << kDatumBits | static_cast<std::uint64_t>(datum_score(project.record.vertical_datum));
  rank = rank << kNumberBits | limited(number_of(project.project), kNumberBits);
  return static_cast<double>(rank);
}

}  // namespace topobathy
