#pragma once

#include <cstdint>
#include <string>

#include "providers/archive/archive_context.h"
#include "providers/archive/asset.h"

namespace topobathy {

/// Where a BAG is kept in tier 5, below the provider's folder: `raw/<stem>[.<day of its
/// edition>].bag`. Editions do not meet.
std::string raw_bag_name(const Asset& asset);

/// Downloads a BAG to a path, unpacked where it is published as .bag.gz, and opens it once: what
/// GDAL cannot read as a BAG (cut short, an error page) is not kept. Nothing at the path is
/// replaced by anything but a whole file. \returns false when the archive no longer has it
/// \throws Error(kUnreadable), Error(kCache) for the disk
bool fetch_bag(const ArchiveContext& context, const std::string& url, const std::string& path);

/// Unpacks a gzip file. \param published its URL, for messages \throws Error(kUnreadable): it is
/// damaged, cut short, or holds more than `max_bytes`; then there is nothing at `to`. Error(kCache)
/// for the disk
void unpack_gzip(const std::string& from, const std::string& to, std::uint64_t max_bytes,
                 const std::string& published);

}  // namespace topobathy
