#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "driver/band_layout.h"
#include "providers/open.h"

namespace topobathy {

/// What a dataset is opened with, after all options are read.
struct OpenSettings {
  OpenRequest request;
  BandLayout layout;
  bool vertical_crs_in_srs = true;  ///< false: the dataset's CRS is the horizontal one alone
};

/// The declaration of one open option: the XML list GDAL shows, the parser and docs/driver.md all
/// follow it.
struct OptionSpec {
  const char* name;
  const char* type;           ///< of GDAL's OpenOptionList
  std::string default_value;  ///< "" = none
  std::optional<double> min;
  std::optional<double> max;
  std::vector<std::string> choices;  ///< of a string-select
  const char* help;
  /// Takes a value that fits type, range and choices (choices in the spelling above). \throws
  /// Error(kUsage)
  void (*apply)(OpenSettings& settings, const std::string& value);
};

const std::vector<OptionSpec>& option_specs();

/// GDAL_DMD_OPENOPTIONLIST.
std::string open_option_list_xml();

/// Options as written, in order.
using NamedValues = std::vector<std::pair<std::string, std::string>>;

/// Reads and checks the options (names and choices in any case) and what they mean together.
/// \throws Error(kUsage) with the nearest valid name, the range or the choices
OpenSettings read_settings(const NamedValues& options);

}  // namespace topobathy
