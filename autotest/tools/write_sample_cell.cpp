// Stores one cell and prints its path: write_sample_cell CACHE_ROOT (geographic | projected) [WKT
// of the CRS] autotest/utilities/test_cell_formats.py opens it with other readers and compares with
// the same formulas.
#include <cstdio>
#include <exception>
#include <string>

#include "cache/cell_store.h"
#include "cpp/cache/sample_cells.h"

int main(int argc, char** argv) {
  using namespace topobathy;
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s CACHE_ROOT (geographic | projected) [WKT]\n", argv[0]);
    return 2;
  }
  try {
    const bool geographic = std::string(argv[2]) == "geographic";
    const CellKey key = geographic ? sample::key(sample::degrees(30))
                                   : sample::key(sample::metres(10), {120, -880});
    const CellStore store(argv[1]);
    store.write(key, sample::terrain(key), argc > 3 ? argv[3] : "");
    std::puts(store.path_of(key).c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
