#pragma once

#include <array>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "fusion/policy/policy.h"
#include "providers/datum/block_heights.h"
#include "providers/raster/catalogue_ids.h"
#include "providers/raster/patch_painter.h"
#include "providers/raster/source_finder.h"
#include "providers/raster/used_tiles.h"

namespace topobathy {

/// A 32 x 32 block of a layer.
struct SampledBlock {
  std::array<float, kBlock * kBlock> elevation;
  std::array<float, kBlock * kBlock> uncertainty;
  std::array<SourceId, kBlock * kBlock> source;
};

/// What of a block is wanted.
struct WantedBlock {
  std::int64_t col = 0;  ///< block indices
  std::int64_t row = 0;
  BlockPart part;
  bool uncertainty = false;
  bool source = false;
  bool inner = false;  ///< no other cell takes pixels of this block
};

/// Samples blocks of one raster step on one lattice. Holds readers and buffers: one a thread.
///
/// For each block: the files that touch it, each at the overview its pixel ratio asks for; files on
/// one grid that no file of another grid comes between become one surface; surfaces lie over each
/// other in the order of their files, the last on top. Heights come to the raster's datum before a
/// surface meets another.
class BlockSampler {
 public:
  /// \param coordinates one for each CRS of the catalogue
  BlockSampler(const RasterCatalogue& catalogue, const CatalogueIds& ids, const Step& step,
               const std::vector<std::shared_ptr<BlockCoordinates>>& coordinates,
               const Lattice& lattice);

  /// \returns false when the layer has nothing in the block (then `out` means nothing)  \throws
  /// Error(kUnreadable)
  bool sample(const WantedBlock& wanted, SampledBlock& out);
  /// Of the inner blocks so far.
  const UsedTiles& used() const noexcept { return used_; }

 private:
  /// A surface that touches the block: files of one grid that lie next to each other in the order
  /// of the step, and whose heights come to the raster's alike.
  struct Surface {
    GroupMembers members;
    int crs = 0;
    double shift = 0.0;  ///< added to x: a turn round the world
    const HeightShift* heights = nullptr;
  };
  /// A file that touches the block, not yet part of a surface.
  struct Touching {
    GroupMember member;
    const GridGroup* group;
    int crs;
    double shift;
  };

  void find_surfaces(const WantedBlock& wanted);
  void add_files(int crs, const BlockCorners& corners, double shift, const WantedBlock& wanted);
  void add_file(int crs, const BlockCorners& corners, double shift, int number,
                const WantedBlock& wanted);
  void make_surfaces();
  void shift_heights(const Surface& surface, const WantedBlock& wanted, bool first,
                     const SampledBlock& out);
  bool sample_surface(const Surface& surface, const WantedBlock& wanted);
  void sample_far(const Surface& surface, const WantedBlock& wanted);
  void run_kernel(const Patch& patch, const PixelRatio& ratio, const BlockPart& part,
                  float* out) const;
  void note_use(const Surface& surface, const SourceWindow& window);
  void keep_contributors(const Surface& surface);
  void find_only_name(const Surface& surface, const WantedBlock& wanted,
                      const SourceWindow& window);
  bool lies_on_one_file(const Surface& surface) const;
  void drop_beyond_files(const Surface& surface, const BlockPart& part);
  void merge(const WantedBlock& wanted, bool first, SampledBlock& out);
  void take_all(const BlockPart& part, SourceId source, SampledBlock& out) const;
  SourceId name_around(std::int64_t k);
  void name_sources(std::int64_t from, std::int64_t to, const std::array<bool, kBlock>& taken,
                    SampledBlock& out);
  BlockReader* reader(int file);

  const RasterCatalogue& catalogue_;
  const CatalogueIds& ids_;
  const Step& step_;
  const std::vector<std::shared_ptr<BlockCoordinates>>& coordinates_;
  const Lattice& lattice_;
  std::unordered_map<int, std::shared_ptr<BlockReader>> readers_;
  PatchPainter painter_;
  SourceFinder finder_;
  UsedTiles used_;
  std::vector<BlockCorners> corners_;  ///< of the block at hand, one a CRS
  std::vector<int> found_;
  std::vector<Touching> touching_;
  std::vector<Surface> surfaces_;
  BlockHeights heights_;
  const GroupMembers* named_ = nullptr;  ///< the members of the surface at hand that have a value
  GroupMembers contributors_;            ///< holds them where they are not all
  bool looked_around_ = false;           ///< the finder knows names around the block
  std::optional<SourceId> only_name_;    ///< of the surface at hand in the block, if it is known
  Patch patch_;                          ///< of elevations
  Patch sigma_patch_;                    ///< of uncertainties
  BlockPositions positions_;
  std::int64_t coarser_ = 1;  ///< how many times the surface's grid was made coarser for positions_
  double reach_ = 1.0;        ///< surface pixels around a position that its lattice pixel covers
  bool has_sigma_ = false;
  std::array<float, kBlock * kBlock> value_;
  std::array<float, kBlock * kBlock> sigma_;
};

}  // namespace topobathy
