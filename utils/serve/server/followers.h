#pragma once

#include <boost/beast/core/tcp_stream.hpp>
#include <memory>
#include <optional>

#include "utils/serve/server/http_messages.h"
#include "utils/serve/server/server_context.h"

namespace topobathy {

/// Why this request cannot become a WebSocket, or nothing. \param early bytes came after it that
/// must not yet
std::optional<ServiceAnswer> refuse_upgrade(const HttpRequest& request, bool early);

/// A connection that becomes a WebSocket, or a stream of events, and follows something. It lives as
/// long as it is open.
std::shared_ptr<Follower> start_web_socket(ServerContext& context, boost::beast::tcp_stream stream,
                                           HttpRequest request,
                                           const std::shared_ptr<Exchange>& exchange);
std::shared_ptr<Follower> start_event_stream(ServerContext& context,
                                             boost::beast::tcp_stream stream,
                                             const std::shared_ptr<Exchange>& exchange);

}  // namespace topobathy
