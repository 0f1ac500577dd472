#pragma once

#include <string>

namespace topobathy {

/// Metres in "4m", "0.5m" or "50cm", as NOAA writes them in names and indexes; 0 for what says
/// none.
double resolution_of(const std::string& text);

}  // namespace topobathy
