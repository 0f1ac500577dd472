#include "utils/serve/core/pages.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

namespace files = std::filesystem;

constexpr char kViewer[] = "/viewer/";

/// No script but ours and none inline; MapLibre's workers are made of blobs, its tiles and symbols
/// are drawn from data and blobs.
constexpr char kPolicyOfContent[] =
    "default-src 'self'; script-src 'self'; worker-src 'self' blob:; child-src 'self' blob:; "
    "img-src 'self' data: blob:; connect-src 'self'; style-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

std::string media_type(const files::path& file) {
  static const std::map<std::string, std::string> types = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".geojson", "application/geo+json"},
      {".map", "application/json"},
      {".txt", "text/plain; charset=utf-8"},
      {".md", "text/plain; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".webp", "image/webp"},
      {".jpg", "image/jpeg"},
      {".ico", "image/vnd.microsoft.icon"},
      {".woff2", "font/woff2"},
      {".wasm", "application/wasm"},
      {".pbf", "application/x-protobuf"}};
  const auto known = types.find(file.extension().string());
  return known == types.end() ? "application/octet-stream" : known->second;
}

[[noreturn]] void no_page() {
  throw HttpError(404, "there is no such page; /viewer/ is the first one");
}

/// Names of files only: the rest of a request's path was decoded and has no slash in a part.
files::path checked_place(const std::string& place) {
  files::path checked;
  std::size_t begin = 0;
  for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
    end = place.find('/', begin);
    const std::string part = place.substr(begin, end == std::string::npos ? end : end - begin);
    const bool is_last = end == std::string::npos;
    if (part.empty() && is_last) continue;
    if (part.empty() || part.front() == '.' || part.find('\\') != std::string::npos) no_page();
    checked /= part;
  }
  return checked;
}

bool lies_within(const files::path& file, const files::path& folder) {
  const auto relative = file.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

ServiceAnswer redirect_to(const std::string& place) {
  ServiceAnswer answer;
  answer.status = 307;
  answer.type = "";
  answer.headers.emplace_back("Location", place);
  return answer;
}

/// Changed content is a changed file: pages are replaced as a whole when a version is installed.
std::string file_tag(const struct stat& facts) {
  return '"' + std::to_string(facts.st_size) + '-' + std::to_string(facts.st_mtim.tv_sec) + '.' +
         std::to_string(facts.st_mtim.tv_nsec) + '-' + std::to_string(facts.st_ino) + '"';
}

ServiceAnswer file_answer(const files::path& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) no_page();
  ServiceAnswer answer;
  answer.type = media_type(file);
  answer.headers = {{"ETag", file_tag(facts)},
                    {"Cache-Control", "no-cache"},
                    {"Content-Security-Policy", kPolicyOfContent},
                    {"Referrer-Policy", "same-origin"},
                    {"Cross-Origin-Resource-Policy", "same-origin"},
                    {"X-Frame-Options", "DENY"}};
  answer.body = FileBody{file.string(), false};
  return answer;
}

bool is_folder(const files::path& path) {
  std::error_code ignored;
  return !path.empty() && files::is_directory(path, ignored);
}

}  // namespace

std::string find_pages() {
  const char* const named = std::getenv("TOPOBATHY_PAGES");
  if (named != nullptr && *named != '\0') return named;
  std::error_code unknown;
  const files::path bin = files::read_symlink("/proc/self/exe", unknown).parent_path();
  if (unknown) return "";
  for (const char* place : {"../share/topobathy/pages", "../../utils/pages"})
    if (is_folder(bin / place)) return files::weakly_canonical(bin / place).string();
  return "";
}

ServiceAnswer page_answer(const std::string& folder, const std::string& place) {
  const files::path checked = checked_place(place);
  std::error_code missing;
  const files::path root = files::canonical(folder, missing);
  if (missing) no_page();
  files::path file = files::canonical(root / checked, missing);
  if (missing || (file != root && !lies_within(file, root))) no_page();
  if (is_folder(file)) {
    // Links of a page are relative to its folder.
    if (!place.empty() && place.back() != '/') return redirect_to(kViewer + checked.string() + '/');
    file /= "index.html";
  } else if (!place.empty() && place.back() == '/') {
    no_page();
  }
  return file_answer(file);
}

Routes page_routes(const std::string& folder) {
  Routes routes;
  const auto to_viewer = [](const ServiceRequest&) { return redirect_to(kViewer); };
  routes.push_back(plain_route("/", "Leads to the pages", to_viewer));
  routes.push_back(plain_route("/viewer", "Leads to the pages", to_viewer));
  routes.push_back(
      plain_route("/favicon.ico", "The pages' symbol",
                  [folder](const ServiceRequest&) { return page_answer(folder, "favicon.ico"); }));
  routes.push_back(
      plain_route("/viewer/{path*}", "The pages", [folder](const ServiceRequest& request) {
        return page_answer(folder, request.parts.front());
      }));
  return routes;
}

}  // namespace topobathy
