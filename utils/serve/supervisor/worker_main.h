#pragma once

#include <csignal>

#include "utils/serve/supervisor/listening_socket.h"
#include "utils/serve/supervisor/supervisor.h"

namespace topobathy {

/// How a worker tells its supervisor that it accepts no more connections.
constexpr int kLeavingSignal = SIGUSR1;

/// What a worker does in its life, in a process that was forked for it. \returns the exit status;
/// does not return where something did not end in time.
int run_worker(const SupervisorSetup& setup, const ListeningSocket& socket, SharedState& shared,
               std::size_t worker);

}  // namespace topobathy
