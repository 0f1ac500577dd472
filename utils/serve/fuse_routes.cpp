#include "utils/serve/fuse_routes.h"

#include "utils/serve/area_schema.h"
#include "utils/serve/fuse/area_answers.h"

namespace topobathy {
namespace {

using nlohmann::json;

json fuse_schema() {
  json schema = area_body_schema();
  json& properties = schema["properties"];
  properties["bands"] = {{"type", "array"}, {"items", {{"type", "string"}}}};
  properties["format"] = {{"type", "string"}, {"default", "zarr"}};
  return schema;
}

json fuse_parameters() {
  json parameters = area_parameters();
  parameters.push_back(text_parameter("bands", "Elevation, Uncertainty, Contributor: a list"));
  parameters.push_back(text_parameter("format", "geotiff (tiff, tif), zarr (zip) or rat"));
  parameters.push_back(text_parameter("policy", "name of a policy; default: the active one"));
  return parameters;
}

}  // namespace

Routes fuse_routes(Service& service) {
  const auto answers = std::make_shared<AreaAnswers>(service.settings().limits);
  Route get;
  get.pattern = "/fuse";
  get.cost = Cost::kHeavy;
  get.doc = {"An area as GeoTIFF or Zarr", fuse_parameters(), nullptr};
  get.handler = [&service, answers](const ServiceRequest& request) {
    return answers->answer(fuse_request_of_query(service, request), request.gone);
  };
  Route post = get;
  post.method = HttpMethod::kPost;
  post.doc = {"An area of a policy that comes with the request", json::array(), fuse_schema()};
  post.handler = [&service, answers](const ServiceRequest& request) {
    return answers->answer(fuse_request_of_body(service, request), request.gone);
  };
  return {std::move(get), std::move(post)};
}

}  // namespace topobathy
