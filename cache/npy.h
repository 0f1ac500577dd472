#pragma once

#include <string>

#include "cache/bytes.h"

namespace topobathy {

/// A NumPy .npy file (format 1.0) of rows x columns items in C order; `dtype` like "<f4". \pre data
/// has rows * columns items. Source: numpy.lib.format
Bytes npy_file(const std::string& dtype, std::size_t item_size, std::size_t rows,
               std::size_t columns, const void* data);

}  // namespace topobathy
