#pragma once

#include <memory>
#include <string>
#include <vector>

#include "providers/archive/archive_context.h"
#include "providers/archive/asset.h"

namespace topobathy {

/// Where the tiles of one product of an elevation model are listed and kept. Thread-safe; touches
/// nothing before it is asked.
class DemSource {
 public:
  virtual ~DemSource() = default;
  /// The tiles that touch the box, in any order, each id once; the revision may still be "".
  /// \throws Error
  virtual std::vector<Asset> list(const LonLatBox& box) = 0;
  /// Fills in revision and size where the list does not state them. \throws Error: the tile cannot
  /// be asked for, or the archive has lost it
  virtual void state_revision(Asset& asset) = 0;
  /// Before GDAL opens the asset. \throws Error
  virtual void make_ready(const Asset& /*asset*/) {}
};

}  // namespace topobathy
