#pragma once

#include <sstream>
#include <string>
#include <vector>

namespace topobathy::dem_tests {

/// A source of a mosaic: name as written, place in pixels.
struct VrtSource {
  std::string name;
  double col = 0.0;
  double row = 0.0;
  double width = 0.0;
  double height = 0.0;
  bool relative = false;
};

/// A mosaic of 1 arc-second whose corner is 75 W 42 N, as gdalbuildvrt writes it.
inline std::string vrt_answer(const std::vector<VrtSource>& sources) {
  std::ostringstream xml;
  xml << "<VRTDataset rasterXSize=\"972000\" rasterYSize=\"252000\"><SRS>EPSG:4269</SRS>\n"
      << "<GeoTransform> -7.5e+01, 2.7777777777777778e-04, 0.0, 4.2e+01, 0.0, "
      << "-2.7777777777777778e-04</GeoTransform>\n"
      << "<VRTRasterBand dataType=\"Float32\" band=\"1\"><NoDataValue>-999999</NoDataValue>\n";
  for (const VrtSource& source : sources)
    xml << "<ComplexSource><SourceFilename relativeToVRT=\"" << source.relative << "\">"
        << source.name << "</SourceFilename><SourceBand>1</SourceBand>"
        << "<SrcRect xOff=\"0\" yOff=\"0\" xSize=\"" << source.width << "\" ySize=\""
        << source.height << "\"/><DstRect xOff=\"" << source.col << "\" yOff=\"" << source.row
        << "\" xSize=\"" << source.width << "\" ySize=\"" << source.height << "\"/>"
        << "<NODATA>-999999</NODATA></ComplexSource>\n";
  xml << "</VRTRasterBand></VRTDataset>";
  return xml.str();
}

}  // namespace topobathy::dem_tests
