#include "providers/archive/make_once.h"

#include <filesystem>
#include <mutex>
#include <system_error>

#include "cache/key_lock.h"
#include "fusion/error.h"
#include "fusion/turns.h"
#include "providers/archive/raw_files.h"

namespace topobathy {
namespace {

/// At a path among this process's threads, whatever dataset they read.
Turns& turns() {
  static Turns made;
  return made;
}

void make_folder_of(const std::string& path) {
  std::error_code error;
  const auto folder = std::filesystem::path(path).parent_path();
  std::filesystem::create_directories(folder, error);
  if (error)
    throw Error(ErrorCode::kCache, "cannot make the directory " + folder.string() + ": " +
                                       error.message() +
                                       "; set TOPOBATHY_CACHE_DIR to a directory that may be "
                                       "written");
}

}  // namespace

void make_once(const ArchiveContext& context, const std::string& path,
               const std::function<bool()>& ready, const std::function<void()>& make) {
  if (ready()) return;
  const auto turn = turns().at(path);
  const std::lock_guard<std::mutex> among_threads(*turn);
  const KeyLock among_processes(writable_folder(context) + "/locks", path);
  if (ready()) return;
  make_folder_of(path);
  make();
}

std::string find_kept(const ArchiveContext& context, const std::string& name) {
  for (const std::string& folder : {context.folder, writable_folder(context)}) {
    std::error_code ignored;
    const std::string path = folder + "/" + name;
    if (std::filesystem::is_regular_file(path, ignored)) return path;
  }
  return "";
}

}  // namespace topobathy
