// Times one cell: time_cell_store [pixels along the edge, default 500] [rounds, default 200]
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <vector>

#include "cache/cell_codec.h"
#include "cache/cell_store.h"
#include "cpp/cache/sample_cells.h"
#include "fusion/sha256.h"

namespace {

double median_ms(int rounds, const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
            .count());
  }
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return times[static_cast<std::size_t>(rounds / 2)];
}

}  // namespace

int main(int argc, char** argv) {
  using namespace topobathy;
  const int edge = argc > 1 ? std::atoi(argv[1]) : 500;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 200;
  const CellKey key = sample::key(sample::degrees(0.05 * 111320 / edge));
  const FusedCell cell = sample::terrain(key);
  const auto directory =
      std::filesystem::temp_directory_path() / ("time_cell_store." + std::to_string(::getpid()));
  const CellStore store(directory.string());
  store.write(key, cell);
  const Bytes file = encode_cell(key, cell, "", "");
  std::printf("cell %d x %d, file %zu bytes of %zu raw\n", key.lattice.cell_size(),
              key.lattice.cell_size(), file.size(), cell.elevation.size() * 12);
  const auto report = [&](const char* what, const std::function<void()>& work) {
    std::printf("%-28s %7.3f ms\n", what, median_ms(rounds, work));
  };
  report("encode", [&] { (void)encode_cell(key, cell, "", ""); });
  report("write with fsync", [&] { store.write(key, cell); });
  report("read file, verify, decode", [&] {
    if (!store.read(key)) std::abort();
  });
  report("the same, elevation alone", [&] {
    if (!store.read(key, {true, false, false})) std::abort();
  });
  report("decode from memory", [&] {
    if (!decode_cell(file, key)) std::abort();
  });
  report("of it SHA-256", [&] { (void)sha256_hex(file.data(), file.size()); });
  std::filesystem::remove_all(directory);
}
