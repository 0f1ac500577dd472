#pragma once

#include <string>

namespace topobathy {

/// What the XML of a BAG states of its survey. Empty text = not stated.
struct BagMetadata {
  std::string crs;             ///< "EPSG:nnnn" where the horizontal CRS is given as a code
  std::string institution;     ///< of the party that the survey is cited by
  std::string date_start;      ///< ISO 8601 day
  std::string date_end;        ///< ISO 8601 day
  std::string vertical_datum;  ///< as the file names it ("MLLW"), or "EPSG:nnnn"
};

/// \param xml the metadata of a BAG: the ISO 19139 form since version 1.5 or the smXML form before;
/// null and damaged text state nothing
BagMetadata read_bag_metadata(const char* xml);

}  // namespace topobathy
