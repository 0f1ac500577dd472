#pragma once

#include <string>

#include "utils/serve/checked_query.h"
#include "utils/tiles/tile_request.h"

namespace topobathy {

/// A tile as a request names it.
struct AskedTile {
  TileRequest request;
  std::string policy;  ///< its name, "" = the active one
};

/// The query of a tile and of what belongs to it; `others` follow.
QuerySpecs tile_query_specs(QuerySpecs others = {});

/// Reads z/x/y[.extension] from the request's parts and the rest from its query. \throws
/// HttpError(400), Error(kUsage)
AskedTile asked_tile(const ServiceRequest& request, const CheckedQuery& query);

/// Column and row in a grid of the world. \throws HttpError(400)
TileAddress asked_address(const std::string& z, const std::string& x, const std::string& y);

}  // namespace topobathy
