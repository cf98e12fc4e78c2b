// What a workbook says beside its sheets: their names, its texts, and which styles are dates.

#ifndef LEYE_SERVICES_LEYECTL_FILES_XLSX_WORKBOOK_H_
#define LEYE_SERVICES_LEYECTL_FILES_XLSX_WORKBOOK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/leyectl/files/xml_file.h"

namespace leye::ctl::files {

// Many texts in one piece of memory. Thread-compatible.
class TextPool {
 public:
  static constexpr size_t kMaxBytes = 512 << 20;

  // RESOURCE_EXHAUSTED over kMaxBytes.
  absl::Status Add(absl::string_view text);
  size_t size() const { return ends_.size(); }
  // REQUIRES: index < size().
  absl::string_view At(size_t index) const;

 private:
  std::string bytes_;
  std::vector<uint32_t> ends_;
};

struct Workbook {
  struct Sheet {
    std::string name;
    std::string entry;  // In the archive.
    bool hidden = false;
  };
  std::vector<Sheet> sheets;
  bool system_1904 = false;
  std::vector<bool> date_styles;  // By the style of a cell.
  TextPool texts;                 // Shared strings.
};

// INVALID_ARGUMENT when it is no workbook.
absl::StatusOr<Workbook> ReadWorkbook(const ZipArchive& archive);

// Whether a number format shows days: yyyy/m/d, but neither h:mm nor [Red]0.00.
bool IsDateFormat(absl::string_view code);

// Office writes characters that XML cannot hold as _x000D_.
std::string WithoutEscapes(absl::string_view text);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_XLSX_WORKBOOK_H_
