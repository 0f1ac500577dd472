#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace topobathy::dem_tests {

/// An item as the Planetary Computer writes them.
inline nlohmann::json stac_item(const std::string& id, const std::vector<double>& bbox,
                                const std::string& href, double gsd = 30.0) {
  return {{"type", "Feature"},
          {"id", id},
          {"collection", "c"},
          {"bbox", bbox},
          {"properties", {{"gsd", gsd}, {"datetime", "2022-01-01T00:00:00Z"}}},
          {"assets", {{"data", {{"href", href}}}}}};
}

inline std::string stac_page(const std::vector<nlohmann::json>& features,
                             const nlohmann::json& next = nullptr) {
  nlohmann::json page{{"type", "FeatureCollection"},
                      {"features", features},
                      {"links", nlohmann::json::array({{{"rel", "root"}, {"href", "x"}}})}};
  if (!next.is_null()) page["links"].push_back(next);
  return page.dump();
}

/// What the search for a square is asked as.
inline std::string stac_search(const std::string& collection, const std::string& bbox) {
  return "https://planetarycomputer.microsoft.com/api/stac/v1/search?collections=" + collection +
         "&bbox=" + bbox + "&limit=250";
}

inline std::string sas_answer(const std::string& signature,
                              const std::string& expiry = "2030-01-01T01:00:00Z") {
  return R"({"msft:expiry":")" + expiry + R"(","token":"st=2030&sp=rl&sig=)" + signature + R"("})";
}

}  // namespace topobathy::dem_tests
