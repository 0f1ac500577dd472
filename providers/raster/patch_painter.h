#pragma once

#include <vector>

#include "providers/align/kernels.h"
#include "providers/raster/group_members.h"

namespace topobathy {

/// Puts the pixels of a group's files into patches: one surface, later files over earlier ones.
/// Holds buffers: one a thread.
class PatchPainter {
 public:
  /// Fills `patch` (window in group pixels) from one band of the members. \returns false when no
  /// pixel got a value
  bool paint(const GroupMembers& members, BandRole role, const SourceWindow& window, Patch& patch);
  /// The same of the group's grid made `factor` times coarser: the mean of the values of each
  /// factor x factor box that is anchored to the group's pixel (0, 0); NaN where less than half of
  /// what lies on the files has a value (a box that a file's edge cuts counts like any other, or a
  /// strip of up to half a box would be lost at every edge). Reads in strips: memory does not grow
  /// with the factor.
  bool paint_coarser(const GroupMembers& members, BandRole role, const SourceWindow& window,
                     std::int64_t factor, Patch& patch);
  /// The members that gave a value in the last call, lowest priority first.
  const std::vector<const GroupMember*>& contributors() const noexcept { return contributors_; }

 private:
  /// What of a tile goes where in a patch.
  struct Run {
    const GroupMember* member;
    const std::vector<float>* tile;
    SourceWindow tile_window;
    SourceWindow part;
    bool limited;
    bool first;  ///< nothing has been painted yet
  };
  bool paint_all(const GroupMembers& members, BandRole role, const SourceWindow& window,
                 Patch& patch);
  bool paint_member(const GroupMember& member, BandRole role, std::int64_t shift, Patch& patch,
                    bool first);
  bool paint_run(const Run& run, Patch& patch);
  void note(const GroupMember& member);
  void count_inside(const GroupMembers& members, BandRole role, const SourceWindow& strip,
                    std::int64_t factor);
  void reduce_strip(std::int64_t factor, float* out, std::int64_t width);

  std::vector<const GroupMember*> contributors_;
  Patch strip_;
  std::vector<float> line_;   ///< a row with the limits applied
  std::vector<double> sums_;  ///< of the strip's columns; double, so that constants stay constant
  std::vector<std::int32_t> counts_;
  std::vector<std::int64_t> inside_;  ///< pixels of each box that lie on files
};

}  // namespace topobathy
