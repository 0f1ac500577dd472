#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>

namespace topobathy::test {

/// A window of a GEBCO grid as a DAP2 server sends it.
struct DapAnswer {
  std::string variable = "elevation";
  std::string type = "Int16";  ///< or Byte
  std::uint64_t row = 0;
  std::uint64_t col = 0;
  std::uint64_t rows = 240;
  std::uint64_t cols = 240;
  std::function<int(std::uint64_t row, std::uint64_t col)> value;

  std::string structure() const {
    const std::string lat = "[lat = " + std::to_string(rows) + "]";
    const std::string lon = "[lon = " + std::to_string(cols) + "]";
    return "Dataset {\n    Grid {\n     ARRAY:\n        " + type + " " + variable + lat + lon +
           ";\n     MAPS:\n        Float64 lat" + lat + ";\n        Float64 lon" + lon +
           ";\n    } " + variable + ";\n} bodc/gebco/global/gebco_2025/x.nc;\n";
  }

  std::string body() const {
    std::string bytes = structure() + "\nData:\n";
    put_count(bytes, rows * cols);
    for (std::uint64_t r = row; r < row + rows; ++r)
      for (std::uint64_t c = col; c < col + cols; ++c)
        if (type == "Byte")
          bytes += static_cast<char>(value(r, c));
        else
          put(bytes, static_cast<std::uint32_t>(value(r, c)), 4);
    if (type == "Byte") bytes.append((4 - rows * cols % 4) % 4, '\0');
    put_map(bytes, -90.0, row, rows);
    put_map(bytes, -180.0, col, cols);
    return bytes;
  }

  static void put(std::string& bytes, std::uint64_t value, int size) {
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
      bytes += static_cast<char>(value >> shift & 0xff);
  }
  static void put_count(std::string& bytes, std::uint64_t count) {
    put(bytes, count, 4);
    put(bytes, count, 4);
  }
  static void put_map(std::string& bytes, double origin, std::uint64_t first, std::uint64_t count) {
    put_count(bytes, count);
    for (std::uint64_t i = first; i < first + count; ++i) {
      const double degrees = origin + (static_cast<double>(i) + 0.5) / 240.0;
      std::uint64_t bits = 0;
      std::memcpy(&bits, &degrees, sizeof bits);
      put(bytes, bits, 8);
    }
  }
};

}  // namespace topobathy::test
