#include "utils/serve/analysis_routes.h"

#include "utils/serve/analysis/analysis_handlers.h"
#include "utils/serve/area_schema.h"

namespace topobathy {
namespace {

nlohmann::json analyze_schema() {
  nlohmann::json schema = area_body_schema();
  for (const char* ignored : {"force", "lidar_url", "ept_url", "use_seam_blending", "max_workers"})
    schema["properties"][ignored] = {{"description", "ignored"}};
  return schema;
}

}  // namespace

Routes analysis_routes(Service& service) {
  Route analyze;
  analyze.method = HttpMethod::kPost;
  analyze.pattern = "/analyze";
  analyze.cost = Cost::kHeavy;
  analyze.doc = {"What reading a box would take", nlohmann::json::array(), analyze_schema()};
  analyze.handler = [&service](const ServiceRequest& request) {
    return analyze_box(service, request);
  };
  Route quality;
  quality.pattern = "/quality/report";
  quality.cost = Cost::kHeavy;
  quality.doc = {"Cliffs and steps between sources", area_parameters(), nullptr};
  quality.doc.parameters.push_back(text_parameter("policy", "name; default: the active one"));
  quality.handler = [&service](const ServiceRequest& request) {
    return quality_report(service, request);
  };
  Route alias = quality;
  alias.pattern = "/api/v1/quality/report";
  return {std::move(analyze), std::move(quality), std::move(alias)};
}

}  // namespace topobathy
