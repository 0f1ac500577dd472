#pragma once

#include <cstring>

#include "fusion/fused_cell.h"

namespace topobathy {

template <class T>
bool same_bits(const Plane<T>& a, const Plane<T>& b) {
  return a.width() == b.width() && a.height() == b.height() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

inline bool same_record(const SourceRecord& a, const SourceRecord& b) {
  return a.provider == b.provider && a.key == b.key && a.location == b.location &&
         a.whole_step == b.whole_step && a.survey_id == b.survey_id &&
         a.institution == b.institution && a.date_start == b.date_start &&
         a.date_end == b.date_end && a.license_name == b.license_name &&
         a.license_url == b.license_url && a.vertical_datum == b.vertical_datum;
}

/// Bit for bit, NaN payloads included, tables included.
inline bool same_cell(const FusedCell& a, const FusedCell& b) {
  bool same = a.window == b.window && same_bits(a.elevation, b.elevation) &&
              same_bits(a.uncertainty, b.uncertainty) && same_bits(a.source, b.source) &&
              a.revisions == b.revisions && a.sources.size() == b.sources.size() &&
              a.outcomes.size() == b.outcomes.size();
  for (std::size_t i = 0; same && i < a.sources.size(); ++i)
    same = a.sources[i].first == b.sources[i].first &&
           same_record(a.sources[i].second, b.sources[i].second);
  for (std::size_t i = 0; same && i < a.outcomes.size(); ++i)
    same = a.outcomes[i].step == b.outcomes[i].step &&
           a.outcomes[i].status == b.outcomes[i].status &&
           a.outcomes[i].pixels == b.outcomes[i].pixels &&
           a.outcomes[i].message == b.outcomes[i].message;
  return same;
}

}  // namespace topobathy
