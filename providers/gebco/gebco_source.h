#pragma once

#include <string>

#include "providers/gebco/gebco_tile.h"

namespace topobathy {

enum class GebcoProduct { kSubIce, kIceSurface };

/// "sub_ice" or "ice_surface".
const char* product_name(GebcoProduct product) noexcept;

/// Where the pixels of tiles come from. Thread-safe.
class GebcoSource {
 public:
  virtual ~GebcoSource() = default;
  /// Tells editions apart, and fits into a file name: "gebco_2025_sub_ice".
  virtual std::string edition() = 0;
  virtual std::string address() const = 0;  ///< URL or folder, for people
  virtual bool on_network() const noexcept = 0;
  /// Whether there are pixels of the tile. Asks no server.
  virtual bool covers(const GebcoTile& tile) = 0;
  /// \throws Error(kUnreadable): elevation or identifiers cannot be had. Elevation without them
  /// would be pixels whose source nobody can name.
  virtual GebcoPixels read(const GebcoTile& tile) = 0;
};

}  // namespace topobathy
