#pragma once

#include <optional>
#include <string>

#include "providers/raster/file_description.h"

namespace topobathy {

/// Bump when the bytes or what they mean changes.
inline constexpr int kDescriptionVersion = 1;

/// A description as CBOR, to be remembered. Which file it is of (path, revision) is known to
/// whoever remembers, and not repeated.
std::string description_bytes(const FileDescription& description);

/// Nothing for bytes that are none; path, revision and files of the header are left empty.
std::optional<FileDescription> read_description(const std::string& bytes);

}  // namespace topobathy
