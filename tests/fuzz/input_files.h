// Inputs that are several files: each follows a line `== NAME`.
//
//   car
//   == ways.csv
//   settlement_area,place,mode,minutes
//   == places.csv
//   place,latitude,longitude

#ifndef LEYE_TESTS_FUZZ_INPUT_FILES_H_
#define LEYE_TESTS_FUZZ_INPUT_FILES_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace leye::fuzz {

inline constexpr absl::string_view kFileMark = "== ";

struct InputFile {
  std::string name;
  std::string content;
};

// The first is what stands before them: its name is the input's first line.
inline std::vector<InputFile> FilesIn(absl::string_view input) {
  std::vector<InputFile> files;
  const std::string text = absl::StrCat("\n", input);
  for (absl::string_view part : absl::StrSplit(text, absl::StrCat("\n", kFileMark))) {
    if (files.empty()) absl::ConsumePrefix(&part, "\n");
    const std::pair<absl::string_view, absl::string_view> entry =
        absl::StrSplit(part, absl::MaxSplits('\n', 1));
    files.push_back({std::string(entry.first), std::string(entry.second)});
  }
  return files;
}

}  // namespace leye::fuzz

#endif  // LEYE_TESTS_FUZZ_INPUT_FILES_H_
