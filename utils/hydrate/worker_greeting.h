#pragma once

#include <cstdint>
#include <string>

#include "fusion/fused_raster.h"

/// What a worker and its parent agree about.
namespace topobathy {

/// The hidden sub-command that a worker runs.
constexpr char kWorkerCommand[] = "hydrate-worker";

/// What it makes (--kind).
constexpr char kCellsKind[] = "cells";
constexpr char kTilesKind[] = "tiles";

/// What a worker says first: the policy and the grid that its cells are of.
std::string worker_greeting(const FusedRaster& raster);

/// Why a cell failed that needed more memory than a worker may have.
std::string out_of_memory_reason(std::uint64_t memory);

}  // namespace topobathy
