#pragma once

#include <memory>
#include <mutex>
#include <string>

namespace topobathy {

/// The mutex of a name in this process: who makes what the name stands for holds it, others wait
/// there. Gone when nobody has it. Thread-safe.
std::shared_ptr<std::mutex> turn_of(const std::string& name);

}  // namespace topobathy
