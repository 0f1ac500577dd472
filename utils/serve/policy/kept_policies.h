#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace topobathy {

class ServedPolicy;

/// The opened policies that clients sent, by the SHA-256 of their text; of more than a fixed number
/// the least recently used is forgotten. Thread-safe.
class KeptPolicies {
 public:
  static constexpr std::size_t kMost = 32;

  /// Null when it is not kept.
  std::shared_ptr<ServedPolicy> find(const std::string& hash);
  /// Of two who keep the same text the first wins. \returns what is kept now
  std::shared_ptr<ServedPolicy> keep(const std::string& hash, std::shared_ptr<ServedPolicy> policy);

 private:
  std::shared_ptr<ServedPolicy> touch(const std::string& hash);

  std::mutex mutex_;
  std::list<std::pair<std::string, std::shared_ptr<ServedPolicy>>> kept_;  ///< last used first
};

}  // namespace topobathy
