#include "providers/http/user_agent.h"

namespace topobathy {

const std::string& user_agent() {
  // Never destroyed: threads may still look at it while the process ends.
  static const std::string& name = *new std::string("topobathy/0.1 (GDAL plugin)");
  return name;
}

}  // namespace topobathy
