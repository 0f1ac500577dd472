#pragma once

#include <nlohmann/json.hpp>

/// Parts of /openapi.json that routes of areas share.
namespace topobathy {

nlohmann::json text_parameter(const char* name, const char* what);
nlohmann::json number_parameter(const char* name, const char* what);
/// bbox or its edges, resolution, zoom, crs.
nlohmann::json area_parameters();
/// The same as keys of a body, with `policy` and `policy_yaml`.
nlohmann::json area_body_schema();

}  // namespace topobathy
