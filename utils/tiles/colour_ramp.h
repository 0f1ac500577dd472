#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "utils/tiles/tile_request.h"

namespace topobathy {

/// Parts of a colour, 0 to 255.
struct RampColour {
  float red = 0.0F;
  float green = 0.0F;
  float blue = 0.0F;
};

/// Colours by elevation: fixed metres, straight lines between the stops. Two stops of one elevation
/// are a break: below it the first counts, from it on the second (the shore).
class ColourRamp {
 public:
  struct Stop {
    float metres;
    RampColour colour;
  };
  /// \pre at least two stops, ascending
  explicit ColourRamp(std::vector<Stop> stops) : stops_(std::move(stops)) {}

  RampColour at(float metres) const noexcept {
    std::size_t near = 0;
    return at(metres, near);
  }
  /// The same, looked for from stop `near` on, which becomes the one found: quick from pixel to
  /// pixel.
  RampColour at(float metres, std::size_t& near) const noexcept;
  const std::vector<Stop>& stops() const noexcept { return stops_; }

 private:
  std::vector<Stop> stops_;
};

/// The ramp of a style that has one (chart, blues, classic), its colours below the shore stretched
/// to end at vmin and those above to end at vmax. The shore stays at 0 m; a limit on the other side
/// of it than its colours changes nothing.
ColourRamp ramp_of(TileStyle style, const std::optional<double>& vmin,
                   const std::optional<double>& vmax);

}  // namespace topobathy
