#pragma once

#include <string>

#include "utils/serve/route.h"

namespace topobathy {

/// "http://host:9595" as the client wrote it in its Host field, where that is a name or address and
/// nothing else; else "", so that what is made of it is a path of the server that was asked.
/// X-Forwarded-Proto chooses https or http, nothing else.
std::string public_address(const ServiceRequest& request);

/// The fields that the answer depends on, for Vary.
constexpr char kAddressFields[] = "Host, X-Forwarded-Proto";

}  // namespace topobathy
