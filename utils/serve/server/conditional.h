#pragma once

#include <string>

#include "utils/serve/route.h"

namespace topobathy {

/// Whether an If-None-Match ("*", or tags with commas between, weak ones too) names this entity
/// tag.
bool matches_tag(const std::string& if_none_match, const std::string& etag);

/// The value of a header of an answer in any case, "" = none.
std::string answer_header(const ServiceAnswer& answer, const std::string& name);

/// What the client has already becomes 304: an answer 200 or 204 with an ETag that its
/// If-None-Match names. A file made for this answer is removed.
void answer_conditionally(const ServiceRequest& request, ServiceAnswer& answer);

/// Forgets the body; a file that was made for this answer is removed.
void drop_body(ServiceAnswer& answer);

}  // namespace topobathy
