// Fuzz target of the policy loader and of Identify. Not part of the build; with clang and
// libFuzzer:
//   clang++ -std=c++17 -g -O1 -fsanitize=fuzzer,address,undefined -I. autotest/fuzz/fuzz_policy.cpp
//     fusion/policy/*.cpp fusion/error.cpp fusion/sha256.cpp -lyaml-cpp -lcrypto -o
//     /tmp/fuzz_policy
//   mkdir -p /tmp/corpus && /tmp/fuzz_policy -max_len=4096 -timeout=5 /tmp/corpus
//   autotest/data/policies
//     autotest/data/policies/published autotest/data/policies/not_policies
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "fusion/policy/canonical.h"
#include "fusion/policy/load.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  (void)topobathy::looks_like_policy(text.data(), text.size());
  try {
    const topobathy::Policy policy = topobathy::load_policy(text, "fuzz.yaml", "");
    if (policy.hash != topobathy::policy_hash(policy)) std::abort();
  } catch (const topobathy::Error& error) {
    // Nothing but a policy error, and always with the file's name: whatever else is thrown ends the
    // run.
    if (error.code() != topobathy::ErrorCode::kPolicy || error.place().file.empty()) std::abort();
  }
  return 0;
}
