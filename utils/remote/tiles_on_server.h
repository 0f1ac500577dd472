#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "utils/hydrate/hydration_progress.h"
#include "utils/hydrate/tile_arguments.h"
#include "utils/remote/server_arguments.h"

namespace topobathy {

struct TileFetching {
  std::size_t parallel = 4;  ///< requests at once
  std::optional<std::int64_t> max_failures;
  ProgressKind progress = ProgressKind::kNone;
};

/// Asks a server for each tile of the plan, so that it draws and keeps them. Its answers are
/// counted and thrown away. What may pass is tried again; a server that has gone ends it.
/// \returns the exit status: 0 all there, 1 some failed, 130 stopped  \throws Error
int tiles_on_server(const ServerArguments& server, const TileArguments& arguments,
                    const TileFetching& how, std::ostream& out);

/// "/tiles/13/2486/3002.png?style=hillshade"
std::string tile_path(const TileRequest& request);

}  // namespace topobathy
