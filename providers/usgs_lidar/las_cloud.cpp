#include <cmath>
#include <memory>
#include <utility>

#include "fusion/error.h"
#include "providers/usgs_lidar/copc_cloud.h"
#include "providers/usgs_lidar/point_cloud.h"
#include "providers/usgs_lidar/point_decoder.h"

namespace topobathy {
namespace {

/// A LAS or LAZ file without a tree: it is read as a whole.
class LasCloud final : public PointCloud {
 public:
  LasCloud(std::unique_ptr<ByteSource> file, LasHeader header, CloudFacts facts)
      : file_(std::move(file)), header_(std::move(header)), facts_(std::move(facts)) {}

  const std::string& name() const noexcept override { return file_->name(); }
  const CloudFacts& facts() const noexcept override { return facts_; }
  void read(const CrsBox& /*box*/, double /*spacing*/, const PointSink& sink) override {
    decode_file(*file_, header_, sink);
  }

 private:
  const std::unique_ptr<ByteSource> file_;
  const LasHeader header_;
  const CloudFacts facts_;
};

CloudFacts las_facts(const std::string& name, const LasHeader& header, const StatedCrs& crs) {
  CloudFacts facts;
  facts.crs = lidar_crs(name, las_crs_text(header), crs);
  const LasPacking& packing = header.packing;
  facts.bounds = {packing.x.min, packing.y.min, packing.x.max, packing.y.max};
  const double area = (packing.x.max - packing.x.min) * (packing.y.max - packing.y.min);
  if (header.points > 0) facts.spacing = std::sqrt(area / static_cast<double>(header.points));
  return facts;
}

}  // namespace

std::unique_ptr<PointCloud> open_las_cloud(std::unique_ptr<ByteSource> file, const StatedCrs& crs) {
  LasHeader header = read_las_header(*file);
  CloudFacts facts = las_facts(file->name(), header, crs);
  if (is_copc(header)) return open_copc_cloud(std::move(file), header, std::move(facts));
  return std::make_unique<LasCloud>(std::move(file), std::move(header), std::move(facts));
}

}  // namespace topobathy
