// Reads the values of cells as people write them: dates, numbers, yes and no, pay, ages, telephone
// and identity numbers.
//
//   ParseDate("1985年3月2日")->ToString() == "1985-03-02"
//   ParseIdNumber("１３９９００８５０３０２００１")->number  // 18 characters, birth date and sex
//
// Every function takes the cell as it stands; width and surrounding blanks do not matter. What
// cannot be read is a Fault: a stable reason and what is allowed. Faults never quote the value.

#ifndef LEYE_SERVICES_LEYECTL_FILES_VALUES_H_
#define LEYE_SERVICES_LEYECTL_FILES_VALUES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

#include "leye/v1/common.pb.h"
#include "leye/v1/posting.pb.h"

namespace leye::ctl::files {

// Why a value cannot be read. The texts are constants.
struct Fault {
  absl::string_view reason;   // UPPER_SNAKE, such as BAD_DATE.
  absl::string_view english;  // What is allowed.
  absl::string_view chinese;
};

// A value, or the fault. Like std::optional for the value.
template <typename T>
class Read {
 public:
  Read(T value) : value_(std::move(value)) {}   // NOLINT(google-explicit-constructor): as StatusOr.
  Read(const Fault& fault) : fault_(&fault) {}  // NOLINT(google-explicit-constructor): as StatusOr.

  bool ok() const { return value_.has_value(); }
  const T& operator*() const { return *value_; }
  const T* operator->() const { return &*value_; }
  // REQUIRES: !ok().
  const Fault& fault() const { return *fault_; }

 private:
  std::optional<T> value_;
  const Fault* fault_ = nullptr;
};

// Half width, one blank for any run of white space, none at the ends; invisible characters go.
std::string Tidy(absl::string_view cell);

// The same without any white space, in lower case: for comparing words.
std::string Bare(absl::string_view cell);

// Whether the cell says that there is nothing: empty, 无, 不限, /, - and their like.
bool SaysNothing(absl::string_view cell);

struct Date {
  int year = 0;
  int month = 0;  // 0: only the year was said.
  int day = 0;    // 0: only the month was said.

  // YYYY-MM-DD; what was not said is the first.
  std::string ToString() const;
  // Whether both name the same day as far as both say it.
  bool Agrees(const Date& other) const;
};

// 1985-03-02, 1985/3/2, 1985.3.2, 1985年3月2日, 19850302, with or without a time; 1985.3,
// 1985年3月, 198503; and a spreadsheet's number of a day (1900 system, 1927 to 2119). Years 1900 to
// 2199.
Read<Date> ParseDate(absl::string_view cell);

// A spreadsheet's day number in the 1900 system, from 61 (1900-03-01) on; 1904: that one.
std::optional<Date> DateOfSerial(int64_t serial, bool system_1904);

// 是, 否, √, ×, 有, 无, 愿意, 不愿意, yes, no, 1, 0 and their like.
Read<bool> ParseYesNo(absl::string_view cell);

// A whole number, with or without a unit behind it: 5, 1,200元, 12个月, 3.0.
Read<int64_t> ParseWhole(absl::string_view cell);

// 10 digits at most, point and sign.
Read<double> ParseNumber(absl::string_view cell);

// Headcount: 10, 10人, 2-3人, 若干 (1, with the text).
struct Headcount {
  int least = 1;
  std::optional<int> most = std::nullopt;
  bool vague = false;  // No number was said.
};
Read<Headcount> ParseHeadcount(absl::string_view cell);

// 4500-6000元/月, 150元/天, 月薪5k以上, 面议 (no amount). `header` is the column's, for the unit
// that the cell leaves out (日工资, 薪资（元/月）); without any, amounts from 1,000 are a month's.
Read<v1::Pay> ParsePay(absl::string_view cell, absl::string_view header);

// 18-50周岁, 50岁以下, 年满18周岁, 男18-60、女18-55, 不限 (none).
Read<std::vector<v1::AgeRange>> ParseAges(absl::string_view cell);

// Digits with optional +, - and blanks, 5 to 20 digits. Of several numbers the first.
Read<std::string> ParsePhone(absl::string_view cell);

struct Identity {
  std::string number;  // 18 characters with their check character.
  Date birth;
  v1::Sex sex = v1::SEX_UNSPECIFIED;
};

// 18 characters with a right check character, or the 15 digits that were given out until 1999, made
// 18. Refused are numbers that a spreadsheet has made a floating point number of: their last digits
// are lost.
Read<Identity> ParseIdNumber(absl::string_view cell);

// What a cell looks like, without its content: `empty`, `18 digits`, `text of 3 characters`,
// `number in scientific notation`.
std::string ClassOf(absl::string_view cell);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_VALUES_H_
