#pragma once

#include <string>

namespace topobathy {

/// Numeric tiles as NumPy writes them. \returns "" or what is wrong
///
/// An .npy file has no checksum: its header must be one, and its size the one that type and shape
/// make. Source: NumPy Enhancement Proposal 1, versions 1.0 to 3.0.
std::string check_npy(const std::string& path);
/// Each member's CRC, and that each is an .npy; `quick`: the directory alone.
std::string check_npz(const std::string& path, bool quick);

}  // namespace topobathy
