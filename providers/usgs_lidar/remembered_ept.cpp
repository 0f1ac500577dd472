#include "providers/usgs_lidar/remembered_ept.h"

#include <utility>

namespace topobathy {

void RememberedEpt::Shelf::keep(const std::string& key, const std::string& file) {
  if (file.size() > most_bytes || !files.emplace(key, file).second) return;
  order.push_back(key);
  bytes += file.size();
  while (bytes > most_bytes) {
    const auto oldest = files.find(order.front());
    bytes -= oldest->second.size();
    files.erase(oldest);
    order.pop_front();
  }
}

std::optional<std::string> RememberedEpt::find(const std::string& key, bool points) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto& files = shelf(points).files;
  const auto known = files.find(key);
  return known == files.end() ? std::nullopt : std::optional<std::string>(known->second);
}

void RememberedEpt::keep(const std::string& key, bool points, const std::string& file) {
  const std::lock_guard<std::mutex> lock(mutex_);
  shelf(points).keep(key, file);
}

/// The files of one edition, over those of the network.
class RememberedFiles final : public EptFiles {
 public:
  RememberedFiles(std::shared_ptr<RememberedEpt> memory, std::unique_ptr<EptFiles> network,
                  std::string edition)
      : memory_(std::move(memory)), network_(std::move(network)), edition_(std::move(edition)) {}

  const std::string& name() const noexcept override { return network_->name(); }

  std::optional<std::string> get(const std::string& relative, std::uint64_t max_bytes) override {
    const bool points = relative.rfind("ept-data/", 0) == 0;
    const std::string key = edition_ + " " + name() + "/" + relative;
    if (auto known = memory_->find(key, points)) return known;
    return memory_->flights_.run(key, [&]() -> std::optional<std::string> {
      if (auto known = memory_->find(key, points)) return known;  // a flight has just landed
      auto file = network_->get(relative, max_bytes);
      if (file) memory_->keep(key, points, *file);
      return file;
    });
  }

 private:
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
