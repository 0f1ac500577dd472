#include "fusion/sha256.h"

#include <openssl/evp.h>

#include "fusion/error.h"

namespace topobathy {
namespace {

void require(int result) {
  if (result != 1) throw Error(ErrorCode::kInternal, "SHA-256 is not available in this OpenSSL");
}

std::string to_hex(const unsigned char* digest, unsigned int length) {
  static const char* const kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(std::size_t{2} * length);
  for (unsigned int i = 0; i < length; ++i) {
    text.push_back(kDigits[digest[i] >> 4]);
    text.push_back(kDigits[digest[i] & 15]);
  }
  return text;
}

}  // namespace

std::string sha256_hex(const void* data, std::size_t size) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  require(EVP_Digest(data, size, digest, &length, EVP_sha256(), nullptr));
  return to_hex(digest, length);
}

struct Sha256::State {
  State() { require(EVP_DigestInit_ex(context, EVP_sha256(), nullptr)); }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  EVP_MD_CTX* const context = EVP_MD_CTX_new();
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(const void* data, std::size_t size) {
  require(EVP_DigestUpdate(state_->context, data, size));
}

std::string Sha256::hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  require(EVP_DigestFinal_ex(state_->context, digest, &length));
  return to_hex(digest, length);
}

}  // namespace topobathy
