// check_bench CACHE [--cells N] [--edge PIXELS] [--quick] [--threads N]: makes a cache of fused
// cells unless it is there, checks it once, and tells bytes and seconds as JSON.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include "cache/audit/audit.h"
#include "cache/cell_store.h"
#include "cache/source_registry.h"
#include "cpp/cache/sample_cells.h"
#include "fusion/parallel.h"

namespace {

using namespace topobathy;

struct Arguments {
  std::string root;
  std::size_t cells = 3000;
  int edge = 186;  // 30 m
  bool quick = false;
  std::size_t threads = 0;
};

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&] { return i + 1 < argc ? argv[++i] : "0"; };
    if (word == "--cells")
      arguments.cells = static_cast<std::size_t>(std::atoi(value()));
    else if (word == "--edge")
      arguments.edge = std::atoi(value());
    else if (word == "--threads")
      arguments.threads = static_cast<std::size_t>(std::atoi(value()));
    else if (word == "--quick")
      arguments.quick = true;
    else
      arguments.root = word;
  }
  return arguments;
}

/// Gives the cell's sources the ids of the registry.
void number_sources(SourceIds& ids, FusedCell& cell) {
  std::map<SourceId, SourceId> numbers;
  for (auto& [id, record] : cell.sources) {
    const SourceId number = ids.assign(record);
    numbers[id] = number;
    id = number;
  }
  std::sort(cell.sources.begin(), cell.sources.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < cell.source.size(); ++i)
    if (SourceId& id = cell.source.data()[i]; id != kNoSource) id = numbers[id];
}

/// Elevations as surveys have them: their last digits are noise, so that they pack as real ones do.
FusedCell noisy_terrain(const CellKey& key, std::size_t seed) {
  FusedCell cell = sample::terrain(key, static_cast<double>(seed));
  std::uint64_t state = 88172645463325252u + seed;
  for (std::size_t i = 0; i < cell.elevation.size(); ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    cell.elevation.data()[i] += static_cast<float>(state % 1000) * 1e-3f;
  }
  return cell;
}

void make_cells(const Arguments& arguments) {
  const Lattice lattice = sample::degrees(0.05 * 111320 / arguments.edge);
  const CellStore store(arguments.root);
  const auto ids = open_source_registry(arguments.root, false);
  parallel_for(arguments.cells, processor_count(), [&](std::size_t i) {
    const CellKey key = sample::key(lattice, {static_cast<std::int64_t>(i), 0});
    if (std::filesystem::exists(store.path_of(key))) return;
    FusedCell cell = noisy_terrain(key, i);
    number_sources(*ids, cell);
    store.write(key, cell);
  });
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = parse(argc, argv);
  if (arguments.root.empty()) return 2;
  make_cells(arguments);
  AuditSettings settings;
  settings.root = arguments.root;
  settings.quick = arguments.quick;
  settings.threads = arguments.threads;
  const AuditSummary summary =
      audit_cache(settings, [](const AuditFinding&, const AuditOutcome&) {});
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto findings = static_cast<unsigned long long>(summary.damage());
  std::printf(
      "{\"files\": %llu, \"bytes\": %llu, \"seconds\": %.4f, \"peak_kib\": %ld, \"findings\": "
      "%llu}\n",
      static_cast<unsigned long long>(summary.files),
      static_cast<unsigned long long>(summary.bytes), summary.seconds, usage.ru_maxrss, findings);
  return 0;
}
