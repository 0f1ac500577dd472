#pragma once

#include "cache/audit/foreign_check.h"

namespace topobathy {

/// Reads a file with the library that its readers use: GDAL, LASzip. See ForeignCheck.
ForeignVerdict check_foreign_file(const std::string& path, ForeignFormat format, bool quick);

/// Every block of every band, its overviews and masks; of a variable-resolution BAG its refinements
/// too. \throws Error(kUnreadable)
void read_raster(const std::string& path, bool quick);
/// Every point of a LAS, LAZ or COPC file, each inside the bounds that the header states (LAZ has
/// no checksums). \throws Error(kUnreadable); Error(kUnsupported) LAZ without LASzip
void read_point_cloud(const std::string& path, bool quick);
/// ept.json, and that the pages of its hierarchy name nodes that are there. \throws Error
void read_ept(const std::string& path, bool quick);
/// Every feature of every layer. \throws Error(kUnreadable)
void read_vector(const std::string& path, bool quick);
/// GDAL's side-car: XML with the root element PAMDataset. \throws Error(kUnreadable)
void read_aux_xml(const std::string& path);

}  // namespace topobathy
