#pragma once

#include <mutex>
#include <string>
#include <vector>

namespace topobathy {

/// Names of the registered raster drivers a source may be opened with: all but those whose files
/// name other files, commands or servers, so that a data file cannot make us read elsewhere. VRT
/// only where the policy's owner allows it.
std::vector<std::string> allowed_raster_drivers(bool allow_vrt);

/// Why a driver is refused, as the end of a sentence ("because ..."); empty if it is allowed.
std::string refusal_reason(const std::string& driver, bool allow_vrt);

/// Why a path is refused whatever it holds (a VSI prefix that names other files or options); empty
/// if it is allowed.
std::string path_refusal_reason(const std::string& path);

/// The driver that would have to read the file although it is refused; empty if there is none.
/// Looks at the file's header only.
std::string refused_driver_of(const std::string& path, bool allow_vrt);

/// True if the file would be read by a driver whose library is not thread-safe (HDF5 and what
/// stands on it, HDF4). Looks at the file's header only.
bool needs_serialised_driver(const std::string& path);

/// Held around every GDAL call on a dataset of a serialised driver, by the one mutex of the
/// process; does nothing for the others.
std::unique_lock<std::recursive_mutex> serialise(bool serialised);

}  // namespace topobathy
