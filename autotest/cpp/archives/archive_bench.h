#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "archives/fake_clock.h"
#include "cache/test_directory.h"
#include "fake_http.h"
#include "providers/archive/archive.h"

namespace topobathy {

/// One archive over a fake network, with caches of its own.
template <class OneArchive>
class ArchiveBench {
 public:
  explicit ArchiveBench(const std::string& provider) {
    step.provider = step.name = provider;
    context = std::make_shared<ArchiveContext>();
    context->provider = provider;
    context->folder = directory.path() + "/" + provider;
    std::filesystem::create_directories(context->folder);
    context->http = http;
    context->clock = &clock;
    context->warn = [this](const std::string& text) { warnings.push_back(text); };
    forget();
  }

  /// As if no archive had ever been asked.
  void forget() {
    DiscoveryCache::Setup setup;
    setup.clock = &clock;
    setup.warn = context->warn;
    context->discovery = std::make_shared<DiscoveryCache>(setup);
  }

  std::unique_ptr<Archive> archive() const {
    return std::make_unique<OneArchive>(ArchiveSetup{step, context});
  }
  std::vector<Candidate> find(const LonLatBox& box) const { return archive()->find(box); }
  Asset asset(const LonLatBox& box, const std::string& id) const {
    for (const Candidate& candidate : find(box))
      if (candidate.asset.id == id) return candidate.asset;
    ADD_FAILURE() << "no asset " << id;
    return {};
  }
  AssetFile open(const Asset& asset) const { return archive()->open(asset, 10.0); }
  /// Ids in order; those left out as "id: reason".
  std::vector<std::string> names(const LonLatBox& box) const {
    std::vector<std::string> names;
    for (const Candidate& candidate : find(box))
      names.push_back(candidate.asset.id +
                      (candidate.excluded.empty() ? "" : ": " + candidate.excluded));
    return names;
  }
  std::size_t requests() const { return http->calls().size(); }

  TestDirectory directory;
  FakeClock clock;
  std::shared_ptr<FakeHttp> http = std::make_shared<FakeHttp>();
  std::shared_ptr<ArchiveContext> context;
  std::vector<std::string> warnings;
  Step step;
};

inline std::string read_whole_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Every answer of a server that is no such file.
inline FakeHttp::Answer status(int code, const std::string& body = "") {
  return [=](const HttpRequest&) {
    HttpAnswer answer;
    answer.status = code;
    answer.body = body;
    return answer;
  };
}

}  // namespace topobathy
