#pragma once

#include <memory>

#include "providers/archive/archive.h"

namespace topobathy {

/// NASADEM: the Shuttle radar mission of February 2000, reprocessed; WGS 84, EGM96 heights, 1
/// arc-second, 60 N to 56 S. Products `stac` (Planetary Computer) and `vrt` (OpenTopography's
/// mirror); the original needs a login.
std::unique_ptr<Archive> make_nasadem(const ArchiveSetup& setup);

}  // namespace topobathy
