#pragma once

#include <memory>
#include <string>

#include "providers/open.h"
#include "utils/hydrate/unit_result.h"

namespace topobathy {

/// What a worker does with the units it is given. Not thread-safe.
class UnitMaker {
 public:
  virtual ~UnitMaker() = default;
  /// The line that the parent expects first.
  virtual std::string greeting() const = 0;
  /// \throws Error(kUsage): the line is no unit of this kind; std::bad_alloc
  virtual UnitResult make(const std::string& line) = 0;
};

/// Makes fused cells. Opens the policy. \throws Error
std::unique_ptr<UnitMaker> make_cell_worker(const OpenRequest& policy);
/// Makes tiles: of the units' address, format and style, for the rest like `common`. \throws Error
std::unique_ptr<UnitMaker> make_tile_worker(const OpenRequest& policy, const TileRequest& common);

}  // namespace topobathy
