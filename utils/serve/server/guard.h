#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "utils/serve/route.h"

namespace topobathy {

/// Decides who may ask for what. Immutable, thread-safe.
///
/// Changing something needs the token. Without it, it is for those on this machine who talk to a
/// server that listens to this machine only: not through a proxy, which would make the whole world
/// look like them, and not from a page of another site in somebody's browser (its Origin), which
/// may also have given our address a name of its own (DNS rebinding: its Host).
class Guard {
 public:
  struct Setup {
    bool bound_to_loopback = true;
    std::string token;  ///< "" = none
    /// Origins beside the server's own ("https://maps.example.org"), whose hosts are names of this
    /// server too: those of a reverse proxy. \pre each is_origin()
    std::vector<std::string> origins;
  };
  explicit Guard(const Setup& setup);

  struct Asked {
    const std::map<std::string, std::string>& headers;  ///< names in lower case
    bool peer_is_loopback = false;
    bool changes = false;      ///< the route is Access::kChange
    bool from_a_page = false;  ///< what a page of another site must not do: no plain GET or HEAD
    bool is_old = false;       ///< HTTP/1.0, which may leave Host out
  };
  /// The refusal, or nothing.
  std::optional<ServiceAnswer> refuse(const Asked& asked) const;

 private:
  std::optional<ServiceAnswer> refuse_host(const Asked& asked) const;
  std::optional<ServiceAnswer> refuse_origin(const Asked& asked) const;
  std::optional<ServiceAnswer> refuse_change(const Asked& asked) const;
  bool is_the_token(const std::string& authorization) const;

  const Setup setup_;
};

/// "scheme://host" or "scheme://host:port", http or https, nothing else.
bool is_origin(const std::string& text);

}  // namespace topobathy
