#include "utils/remote/server_arguments.h"

#include <algorithm>
#include <iostream>

#include "fusion/error.h"

namespace topobathy {

void ServerArguments::declare(CLI::App& arguments, bool follows) {
  arguments_ = &arguments;
  arguments.add_option("--url", url_, "Let a server do it, such as http://127.0.0.1:9595")
      ->type_name("URL")
      ->group("Server");
  arguments
      .add_option("--token-file", token_file_, "The token that the server wants, in a file's line")
      ->type_name("FILE")
      ->group("Server");
  if (!follows) return;
  arguments.add_flag("--no-ws", polling_, "Ask every 2 s how the job goes, instead of a WebSocket")
      ->group("Server");
}

void ServerArguments::require_only(const std::vector<std::string>& meant) const {
  for (const CLI::Option* const option : arguments_->get_options()) {
    const std::string name = option->get_single_name();
    const bool known = option->get_group() == "Server" ||
                       std::find(meant.begin(), meant.end(), name) != meant.end();
    if (option->count() > 0 && !known)
      throw Error(ErrorCode::kUsage, "--" + name + " has no meaning with --url: leave it out");
  }
}

void ServerArguments::require_none() const {
  if (!token_file_.empty() || polling_)
    throw Error(ErrorCode::kUsage, std::string(polling_ ? "--no-ws" : "--token-file") +
                                       " is about a server: give its --url too");
}

ServerClient::Setup ServerArguments::setup(int parallel, std::function<bool()> stopped) const {
  ServerClient::Setup setup;
  setup.address = read_server_address(url_, token_file_);
  setup.limits = configured_http_limits();
  setup.limits.parallel = parallel;
  setup.stopped = std::move(stopped);
  if (is_overheard(setup.address))
    std::cerr << "the token goes over the network unencrypted: use https\n";
  return setup;
}

}  // namespace topobathy
