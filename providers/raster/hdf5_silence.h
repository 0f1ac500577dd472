#pragma once

namespace topobathy {

/// Stops the HDF5 library behind GDAL from printing its error stack on stderr, in this thread: a
/// thread-safe build keeps that switch per thread, netCDF probes for attributes that are mostly
/// absent, and each absence would print twenty lines. Errors still reach GDAL by return codes. Does
/// nothing where GDAL has no HDF5.
void silence_hdf5() noexcept;

}  // namespace topobathy
