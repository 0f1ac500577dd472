#include "providers/usgs_lidar/remembered_ept.h"

#include <utility>

namespace topobathy {

/// The files of one edition, over those of the network.
class RememberedFiles final : public EptFiles {
 public:
  RememberedFiles(std::shared_ptr<RememberedEpt> memory, std::unique_ptr<EptFiles> network,
                  std::string edition)
      : memory_(std::move(memory)), network_(std::move(network)), edition_(std::move(edition)) {}

  const std::string& name() const noexcept override { return network_->name(); }

  std::optional<std::string> get(const std::string& relative, std::uint64_t max_bytes) override {
    if (relative.rfind("ept-data/", 0) == 0) return network_->get(relative, max_bytes);
    const std::string key = edition_ + " " + name() + "/" + relative;
    {
      const std::lock_guard<std::mutex> lock(memory_->mutex_);
      const auto known = memory_->texts_.find(key);
      if (known != memory_->texts_.end()) return known->second;
    }
    auto text = network_->get(relative, max_bytes);
    if (text) keep(key, *text);
    return text;
  }

 private:
  void keep(const std::string& key, const std::string& text) {
    const std::lock_guard<std::mutex> lock(memory_->mutex_);
    if (memory_->bytes_ + text.size() > RememberedEpt::kMaxBytes) {
      memory_->texts_.clear();
      memory_->bytes_ = 0;
    }
    if (memory_->texts_.emplace(key, text).second) memory_->bytes_ += text.size();
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
