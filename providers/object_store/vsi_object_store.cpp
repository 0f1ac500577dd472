#include "providers/object_store/vsi_object_store.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_vsi.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <vector>

#include "fusion/error.h"
#include "providers/http/http_client.h"
#include "providers/http/retry.h"
#include "providers/http/user_agent.h"
#include "providers/object_store/vsi_reading.h"
#include "providers/raster/gdal_errors.h"

namespace topobathy {
namespace {

/// A cell can also be made: whoever looks for one waits for fewer tries than who puts one.
constexpr int kTriesOfLook = 3;
/// So many requests in a row with no answer to any of their tries ...
constexpr int kFailuresBeforeRest = 3;
/// ... and the store is left alone for so many seconds: else each cell would wait for it anew.
constexpr std::int64_t kRestSeconds = 30;

/// Of a part of a multi-part upload, MiB, at least (S3).
constexpr std::size_t kLeastChunk = 5;

/// GDAL's options of one request, for this thread. Time limits that the user has set count more.
class RequestOptions {
 public:
  explicit RequestOptions(const HttpLimits& limits) {
    set("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR", false);
    set("GDAL_HTTP_MAX_RETRY", "0", false);  // tries are counted here
    set("GDAL_HTTP_USERAGENT", user_agent(), true);
    set("GDAL_HTTP_CONNECTTIMEOUT", whole(limits.connect_seconds), true);
    set("GDAL_HTTP_TIMEOUT", whole(limits.request_seconds), true);
    set("GDAL_HTTP_LOW_SPEED_TIME", std::to_string(limits.slow_seconds), true);
    set("GDAL_HTTP_LOW_SPEED_LIMIT", std::to_string(http_tuning::kSlowBytes), true);
  }
  /// Chunks larger than the object, so that it is put with one request.
  void put_at_once(std::size_t bytes) {
    const std::string chunk = std::to_string(std::max(kLeastChunk, (bytes >> 20) + 2));
    for (const char* option : {"VSIS3_CHUNK_SIZE", "VSIGS_CHUNK_SIZE", "VSIOSS_CHUNK_SIZE"})
      set(option, chunk, false);
  }

 private:
  static std::string whole(double seconds) { return std::to_string(std::lround(seconds)); }
  void set(const char* key, const std::string& value, bool only_if_undefined) {
    options_.push_back(
        std::make_unique<CPLConfigOptionSetter>(key, value.c_str(), only_if_undefined));
  }
  std::vector<std::unique_ptr<CPLConfigOptionSetter>> options_;
};

/// \returns whether all of it was taken
bool put_once(const std::string& path, const Bytes& content) {
  const QuietGdalErrors quiet;
  VSILFILE* const file = VSIFOpenL(path.c_str(), "wb");
  if (file == nullptr) return false;
  const std::size_t taken = VSIFWriteL(content.data(), 1, content.size(), file);
  return VSIFCloseL(file) == 0 && taken == content.size();
}

class VsiObjectStore final : public ObjectStore {
 public:
  VsiObjectStore(const std::string& root, const HttpLimits& limits, Clock& clock)
      : ObjectStore(root), limits_(limits), clock_(clock) {}

  std::optional<Bytes> get(const std::string& name, std::size_t limit, Reading) override {
    const std::string path = path_of(name);
    HttpLimits limits = limits_;
    limits.attempts = std::min(limits.attempts, kTriesOfLook);
    Retry retry(clock_, limits, limits.request_seconds);
    const RequestOptions options(limits);
    VsiLook look;
    do {
      if (rests()) fail("cannot look for ", path, "the store has not answered for a while");
      look = read_vsi_object(path, limit);
    } while (look.state == VsiLook::State::kNoAnswer && retry.again(""));
    note(look.state != VsiLook::State::kNoAnswer);
    if (look.state == VsiLook::State::kRefused || look.state == VsiLook::State::kNoAnswer)
      fail("cannot look for ", path, look.reason);
    return std::move(look.content);
  }

  void put(const std::string& name, const Bytes& content) override {
    const std::string path = path_of(name);
    Retry retry(clock_, limits_, limits_.request_seconds);
    RequestOptions options(limits_);
    options.put_at_once(content.size());
    std::string reason;
    do {
      if (rests()) fail("cannot write ", path, "the store has not answered for a while");
      if (put_once(path, content)) return note(true);
      // GDAL does not say why it failed to put; looking there tells what is wrong with the store.
      const VsiLook look = read_vsi_object(path, 0);
      if (look.state == VsiLook::State::kRefused) fail("cannot write ", path, look.reason);
      reason = look.state == VsiLook::State::kNoAnswer
                   ? look.reason
                   : "the store did not take it, perhaps there is no right to write";
      if (look.state != VsiLook::State::kNoAnswer && !is_remote())
        fail("cannot write ", path, reason);
    } while (retry.again(""));
    note(false);
    fail("cannot write ", path, reason);
  }

 private:
  bool is_remote() const noexcept { return root().compare(0, 8, "/vsimem/") != 0; }

  [[noreturn]] static void fail(const std::string& what, const std::string& path,
                                const std::string& reason) {
    throw Error(ErrorCode::kCache,
                what + path + ": " + without_secrets(reason) +
                    "; check the address and the rights of the object store, or set "
                    "TOPOBATHY_CACHE_DIR to another place");
  }

  bool rests() const { return clock_.now() < rests_until_; }
  /// After each request with all its tries.
  void note(bool answered) {
    if (answered)
      failures_ = 0;
    else if (++failures_ >= kFailuresBeforeRest)
      rests_until_ = clock_.now() + kRestSeconds;
  }

  const HttpLimits limits_;
  Clock& clock_;
  std::atomic<int> failures_{0};
  std::atomic<std::int64_t> rests_until_{0};
};

}  // namespace

std::shared_ptr<ObjectStore> make_vsi_object_store(const std::string& root,
                                                   const HttpLimits& limits, Clock& clock) {
  return std::make_shared<VsiObjectStore>(root, limits, clock);
}

}  // namespace topobathy
