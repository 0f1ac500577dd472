#include "providers/usgs_lidar/remembered_ept.h"

#include <utility>

namespace topobathy {

void RememberedEpt::Shelf::keep(const std::string& key, const std::string& file) {
  if (file.size() > max_bytes) return;
  if (bytes + file.size() > max_bytes) {
    files.clear();
    bytes = 0;
  }
  if (files.emplace(key, file).second) bytes += file.size();
}

RememberedEpt::Shelf& RememberedEpt::shelf_of(const std::string& relative) noexcept {
  return relative.rfind("ept-data/", 0) == 0 ? nodes_ : pages_;
}

/// The files of one edition, over those of the network.
class RememberedFiles final : public EptFiles {
 public:
  RememberedFiles(std::shared_ptr<RememberedEpt> memory, std::unique_ptr<EptFiles> network,
                  std::string edition)
      : memory_(std::move(memory)), network_(std::move(network)), edition_(std::move(edition)) {}

  const std::string& name() const noexcept override { return network_->name(); }

  std::optional<std::string> get(const std::string& relative, std::uint64_t max_bytes) override {
    const std::string key = edition_ + " " + name() + "/" + relative;
    if (auto known = find(key, relative)) return known;
    return memory_->flight_.run(key, [&]() -> RememberedEpt::File {
      if (auto known = find(key, relative)) return known;  // another flight may just have landed
      auto file = network_->get(relative, max_bytes);
      if (file) keep(key, relative, *file);
      return file;
    });
  }

 private:
  std::optional<std::string> find(const std::string& key, const std::string& relative) const {
    const std::lock_guard<std::mutex> lock(memory_->mutex_);
    const auto& files = memory_->shelf_of(relative).files;
    const auto known = files.find(key);
    return known == files.end() ? std::nullopt : std::optional<std::string>(known->second);
  }

  void keep(const std::string& key, const std::string& relative, const std::string& file) {
    const std::lock_guard<std::mutex> lock(memory_->mutex_);
    memory_->shelf_of(relative).keep(key, file);
  }

  const std::shared_ptr<RememberedEpt> memory_;
  const std::unique_ptr<EptFiles> network_;
  const std::string edition_;
};

std::unique_ptr<EptFiles> RememberedEpt::files(const std::shared_ptr<RememberedEpt>& memory,
                                               AskHttp ask, const std::string& base_url,
                                               const std::string& edition) {
  return std::make_unique<RememberedFiles>(memory, remote_ept_files(std::move(ask), base_url),
                                           edition);
}

}  // namespace topobathy
