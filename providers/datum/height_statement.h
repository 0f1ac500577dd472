#pragma once

#include <optional>
#include <string>

#include "fusion/error.h"
#include "providers/archive/asset.h"

namespace topobathy {

/// What a file's CRS (WKT, PROJJSON, a code) says its heights count from: canonical_heights() of
/// its vertical member, or of a three-dimensional CRS its ellipsoid. "" where it has neither, and
/// where the vertical member's name says that nobody filled it in. A vertical CRS that nobody knows
/// is kept by the name of its datum: an error only where heights are to be shifted.
std::string heights_of_crs(const std::string& crs);

/// The same of a text in a file's or archive's metadata: "MLLW", "Mean Sea Level", "Ellipsoid",
/// "//", "unknown".
std::string heights_of_text(const std::string& text);

/// Of the file name of a hydrographic survey, "H12345_MB_1m_MLLW_1of2.bag": what its fields say
/// (MLLW, MLW, MHW, MSL, LWD, IGLD85, CRD, Ellipsoid); "" where none does.
std::string heights_of_name(const std::string& file_name);

/// Whether text may be shifted from: known_heights() of it is not "".
bool are_known_heights(const std::string& heights);

/// What a layer's heights are taken to count from, and who says so.
struct LayerHeights {
  std::string crs;    ///< canonical, or as stated where it is not known; "" = nobody says
  std::string basis;  ///< "policy", "file", "archive", "assumed"; "" with an empty crs
};

/// The step's own vertical_crs before all; then the file's (`file`: heights_of_crs() or
/// heights_of_text(), "" = it says nothing); then the archive's metadata of it; then the provider's
/// documented default, which is assumed. \throws Error(kUsage): the step's is no datum
LayerHeights layer_heights(const std::optional<std::string>& step, const std::string& file,
                           const HeightStatement& archive);

/// Why a file's heights cannot be shifted: it states none, or one that nobody knows.
Error unknown_heights(const std::string& file, const std::string& stated);

}  // namespace topobathy
