#include "fusion/source_ids.h"

#include "fusion/sha256.h"

namespace topobathy {
namespace {

constexpr SourceId kFirstStepSource = kBackgroundSource + 1;

auto description(const SourceRecord& r) {
  return std::tie(r.whole_step, r.survey_id, r.institution, r.date_start, r.date_end,
                  r.license_name, r.license_url, r.vertical_datum, r.vertical_basis,
                  r.vertical_shift, r.vertical_accuracy, r.resolution, r.link, r.interpolated);
}

}  // namespace

bool same_description(const SourceRecord& a, const SourceRecord& b) {
  return description(a) == description(b);
}

std::optional<SourceRecord> background_record() {
  SourceRecord record;
  record.provider = "background";
  record.key = "background";
  record.survey_id = "background";
  record.whole_step = true;
  return record;
}

SourceId preferred_source_id(const SourceRecord& record) {
  // A NUL keeps ("ab", "c") and ("a", "bc") apart.
  const std::string digest = sha256_hex(record.provider + std::string(1, '\0') + record.key);
  const auto number = std::stoull(digest.substr(0, 15), nullptr, 16);
  if (record.whole_step)
    return kFirstStepSource +
           static_cast<SourceId>(number % (kFirstKeyedSource - kFirstStepSource));
  return kFirstKeyedSource + static_cast<SourceId>(number % (kSourceIdEnd - kFirstKeyedSource));
}

SourceId next_source_id(SourceId id) noexcept {
  if (id < kFirstKeyedSource) return id + 1 == kFirstKeyedSource ? kFirstStepSource : id + 1;
  return id + 1 == kSourceIdEnd ? kFirstKeyedSource : id + 1;
}

SourceId MemorySourceIds::assign(const SourceRecord& record) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (const auto known = ids_.find(identity(record)); known != ids_.end()) return known->second;
  SourceId id = preferred_source_id(record);
  while (records_.count(id) != 0)
    id = next_source_id(id);
  records_[id] = record;
  ids_[identity(record)] = id;
  return id;
}

void MemorySourceIds::refresh(const SourceRecord& record) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (const auto known = ids_.find(identity(record)); known != ids_.end())
    records_[known->second] = record;
}

std::optional<SourceRecord> MemorySourceIds::find(SourceId id) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = records_.find(id);
  if (found == records_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::pair<SourceId, SourceRecord>> MemorySourceIds::all() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {records_.begin(), records_.end()};
}

}  // namespace topobathy
