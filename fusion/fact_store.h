#pragma once

#include <string>
#include <vector>

namespace topobathy {

/// What a fact is about: a file as it is opened, and the revision of it that the fact is true of.
struct FactKey {
  std::string name;
  std::string revision;
};

struct Fact {
  FactKey key;
  std::string value;  ///< any bytes, not empty
};

/// Remembers between processes what was found out about files. A help to memory and no more:
/// whatever goes wrong with it, a fact is not known and is found out again. Thread-safe; throws
/// nothing of its own.
class FactStore {
 public:
  virtual ~FactStore() = default;
  /// The values in the order of the keys; "" = not known of this revision.
  virtual std::vector<std::string> find(const std::vector<FactKey>& keys) = 0;
  /// Remembers all or none; an older revision of the same name is forgotten.
  virtual void keep(const std::vector<Fact>& facts) = 0;
};

}  // namespace topobathy
