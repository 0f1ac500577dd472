#pragma once

#include <string>

#include "cache/audit/file_identity.h"

namespace topobathy {

/// Who can be asked whether a file is still in use, and from when on age alone decides.
struct LeftoverRules {
  /// --lock-timeout, seconds: of files that nobody can be asked about.
  double timeout = 3600;
  /// A file younger than this is somebody's, whatever it looks like: between making a lock file and
  /// locking it, and between two writes of a process on another machine, there is a moment.
  double young = 5;

  double shortest() const noexcept { return timeout < young ? timeout : young; }
};

/// Why a lock file is stale, "" = it is not. One that somebody holds never is, however old: the
/// kernel is asked by flock(). Where flock() does not work, age decides.
std::string stale_lock(const std::string& path, const FileIdentity& file,
                       const LeftoverRules& rules);
/// Removes a lock file that is still stale, holding it: whoever waits for it meanwhile sees that it
/// is gone and makes a new one (KeyLock). \returns whether it is gone
bool remove_stale_lock(const std::string& path, const LeftoverRules& rules);

/// Why a temporary file is left over, "" = somebody may still write it. A name that tells its
/// process is left over as soon as that is gone; else, and on network file systems, when nobody
/// has written for the timeout and no lock of its folder is held.
std::string stale_temporary(const std::string& path, const FileIdentity& file,
                            const LeftoverRules& rules);

/// Names that files have while they are written: write_file_atomically, downloads, grids of point
/// clouds, job files, other programs' (".tmp", "__temp__").
bool is_temporary_file_name(const std::string& name);

/// The database that a -journal, -wal or -shm belongs to, "" = the name is no such.
std::string database_of_journal(const std::string& path);

}  // namespace topobathy
