#pragma once

#include <memory>
#include <ostream>
#include <string>

#include <CLI/CLI.hpp>

namespace topobathy {

/// What `topobathy hydrate` does, a file a verb.
class HydrateVerb {
 public:
  virtual ~HydrateVerb() = default;
  virtual const char* name() const = 0;
  virtual const char* summary() const = 0;
  virtual void declare(CLI::App& arguments) = 0;
  /// The answer goes to `out`. \returns the exit status  \throws Error
  virtual int run(std::ostream& out) = 0;
};

std::unique_ptr<HydrateVerb> make_fuse_verb();
std::unique_ptr<HydrateVerb> make_tiles_verb();
std::unique_ptr<HydrateVerb> make_jobs_verb();
std::unique_ptr<HydrateVerb> make_cancel_verb();

}  // namespace topobathy
