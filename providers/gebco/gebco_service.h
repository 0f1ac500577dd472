#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "providers/archive/archive_context.h"
#include "providers/gebco/gebco_source.h"

namespace topobathy {

/// GEBCO 2025 as the DAP2 server of CEDA has it: a grid of elevation and one of type identifiers
/// (TID). A tile costs two requests; which of its variables is the elevation is asked once and
/// remembered in the discovery cache.
class GebcoService final : public GebcoSource {
 public:
  GebcoService(std::shared_ptr<ArchiveContext> context, GebcoProduct product);

  std::string edition() override;
  std::string address() const override;
  bool on_network() const noexcept override { return true; }
  bool covers(const GebcoTile&) override { return true; }
  GebcoPixels read(const GebcoTile& tile) override;

 private:
  std::string elevation_variable();
  std::vector<double> window(const std::string& dataset, const std::string& variable,
                             const GebcoTile& tile) const;

  const std::shared_ptr<ArchiveContext> context_;
  const GebcoProduct product_;
  std::mutex mutex_;
  std::string variable_;  ///< "" = not known yet
};

}  // namespace topobathy
