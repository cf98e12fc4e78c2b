// A directory of the test's own, under TMPDIR, removed with everything in it at the end.
//
//   TempDir dir;
//   OpenSqliteStore({.path = dir.File("leye.db")}, environment);

#ifndef LEYE_TESTS_TESTING_TEMP_DIR_H_
#define LEYE_TESTS_TESTING_TEMP_DIR_H_

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/string_view.h"

namespace leye::testing {

// Aborts when the directory cannot be made. Thread-compatible.
class TempDir {
 public:
  TempDir() : path_((std::filesystem::temp_directory_path() / "leye-test-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) {
      std::perror("mkdtemp");
      std::abort();
    }
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  std::string File(absl::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

}  // namespace leye::testing

#endif  // LEYE_TESTS_TESTING_TEMP_DIR_H_
