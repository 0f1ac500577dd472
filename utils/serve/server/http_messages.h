#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "utils/serve/server/exchange.h"

namespace topobathy {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;

/// What a request's head says. \throws HttpError(400): a header stands twice that must not
RequestHead read_head(const HttpRequest& request, bool peer_is_loopback);

/// Why this request's body cannot be taken, or nothing.
std::optional<ServiceAnswer> refuse_body(const HttpRequest& request);
/// Whether the client waits to be told to send the body.
bool expects_continue(const HttpRequest& request);

/// The head of an answer, ready to be sent. \param length nothing: the body has no known one and
/// comes in chunks (HTTP/1.0: until the connection ends)
std::string answer_head(const Exchange& exchange, std::optional<std::uint64_t> length,
                        bool keep_alive);

}  // namespace topobathy
