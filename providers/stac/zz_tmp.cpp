#include <functional>
#include <string>
namespace topobathy {
void sign_below(const std::string&, std::function<std::string()>) {}
}  // namespace topobathy
