#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace topobathy {

/// Number of a survey, tile or file in the Contributor band. Exact in Float32.
using SourceId = std::uint32_t;

constexpr SourceId kNoSource = 0;
constexpr SourceId kBackgroundSource = 1;
constexpr SourceId kFirstKeyedSource = 65536;  ///< below: background and whole steps
constexpr SourceId kSourceIdEnd = 1u << 24;

/// One row of the attribute table. Empty text = not stated by the source (nothing is guessed).
struct SourceRecord {
  std::string provider;  ///< canonical provider name
  std::string
      key;  ///< with the provider, the identity of the source: same key, same id, on every machine
  bool whole_step =
      false;  ///< stands for a step without a finer source; takes an id below kFirstKeyedSource
  std::string survey_id;
  std::string institution;
  std::string date_start;  ///< ISO 8601
  std::string date_end;
  std::string license_name;
  std::string license_url;
  std::string vertical_datum;
};

/// The row of kBackgroundSource: pixels that only the policy's background fills.
std::optional<SourceRecord> background_record();

/// Gives every source its id and remembers who has which. Thread-safe.
class SourceIds {
 public:
  virtual ~SourceIds() = default;
  /// The id of this source; the same for the same (provider, key), never that of another source.
  virtual SourceId assign(const SourceRecord& record) = 0;
  virtual std::optional<SourceRecord> find(SourceId id) const = 0;
  /// Every id given so far, ascending.
  virtual std::vector<std::pair<SourceId, SourceRecord>> all() const = 0;
};

/// The id a source takes unless another holds it: kFirstKeyedSource + SHA-256(provider, key) mod
/// the room above it (whole steps: 2 + hash mod 65534). Source: design, Bands.
SourceId preferred_source_id(const SourceRecord& record);
/// The id to try when `id` is taken: the next one of the same range, wrapping.
SourceId next_source_id(SourceId id) noexcept;

/// Ids that live as long as the process (CACHE=OFF).
class MemorySourceIds final : public SourceIds {
 public:
  SourceId assign(const SourceRecord& record) override;
  std::optional<SourceRecord> find(SourceId id) const override;
  std::vector<std::pair<SourceId, SourceRecord>> all() const override;

 private:
  mutable std::mutex mutex_;
  std::map<SourceId, SourceRecord> records_;
  std::map<std::pair<std::string, std::string>, SourceId> ids_;
};

}  // namespace topobathy
