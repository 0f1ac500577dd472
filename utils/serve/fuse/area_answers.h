#pragma once

#include <functional>
#include <memory>
#include <string>

#include "utils/serve/fuse/fuse_request.h"
#include "utils/serve/fuse/temporary_file.h"
#include "utils/tiles/flights.h"

namespace topobathy {

/// Makes files of areas; who asks for the same while it is made gets the same. Thread-safe.
class AreaAnswers {
 public:
  explicit AreaAnswers(const ServiceLimits& limits) : limits_(limits) {}

  /// \throws HttpError(413): too many pixels; HttpError(404): no pixel has a value; Error
  ServiceAnswer answer(const FuseRequest& request, const std::function<bool()>& gone);

 private:
  struct Made {
    std::shared_ptr<const TemporaryFile> file;
    std::string left_out;  ///< names of steps, "" = none
  };
  Made make(const FuseRequest& request, const std::function<bool()>& gone) const;
  void require_few_pixels(const FusedRaster& raster, AreaFormat format) const;

  const ServiceLimits limits_;
  Flights<Made> flights_;
};

}  // namespace topobathy
