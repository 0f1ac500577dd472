#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "fusion/error.h"
#include "fusion/layer_source.h"

namespace topobathy::testing_support {

/// A layer of one value that counts what it is asked, and whose source changes when it is told to.
class ToldLayer final : public LayerSource {
 public:
  explicit ToldLayer(float value) : value_(value) {}

  /// The source is another from now on; seen by those who look.
  void change(float value) {
    value_ = value;
    ++version_;
    changed_ = true;
  }
  void cover_west_of(std::int64_t col) { east_ = col; }
  void refuse_revisions(std::string why) { refusal_ = std::move(why); }
  /// Run by every read, after the value is taken.
  void while_reading(std::function<void()> work) { while_reading_ = std::move(work); }

  int asked() const noexcept { return may_cover_ + revisions_ + reads_; }
  int revisions_asked() const noexcept { return revisions_; }
  int reads() const noexcept { return reads_; }
  void count_anew() { may_cover_ = revisions_ = reads_ = 0; }

  bool may_cover(const Lattice&, const LatticeWindow&) override {
    ++may_cover_;
    return true;
  }
  std::vector<SourceRevision> revisions(const Lattice&, const LatticeWindow&) override {
    ++revisions_;
    if (!refusal_.empty()) throw Error(ErrorCode::kUnreadable, refusal_);
    return {{"told", std::to_string(version_)}};
  }
  LayerOutcome read(const LayerRequest& request, LayerPlanes& planes) override {
    ++reads_;
    const float value = value_;
    if (while_reading_) while_reading_();
    for (std::int64_t r = 0; r < request.window.height; ++r)
      for (std::int64_t c = 0; c < request.window.width; ++c) {
        planes.elevation.at(c, r) = request.window.col + c < east_ ? value : kNoValue;
        if (request.uncertainty) planes.uncertainty.at(c, r) = kNoValue;
        if (request.source) planes.source.at(c, r) = kNoSource;
      }
    return LayerRead{};
  }
  std::optional<LonLatBox> lonlat_extent() override { return std::nullopt; }
  std::size_t named_sources() const override { return 1; }
  std::vector<SourceId> source_ids(bool) override { return {}; }
  bool revalidate() override { return changed_.exchange(false); }

 private:
  std::atomic<float> value_;
  std::atomic<int> version_{0}, may_cover_{0}, revisions_{0}, reads_{0};
  std::atomic<bool> changed_{false};
  std::int64_t east_ = std::int64_t{1} << 40;
  std::string refusal_;
  std::function<void()> while_reading_;
};

}  // namespace topobathy::testing_support
