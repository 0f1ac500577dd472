#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cache/audit/audit.h"
#include "cache/cell_store.h"
#include "cache/source_registry.h"
#include "sample_cells.h"
#include "test_directory.h"

namespace topobathy::testing_support {

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void write_file(const std::string& path, const std::string& content) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

/// As if it had been written so many seconds ago.
inline void make_old(const std::string& path, int seconds = 7200) {
  const timespec then{std::time(nullptr) - seconds, 0};
  const timespec times[2] = {then, then};
  ::utimensat(AT_FDCWD, path.c_str(), times, 0);
}

inline void flip_byte(const std::string& path, std::size_t at) {
  std::string content = content_of(path);
  content.at(at) = static_cast<char>(content[at] ^ 0x10);
  write_file(path, content);
}

/// Cuts a file to a part of its length.
inline void cut(const std::string& path, double part) {
  const auto size = static_cast<double>(std::filesystem::file_size(path));
  std::filesystem::resize_file(path, static_cast<std::uintmax_t>(size * part));
}

/// A cache of its own with some sound cells.
class AuditTest : public ::testing::Test {
 protected:
  AuditTest() { settings_.root = directory_.path() + "/cache"; }

  std::string path(const std::string& relative) const { return settings_.root + "/" + relative; }

  /// Writes a sound cell whose sources are registered. \returns its path
  std::string add_cell(std::int64_t column, const std::string& provider = "") {
    CellKey key = sample::key(sample::degrees(86), {column, -818});
    key.policy_hash = "01234567" + std::string(56, 'a');
    key.provider = provider;
    FusedCell cell = sample::terrain(key);
    cell.sources.clear();
    const auto ids = open_source_registry(settings_.root, false);
    std::map<SourceId, SourceId> numbers;
    for (const SourceId old : {70000u, 80000u, 90000u}) {
      const SourceRecord record = sample::record("survey" + std::to_string(old));
      numbers[old] = ids->assign(record);
      cell.sources.emplace_back(numbers[old], record);
    }
    std::sort(cell.sources.begin(), cell.sources.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < cell.source.size(); ++i)
      if (SourceId& id = cell.source.data()[i]; id != kNoSource) id = numbers[id];
    const CellStore store(settings_.root);
    store.write(key, cell);
    return store.path_of(key);
  }

  /// Kinds and paths of what is found.
  using Found = std::vector<std::pair<AuditKind, std::string>>;
  Found audit() {
    Found found;
    whats_.clear();
    outcomes_.clear();
    summary_ =
        audit_cache(settings_, [&](const AuditFinding& finding, const AuditOutcome& outcome) {
          found.emplace_back(finding.kind, finding.path);
          whats_[finding.path] = finding.what;
          outcomes_.push_back(outcome.state);
        });
    std::sort(found.begin(), found.end());
    return found;
  }
  Found clean() {
    settings_.clean = true;
    Found found = audit();
    settings_.clean = false;
    return found;
  }
  std::string relative(const std::string& full) const {
    return full.substr(settings_.root.size() + 1);
  }

  TestDirectory directory_;
  AuditSettings settings_;
  AuditSummary summary_;
  std::map<std::string, std::string> whats_;
  std::vector<AuditOutcome::State> outcomes_;
};

}  // namespace topobathy::testing_support
