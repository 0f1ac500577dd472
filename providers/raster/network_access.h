#pragma once

#include <optional>
#include <string>

#include <cpl_conv.h>

namespace topobathy {

/// A name that GDAL would use the network for: a remote /vsi path, also inside of an archive's or a
/// subdataset's name, or a URL.
bool is_network_path(const std::string& path) noexcept;

/// \throws Error(kUnreadable) for a path on the network, where `offline`
void require_at_hand(const std::string& path, bool offline);

/// Whether a NetworkBlock of this thread is in force: for calls of GDAL that do not ask for it.
bool is_network_blocked();

/// While it lives, this thread's GDAL opens nothing remote: for what a local file (a VRT, an index)
/// may refer to.
class NetworkBlock {
 public:
  explicit NetworkBlock(bool offline);

 private:
  std::optional<CPLConfigOptionSetter> option_;
};

}  // namespace topobathy
