#pragma once

namespace topobathy {

/// Drops what this process keeps between datasets: decoded cells, open readers, source blocks, idle
/// handles. Open datasets stay usable; they read again what they need.
void drop_shared_state() noexcept;

}  // namespace topobathy
