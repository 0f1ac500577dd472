#include "utils/serve/freshness.h"
#include "utils/serve/tiles/handlers.h"
#include "utils/serve/tiles/tile_query.h"

namespace topobathy {
namespace {

ServiceAnswer tile_answer(const TilePointer& tile, TileFormat format) {
  ServiceAnswer answer;
  add_freshness(answer, tile->left_out);
  if (tile->empty) {
    answer.status = 204;
    answer.type.clear();
    return answer;
  }
  answer.type = media_type(format);
  answer.body = std::shared_ptr<const Bytes>(tile, &tile->content);
  answer.headers.emplace_back("ETag", '"' + tile->etag + '"');
  return answer;
}

}  // namespace

const QuerySpecs& tile_specs() {
  static const QuerySpecs specs = tile_query_specs();
  return specs;
}

ServiceAnswer serve_tile(Service& service, const ServiceRequest& request) {
  const AskedTile asked = asked_tile(request, {request, tile_specs()});
  const auto policy = service.policy(asked.policy);
  return tile_answer(policy->tiles().get(asked.request), asked.request.format);
}

std::optional<ServiceAnswer> serve_stored_tile(Service& service, const ServiceRequest& request) {
  const AskedTile asked = asked_tile(request, {request, tile_specs()});
  const auto policy = service.policy(asked.policy);
  const TilePointer tile = policy->tiles().find(asked.request);
  if (!tile) return std::nullopt;
  return tile_answer(tile, asked.request.format);
}

}  // namespace topobathy
