#pragma once

#include <string>
#include <vector>

namespace topobathy {

/// The product takes of a statement about heights its datum only: BAGs say "MLLW depth" and hold
/// heights. So each datum has one text here, whatever axis, unit and spelling it was stated with:
/// "EPSG:5703" for "NAVD88", "NAVD88 height (ftUS)", EPSG:6357 and their WKT alike; an
/// "AUTHORITY:CODE" of PROJ's for other vertical CRSs; that of the geographic 3D CRS for
/// ellipsoidal heights; and a bare name for what has no code anywhere ("MTL", "DTL", "LWD", "CRD";
/// "ellipsoid" where no frame is stated). Heights above an ellipsoid of NAD83 without a realisation
/// are taken for those of NAD83(2011) ("EPSG:6319"), which older ones meet within some centimetres.
///
/// "" where `stated` is no datum that PROJ or this list knows. CRSs may be codes, WKT or PROJJSON;
/// of a compound CRS the vertical member counts; one without heights is "".
std::string known_heights(const std::string& stated);

/// The same. \throws Error(kUsage) naming the nearest known name
std::string canonical_heights(const std::string& stated);

/// "ellipsoid" as the heights above the ellipsoid of a horizontal CRS ("EPSG:6319" for an NAD83 /
/// UTM zone); other heights as they are. \throws Error(kUsage) where `crs` is no CRS of a place
std::string in_frame_of(const std::string& canonical, const std::string& crs);

/// What the raster's CRS says of heights above this datum, for crs_wkt(): CRSs stay as they are, a
/// name becomes its code, "ellipsoid" the one of `crs`. "" stays "". \throws Error(kUsage): a name
/// that nobody knows, or that has no code
std::string heights_crs(const std::string& stated, const std::string& crs);

/// A name for people: "MLLW" of "EPSG:5866"; the text itself where there is none.
std::string heights_name(const std::string& canonical);

/// The short names that are understood, for messages and documents.
std::vector<std::string> height_names();

}  // namespace topobathy
