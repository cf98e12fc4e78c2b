// Which field a column holds, by its header.
//
//   Headers headers(*Headers::BuiltIn());
//   headers.FieldOf("candidates", "联系电话（必填）") == "phone"
//
// The words are data: headers.tsv (collection, field, headers parted by |), to which `--mapping`
// adds rows of the same form. A field is a path within the record (`preferences.willing`), or one
// with an @ that a reader of rows gives a meaning (`@age`, `@household.category`). A row whose
// header begins with = is a constant for every row:
// `candidates<TAB>consent.given_date<TAB>=2026-11-01`. Any path of a field that a caller may set is
// its own header, also in brackets: 姓名（full_name）.

#ifndef LEYE_SERVICES_LEYECTL_FILES_HEADERS_H_
#define LEYE_SERVICES_LEYECTL_FILES_HEADERS_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace leye::ctl::files {

// How columns begin that leyectl adds to a file of rejected rows; they are passed over when it is
// imported.
inline constexpr absl::string_view kOwnColumnPrefix = "leye:";

// A header as it is compared: half width, lower case, without blanks, marks (*) and what stands in
// brackets: 月薪（元） -> 月薪.
std::string BareHeader(absl::string_view cell);

// Thread-compatible; immutable once filled.
class Headers {
 public:
  // The table that is compiled in.
  static absl::StatusOr<Headers> BuiltIn();

  // Adds a table; its rows go before those already there. INVALID_ARGUMENT names the line that is
  // wrong.
  absl::Status Add(absl::string_view tsv, absl::string_view name);

  // The field of a header, or "" when it is not known. A path counts without being listed.
  std::string FieldOf(absl::string_view collection, absl::string_view header) const;

  // The first header listed for a field; "" when none is.
  std::string HeaderOf(absl::string_view collection, absl::string_view field) const;

  struct Constant {
    std::string field;
    std::string value;
  };
  std::vector<Constant> ConstantsOf(absl::string_view collection) const;

 private:
  std::string FieldOfWords(const std::string& collection, const std::string& bare) const;

  using Key = std::pair<std::string, std::string>;  // Collection and header, or field.

  absl::flat_hash_map<Key, std::string> fields_;
  absl::flat_hash_map<Key, std::string> headers_;
  std::map<std::string, std::vector<Constant>, std::less<>> constants_;
};

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_HEADERS_H_
