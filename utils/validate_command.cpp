#include <iostream>
#include <string>
#include <vector>

#include "fusion/error.h"
#include "providers/check_policy.h"
#include "utils/command.h"
#include "utils/exit_status.h"
#include "utils/usage_error.h"
#include "utils/validation_report.h"

namespace topobathy {
namespace {

class ValidateCommand final : public Command {
 public:
  const char* name() const override { return "validate"; }
  const char* summary() const override {
    return "Check policies and the files they name, without reading a pixel";
  }
  void declare(CLI::App& arguments) override;
  int run(std::ostream& out) override;

 private:
  int check(const std::string& path, ValidationReport& report) const;

  std::vector<std::string> policies_;
  bool no_files_ = false;
  bool json_ = false;
  bool quiet_ = false;
};

void ValidateCommand::declare(CLI::App& arguments) {
  arguments.add_option("policy", policies_, "Policy files")->required()->type_name("FILE");
  arguments.add_flag("--no-files", no_files_,
                     "Check the policy alone: look for no file, open no header");
  arguments.add_flag("--json", json_, "Report as JSON (docs/program.md)");
  arguments.add_flag("--quiet", quiet_, "Errors only: no report, no warnings");
}

int ValidateCommand::check(const std::string& path, ValidationReport& report) const {
  try {
    const PolicyCheck check = check_policy(path, !no_files_);
    print_findings(std::cerr, check, quiet_);
    report.add(path, check);
    return check.count(Finding::Severity::kError) > 0 ? kExitPolicy : kExitOk;
  } catch (const Error& error) {
    std::cerr << error_line(error) << '\n';
    report.add_unread(path, finding_of(error));
    return exit_status(error.code());
  }
}

int ValidateCommand::run(std::ostream& out) {
  ValidationReport report;
  int worst = kExitOk;
  for (const std::string& path : policies_)
    worst = std::max(worst, check(path, report));
  if (quiet_) return worst;
  if (json_)
    report.print_json(out);
  else
    report.print_text(out);
  return worst;
}

}  // namespace

std::unique_ptr<Command> make_validate_command() {
  return std::make_unique<ValidateCommand>();
}

}  // namespace topobathy
