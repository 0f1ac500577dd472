#pragma once

#include <string>
#include <vector>

#include "fusion/policy/policy.h"

namespace topobathy {

/// How a policy spells the values of an enumeration, in the order of its enumerators.
template <class Enum>
const std::vector<std::string>& enum_names();

template <>
inline const std::vector<std::string>& enum_names<Operator>() {
  static const std::vector<std::string> kNames = {"overwrite", "metric_feather", "linear_blend"};
  return kNames;
}
template <>
inline const std::vector<std::string>& enum_names<Resampling>() {
  static const std::vector<std::string> kNames = {"auto", "nearest", "bilinear", "cubic",
                                                  "average"};
  return kNames;
}
template <>
inline const std::vector<std::string>& enum_names<OverviewRule>() {
  static const std::vector<std::string> kNames = {"mean", "shoalest"};
  return kNames;
}
template <>
inline const std::vector<std::string>& enum_names<OnError>() {
  static const std::vector<std::string> kNames = {"fail", "skip"};
  return kNames;
}

template <>
inline const std::vector<std::string>& enum_names<Vertical>() {
  static const std::vector<std::string> kNames = {"shift", "assume"};
  return kNames;
}

template <>
inline const std::vector<std::string>& enum_names<ProjectType>() {
  static const std::vector<std::string> kNames = {"topobathy", "topographic"};
  return kNames;
}

template <class Enum>
const std::string& name_of(Enum value) {
  return enum_names<Enum>()[static_cast<std::size_t>(value)];
}

}  // namespace topobathy
