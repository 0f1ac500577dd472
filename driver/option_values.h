#pragma once

#include <string>
#include <vector>

#include "driver/open_options.h"

/// Readers of the values that have a form of their own. All throw Error(kUsage) naming the option,
/// the value and the right form.
namespace topobathy {

/// A finite number in C spelling; nothing may follow it.
double read_number(const std::string& option, const std::string& value);
/// YES/NO, TRUE/FALSE, ON/OFF, 1/0. Stricter than CPLTestBool, which takes any unknown word as
/// true.
bool read_boolean(const std::string& option, const std::string& value);
/// west,south,east,north; west > east crosses the antimeridian.
LonLatBox read_box(const std::string& option, const std::string& value);
/// Band names, each at most once.
std::vector<BandKind> read_bands(const std::string& option, const std::string& value);
/// A number that Float32 holds exactly, or nan.
float read_nodata(const std::string& option, const std::string& value);
/// ALL_CPUS (0) or a count.
int read_threads(const std::string& option, const std::string& value);

}  // namespace topobathy
