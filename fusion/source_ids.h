#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
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
  std::string key;       ///< with the provider, decides the id: the same key on every machine
  /// Where the source is: canonical path or URL. Tells sources of one key apart (two policies that
  /// both write data/a.tif); empty for what is the same source wherever it is found (a published
  /// survey, a whole step, the background).
  std::string location;
  bool whole_step =
      false;  ///< stands for a step without a finer source; takes an id below kFirstKeyedSource
  std::string survey_id;
  std::string institution;
  std::string date_start;  ///< ISO 8601
  std::string date_end;
  std::string license_name;
  std::string license_url;
  std::string vertical_datum;  ///< that the source's own heights count from, as it is stated
  std::string vertical_basis;  ///< who states it: "file", "archive", "policy", "assumed"
  std::string
      vertical_shift;  ///< how its heights came to the policy's vertical CRS; "" = as they are
  double vertical_accuracy = -1.0;  ///< of that shift, metres; negative = not known
  double resolution = 0.0;          ///< metres, 0 = not stated
  std::string link;                 ///< where people find the source
  bool interpolated = false;        ///< marked by its archive as filled in between soundings
};

/// What makes two records the same source.
using SourceIdentity = std::tuple<std::string, std::string, std::string>;
inline auto identity(const SourceRecord& record) noexcept {
  return std::tie(record.provider, record.key, record.location);
}
/// Whether the two state the same of a source (its identity left aside).
bool same_description(const SourceRecord& a, const SourceRecord& b);

/// The row of kBackgroundSource: pixels that only the policy's background fills.
std::optional<SourceRecord> background_record();

/// Gives every source its id and remembers who has which. Thread-safe.
class SourceIds {
 public:
  virtual ~SourceIds() = default;
  /// The id of this source; the same for the same identity, never that of another source. The row
  /// of a source that is known stays as it is: `record` may be second-hand (of a stored cell).
  virtual SourceId assign(const SourceRecord& record) = 0;
  /// Brings the row of a known source to what the source itself states now; its id stays. A source
  /// without an id gets none.
  virtual void refresh(const SourceRecord& record) = 0;
  virtual std::optional<SourceRecord> find(SourceId id) const = 0;
  /// Every id given so far, ascending.
  virtual std::vector<std::pair<SourceId, SourceRecord>> all() const = 0;
};

/// The id a source takes unless another holds it (also one of the same key elsewhere):
/// kFirstKeyedSource + SHA-256(provider, key) mod the room above it (whole steps: 2 + hash mod
/// 65534). Source: design, Bands.
SourceId preferred_source_id(const SourceRecord& record);
/// The id to try when `id` is taken: the next one of the same range, wrapping.
SourceId next_source_id(SourceId id) noexcept;

/// Ids that live as long as the process (CACHE=OFF).
class MemorySourceIds final : public SourceIds {
 public:
  SourceId assign(const SourceRecord& record) override;
  void refresh(const SourceRecord& record) override;
  std::optional<SourceRecord> find(SourceId id) const override;
  std::vector<std::pair<SourceId, SourceRecord>> all() const override;

 private:
  mutable std::mutex mutex_;
  std::map<SourceId, SourceRecord> records_;
  std::map<SourceIdentity, SourceId, std::less<>> ids_;
};

}  // namespace topobathy
