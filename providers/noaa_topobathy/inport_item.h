#pragma once

#include <string>

namespace topobathy {

/// What NOAA's metadata catalogue (InPort) says of a project. "" and 0 = not stated.
struct InPortItem {
  std::string title;
  std::string vertical_datum;  ///< in its own words
  std::string date_start;      ///< ISO 8601: year, month or day
  std::string date_end;
  double resolution = 0.0;   ///< metres
  std::string institution;   ///< the originator, else the distributor
  bool bathymetric = false;  ///< title, or else abstract, purpose or keywords, speak of what lies
                             ///< under water
};

/// \param number of the item
std::string inport_page(const std::string& number);
std::string inport_xml_url(const std::string& number);

/// \throws Error(kUnreadable) naming `url`: no InPort XML
InPortItem read_inport_xml(const std::string& xml, const std::string& url);

}  // namespace topobathy
