#include <array>
#include <memory>

#include "utils/command.h"
#include "utils/exit_status.h"
#include "utils/hydrate/hydrate_verb.h"

namespace topobathy {
namespace {

class HydrateCommand final : public Command {
 public:
  const char* name() const override { return "hydrate"; }
  const char* summary() const override {
    return "Fill the cache for an area, so that later reads only open files";
  }
  void declare(CLI::App& arguments) override;
  int run(std::ostream& out) override;

 private:
  struct Declared {
    std::unique_ptr<HydrateVerb> verb;
    const CLI::App* arguments = nullptr;
  };
  std::array<Declared, 4> verbs_{
      {{make_fuse_verb()}, {make_tiles_verb()}, {make_jobs_verb()}, {make_cancel_verb()}}};
};

void HydrateCommand::declare(CLI::App& arguments) {
  arguments.require_subcommand(1);
  for (Declared& declared : verbs_) {
    CLI::App* const verb =
        arguments.add_subcommand(declared.verb->name(), declared.verb->summary());
    verb->fallthrough();
    verb->set_help_flag("-h,--help", "Say how to use it");
    declared.verb->declare(*verb);
    declared.arguments = verb;
  }
}

int HydrateCommand::run(std::ostream& out) {
  for (const Declared& declared : verbs_)
    if (declared.arguments->parsed()) return declared.verb->run(out);
  return kExitUsage;  // the parser requires one
}

}  // namespace

std::unique_ptr<Command> make_hydrate_command() {
  return std::make_unique<HydrateCommand>();
}

}  // namespace topobathy
