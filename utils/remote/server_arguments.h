#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "utils/remote/server_client.h"

namespace topobathy {

/// --url and what belongs to it.
class ServerArguments {
 public:
  /// `follows`: a job is followed, so there is --no-ws.
  void declare(CLI::App& arguments, bool follows);
  bool given() const noexcept { return !url_.empty(); }
  /// Options of the sub-command that have no meaning for a server: all but `meant` (long names
  /// without dashes) and those of this class. \throws Error(kUsage) naming one that was given
  void require_only(const std::vector<std::string>& meant) const;
  /// Without --url its own options mean nothing. \throws Error(kUsage)
  void require_none() const;
  bool web_socket() const noexcept { return !polling_; }
  const std::string& url() const noexcept { return url_; }

  /// `parallel`: requests at once. Tells on stderr where a token goes unencrypted. \throws Error
  ServerClient::Setup setup(int parallel, std::function<bool()> stopped) const;

 private:
  const CLI::App* arguments_ = nullptr;
  std::string url_, token_file_;
  bool polling_ = false;
};

}  // namespace topobathy
