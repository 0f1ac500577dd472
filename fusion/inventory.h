#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fusion/lattice.h"

/// What a policy would read of its sources, found without reading a pixel and without fetching a
/// file. Plain values.
namespace topobathy {

/// A file, or a piece of a service, as the step's list or its archive's catalogue describes it.
struct InventoryItem {
  enum class Access {
    kFile,      ///< on this machine; the step names it
    kStream,    ///< windows of it are read where it lies
    kDownload,  ///< copied whole before it is read
    kService,   ///< a server is asked for the values of it
  };
  std::string id;   ///< unique in its step
  std::string url;  ///< where it lies: as published, or a path; no secrets
  std::string survey_id;
  std::string project;      ///< id of the archive's project; "" = none, as in every text here
  int year = 0;             ///< of the survey, 0 = not stated
  double resolution = 0.0;  ///< metres, 0 = not stated
  std::int64_t size = -1;   ///< bytes, -1 = not stated
  Access access = Access::kFile;
  std::string vertical_datum;  ///< its heights count from; of an asset as far as its archive says
  std::string vertical_basis;  ///< who says so: "policy", "file", "archive", "assumed"
  bool at_hand = false;        ///< it is taken, and reading it needs no network
  std::string excluded;        ///< why the step leaves it out; "" = it is taken
};

/// Of cells on disk.
struct CellCount {
  std::int64_t stored = 0;  ///< whole, and of the sources' present revisions
  std::int64_t partly = 0;  ///< of the present revisions, some blocks of the cell
  std::int64_t total = 0;
};

/// What one layer would read.
struct LayerInventory {
  enum class State {
    kKnown,
    kElsewhere,  ///< its zone lies elsewhere: nobody was asked
    kOffline,    ///< its archive was never asked about this place, and may not be asked now
    kFailed,     ///< the archive could not be asked, or it is known that files cannot be read
  };
  State state = State::kKnown;
  /// Its sources are listed, so that their revisions can be asked too; a failure is of some of
  /// them.
  bool listed = true;
  std::vector<std::string> messages;  ///< of a failure; what could be found is in `items`
  std::vector<InventoryItem> items;   ///< the one that lies on top first
  std::optional<CellCount> cells;     ///< nothing: the layer keeps no cells, or it is not known
};

/// What a layer is asked about.
struct InventoryRequest {
  const Lattice* lattice = nullptr;
  std::vector<CellIndex> cells;  ///< that are to be shown and where the step has a say
  LatticeWindow reach;  ///< around them: pixels the step is looked at for, its halo included
};

/// What a policy would read for some cells.
struct Inventory {
  std::vector<LayerInventory> steps;  ///< bottom-up, one a step
  std::optional<CellCount> cells;     ///< fused ones; nothing without a cache
};

/// So many files of so many bytes.
struct Amount {
  std::size_t files = 0;
  std::int64_t bytes = 0;   ///< of those that state a size
  std::size_t unsized = 0;  ///< that state none
};

struct InventorySums {
  std::size_t taken = 0;     ///< items the steps take
  std::size_t left_out = 0;  ///< by filters
  std::size_t at_hand = 0;   ///< of those taken
  Amount fetch;    ///< downloads that are not at hand, a file that several items lie in once
  Amount windows;  ///< streams: the most that could be read of them
  Amount service;  ///< to be asked of servers
};

InventorySums sums_of(const std::vector<LayerInventory>& steps);

}  // namespace topobathy
