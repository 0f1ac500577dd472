#pragma once

#include <string>

#include "utils/serve/hydrate/hydrate_order.h"
#include "utils/serve/hydrate/hydrate_tools.h"

namespace topobathy {

/// The policy file of a job: one of the server's, or the client's text in a file of its own, which
/// goes again unless the job was begun.
class OrderedPolicy {
 public:
  /// \param own_path where the client's text is written
  /// \throws HttpError(400, 422): the text is refused; HttpError(404): the server has no policy of
  /// that name; HttpError(503): it has none at all
  OrderedPolicy(const HydrateOrder& order, const ServiceSettings& settings,
                const HydrateTools& tools, const std::string& own_path);
  ~OrderedPolicy();
  OrderedPolicy(const OrderedPolicy&) = delete;
  OrderedPolicy& operator=(const OrderedPolicy&) = delete;

  const std::string& path() const noexcept { return path_; }
  /// A message about the policy, without the path of its file.
  std::string told(const std::string& message) const;
  void keep() noexcept { is_temporary_ = false; }

 private:
  std::string path_;
  bool is_own_ = false;
  bool is_temporary_ = false;
};

}  // namespace topobathy
