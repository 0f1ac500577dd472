#include <cpl_vsi.h>

#include <utility>

#include "fusion/error.h"
#include "providers/usgs_lidar/point_cloud.h"

namespace topobathy {
namespace {

class LocalEptFiles final : public EptFiles {
 public:
  explicit LocalEptFiles(std::string folder) : folder_(std::move(folder)) {}

  const std::string& name() const noexcept override { return folder_; }
  std::optional<std::string> get(const std::string& relative, std::uint64_t max_bytes) override {
    const std::string path = folder_ + "/" + relative;
    VSIStatBufL status;
    if (VSIStatL(path.c_str(), &status) != 0) return std::nullopt;
    const auto file = open_local_bytes(path);
    if (file->size() > max_bytes)
      throw Error(ErrorCode::kUnreadable, "'" + path + "': is longer than " +
                                              std::to_string(max_bytes) + " bytes: it is refused");
    return file->read(0, file->size());
  }

 private:
  const std::string folder_;
};

class RemoteEptFiles final : public EptFiles {
 public:
  RemoteEptFiles(AskHttp ask, std::string base) : ask_(std::move(ask)), base_(std::move(base)) {}

  const std::string& name() const noexcept override { return base_; }
  std::optional<std::string> get(const std::string& relative, std::uint64_t max_bytes) override {
    HttpRequest request;
    request.url = base_ + "/" + relative;
    request.max_bytes = max_bytes;
    HttpAnswer answer = ask_(request);
    if (answer.absent()) return std::nullopt;
    require_body(answer, request.url);
    return std::move(answer.body);
  }

 private:
  const AskHttp ask_;
  const std::string base_;
};

}  // namespace

std::unique_ptr<EptFiles> local_ept_files(const std::string& folder) {
  return std::make_unique<LocalEptFiles>(folder);
}

std::unique_ptr<EptFiles> remote_ept_files(AskHttp ask, const std::string& base_url) {
  return std::make_unique<RemoteEptFiles>(std::move(ask), base_url);
}

}  // namespace topobathy
