#include "cache/npy.h"

namespace topobathy {

Bytes npy_file(const std::string& dtype, std::size_t item_size, std::size_t rows,
               std::size_t columns, const void* data) {
  constexpr std::size_t kPreamble = 10, kAlignment = 64;
  std::string header = "{'descr': '" + dtype + "', 'fortran_order': False, 'shape': (" +
                       std::to_string(rows) + ", " + std::to_string(columns) + "), }";
  while ((kPreamble + header.size() + 1) % kAlignment != 0)
    header += ' ';
  header += '\n';
  Bytes file = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  file.push_back(static_cast<unsigned char>(header.size() & 255U));
  file.push_back(static_cast<unsigned char>(header.size() >> 8U));
  file.insert(file.end(), header.begin(), header.end());
  const auto* const items = static_cast<const unsigned char*>(data);
  file.insert(file.end(), items, items + rows * columns * item_size);
  return file;
}

}  // namespace topobathy
