#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace topobathy {

/// Lowercase hexadecimal SHA-256 (OpenSSL).
std::string sha256_hex(const void* data, std::size_t size);
inline std::string sha256_hex(const std::string& text) {
  return sha256_hex(text.data(), text.size());
}

/// SHA-256 of what comes in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(const void* data, std::size_t size);
  /// Lowercase hexadecimal. \pre called once; nothing comes after it
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace topobathy
