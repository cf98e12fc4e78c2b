#include "services/leyectl/files/values.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"

#include "services/leyectl/files/characters.h"
#include "services/leyectl/sample/identity.h"

namespace leye::ctl::files {
namespace {

constexpr Fault kBadDate = {"BAD_DATE",
                            "must be a date such as 1985-03-02, 1985年3月2日 or 19850302",
                            "应为日期，如 1985-03-02、1985年3月2日、19850302"};
constexpr Fault kNotYesNo = {"NOT_YES_OR_NO", "must be 是 or 否 (also √, ×, 有, 无, yes, no)",
                             "应为 是 或 否（也可写 √、×、有、无）"};
constexpr Fault kNoNumber = {"NOT_A_NUMBER", "must be a number", "应为数字"};
constexpr Fault kNoHeadcount = {"BAD_HEADCOUNT",
                                "must be a number of people such as 10, 2-3人 or 若干",
                                "应为人数，如 10、2-3人、若干"};
constexpr Fault kBadPhone = {"BAD_PHONE", "must have 5 to 20 digits, with optional +, - and blanks",
                             "应为 5 至 20 位数字，可含 +、- 和空格"};
constexpr Fault kIdLost = {
    "ID_NUMBER_LOST",
    "a spreadsheet has made a number of it, its last digits are lost: format the column as text "
    "and "
    "enter it again",
    "证件号码被表格软件转成了数字，末尾几位已丢失：请把该列设为文本格式后重新填写"};
constexpr Fault kIdLength = {"BAD_ID_NUMBER", "must have 18 characters, or the 15 digits of old",
                             "应为 18 位，或旧的 15 位号码"};
constexpr Fault kIdDate = {"BAD_ID_NUMBER", "holds no birth date", "其中的出生日期不存在"};
constexpr Fault kIdCheck = {"BAD_ID_NUMBER", "its check character is wrong: a digit is mistyped",
                            "校验位不符，有数字填错"};

bool IsBlank(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x85;
}

bool IsInvisible(char32_t c) {
  return c == 0x200B || c == 0x200C || c == 0x200D || c == 0x2060 || c == 0xFEFF ||
         (c >= 0x202A && c <= 0x202E) || (c < 0x20 && !IsBlank(c)) || c == 0x7F;
}

bool IsDigits(absl::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int Number(absl::string_view digits) {
  int number = 0;
  (void)absl::SimpleAtoi(digits, &number);
  return number;
}

// Reads the runs of digits of "1985-3-2" and the like; nullopt where anything but one of these
// separators stands between them.
std::optional<std::vector<int>> Parts(absl::string_view text) {
  std::vector<int> parts;
  while (!text.empty()) {
    size_t length = 0;
    while (length < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[length]))) {
      ++length;
    }
    if (length == 0 || length > 4 || parts.size() == 3) return std::nullopt;
    parts.push_back(Number(text.substr(0, length)));
    text.remove_prefix(length);
    if (!text.empty() && text[0] == '-') {
      text.remove_prefix(1);
      if (text.empty()) return std::nullopt;
    }
  }
  return parts;
}

std::optional<Date> Checked(int year, int month, int day) {
  if (year < 1900 || year > 2199 || month < 0 || month > 12 || day < 0) return std::nullopt;
  if (month == 0) return day == 0 ? std::optional<Date>(Date{.year = year}) : std::nullopt;
  const absl::CivilDay first(year, month, 1);
  const auto length = absl::CivilDay(absl::CivilMonth(first) + 1) - first;
  if (day > length) return std::nullopt;
  return Date{.year = year, .month = month, .day = day};
}

// Without the time of the day.
absl::string_view DatePart(absl::string_view text) {
  const size_t colon = text.find(':');
  if (colon == absl::string_view::npos) return text;
  const size_t end = text.find_last_of(" tT", colon);
  return end == absl::string_view::npos ? text : absl::StripAsciiWhitespace(text.substr(0, end));
}

template <size_t N>
bool IsOneOf(absl::string_view text, const std::array<absl::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// The digits of a number that lost some: 1.30723E+17, or 18 digits ending in 000 whose check
// character is wrong, are Excel's.
bool IsScientific(absl::string_view text) {
  const size_t e = text.find_first_of("eE");
  if (e == absl::string_view::npos || e == 0 || e + 1 >= text.size()) return false;
  const absl::string_view exponent = text.substr(e + 1);
  double value = 0;
  return absl::SimpleAtod(text, &value) && (exponent[0] == '+' || IsDigits(exponent));
}

}  // namespace

std::string Tidy(absl::string_view cell) {
  std::string tidy;
  tidy.reserve(cell.size());
  bool blank = false;
  while (!cell.empty()) {
    char32_t c = TakeCharacter(cell);
    if (IsInvisible(c)) continue;
    if (IsBlank(c)) {
      blank = !tidy.empty();
      continue;
    }
    if (blank) tidy += ' ';
    blank = false;
    if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
    AppendCharacter(c, &tidy);
  }
  return tidy;
}

std::string Bare(absl::string_view cell) {
  std::string bare = Tidy(cell);
  bare.erase(std::remove(bare.begin(), bare.end(), ' '), bare.end());
  return absl::AsciiStrToLower(bare);
}

bool SaysNothing(absl::string_view cell) {
  static constexpr std::array<absl::string_view, 15> kWords = {
      "",  "无", "无要求", "不限", "不详", "未知", "/",   "\\",
      "-", "--", "—",      "——",   "n/a",  "null", "none"};
  const std::string bare = Bare(cell);
  return IsOneOf<15>(bare, kWords) || (absl::StartsWith(bare, "不限") && bare.size() <= 18);
}

std::string Date::ToString() const {
  return absl::StrFormat("%04d-%02d-%02d", year, std::max(month, 1), std::max(day, 1));
}

bool Date::Agrees(const Date& other) const {
  if (year != other.year) return false;
  if (month != 0 && other.month != 0 && month != other.month) return false;
  return day == 0 || other.day == 0 || day == other.day;
}

std::optional<Date> DateOfSerial(int64_t serial, bool system_1904) {
  if (serial < (system_1904 ? 0 : 61) || serial > 110'000) return std::nullopt;
  // The 1900 system counts a 29th of February 1900, which there was not.
  const absl::CivilDay zero =
      system_1904 ? absl::CivilDay(1904, 1, 1) : absl::CivilDay(1899, 12, 30);
  const absl::CivilDay day = zero + serial;
  return Date{.year = static_cast<int>(day.year()), .month = day.month(), .day = day.day()};
}

Read<Date> ParseDate(absl::string_view cell) {
  const std::string tidy = Tidy(cell);
  const absl::string_view part = DatePart(tidy);
  std::string text = absl::StrReplaceAll(part, {{"年", "-"},
                                                {"月", "-"},
                                                {"日", ""},
                                                {"号", ""},
                                                {"/", "-"},
                                                {".", "-"},
                                                {"—", "-"},
                                                {" ", ""}});
  if (absl::EndsWith(part, "年") || absl::EndsWith(part, "月")) text.pop_back();
  std::optional<Date> date;
  if (IsDigits(text)) {
    const int number = text.size() <= 8 ? Number(text) : 0;
    if (text.size() == 8) date = Checked(number / 10'000, number / 100 % 100, number % 100);
    if (text.size() == 8 && number % 100 == 0) date.reset();
    if (text.size() == 6 && number % 100 != 0) date = Checked(number / 100, number % 100, 0);
    if (text.size() == 4) date = Checked(number, 0, 0);
    if (text.size() == 5 && number >= 10'000 && number < 80'000) date = DateOfSerial(number, false);
  } else {
    const std::optional<std::vector<int>> parts = Parts(text);
    if (parts.has_value() && parts->size() >= 2 && (*parts)[1] > 0) {
      const int day = parts->size() == 3 ? (*parts)[2] : 0;
      if (parts->size() == 2 || day > 0) date = Checked((*parts)[0], (*parts)[1], day);
    }
  }
  if (!date.has_value()) return kBadDate;
  return *date;
}

Read<bool> ParseYesNo(absl::string_view cell) {
  static constexpr std::array<absl::string_view, 24> kYes = {
      "是", "√",   "✓",    "✔", "☑", "有",     "对",   "愿意",   "同意",       "已", "能",   "可",
      "y",  "yes", "true", "t", "1", "已就业", "就业", "有意愿", "有求职意愿", "要", "需要", "想"};
  static constexpr std::array<absl::string_view, 24> kNo = {
      "否",     "×",      "✗",    "✘",      "x",          "无",   "没有",   "不愿意",
      "不同意", "未",     "不能", "不",     "n",          "no",   "false",  "f",
      "0",      "未就业", "失业", "无意愿", "无求职意愿", "不要", "不需要", "不想"};
  const std::string bare = Bare(cell);
  if (IsOneOf<24>(bare, kYes)) return true;
  if (IsOneOf<24>(bare, kNo)) return false;
  return kNotYesNo;
}

Read<int64_t> ParseWhole(absl::string_view cell) {
  const std::string text = absl::StrReplaceAll(Bare(cell), {{",", ""}, {"，", ""}, {"约", ""}});
  size_t digits = 0;
  while (digits < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[digits]))) {
    ++digits;
  }
  if (digits == 0 || digits > 12) return kNoNumber;
  absl::string_view rest = absl::string_view(text).substr(digits);
  if (absl::ConsumePrefix(&rest, ".")) {
    const size_t zeros = std::min(rest.find_first_not_of('0'), rest.size());
    if (zeros == 0) return kNoNumber;
    rest.remove_prefix(zeros);
  }
  static constexpr std::array<absl::string_view, 16> kUnits = {
      "",     "人", "名", "个",   "个月", "月",   "年",   "岁",
      "周岁", "元", "户", "公里", "km",   "分钟", "小时", "位"};
  if (!IsOneOf<16>(rest, kUnits)) return kNoNumber;
  int64_t number = 0;
  if (!absl::SimpleAtoi(text.substr(0, digits), &number)) return kNoNumber;
  return number;
}

Read<double> ParseNumber(absl::string_view cell) {
  const std::string text = absl::StrReplaceAll(Bare(cell), {{",", ""}});
  double number = 0;
  if (text.find_first_not_of("0123456789.+-e") != std::string::npos ||
      !absl::SimpleAtod(text, &number)) {
    return kNoNumber;
  }
  return number;
}

Read<Headcount> ParseHeadcount(absl::string_view cell) {
  const std::string text = absl::StrReplaceAll(Bare(cell), {{"人", ""},
                                                            {"名", ""},
                                                            {"个", ""},
                                                            {"位", ""},
                                                            {"约", ""},
                                                            {"~", "-"},
                                                            {"—", "-"},
                                                            {"–", "-"},
                                                            {"至", "-"},
                                                            {"到", "-"}});
  if (text == "若干" || text == "不限" || text == "多") return Headcount{.vague = true};
  const std::optional<std::vector<int>> parts = Parts(text);
  if (!parts.has_value() || parts->empty() || parts->size() > 2 || parts->front() < 1) {
    const Read<int64_t> whole = ParseWhole(text);
    if (!whole.ok() || *whole < 1 || *whole > 100'000) return kNoHeadcount;
    return Headcount{.least = static_cast<int>(*whole)};
  }
  Headcount count{.least = parts->front()};
  if (parts->size() == 2) {
    if (parts->back() < parts->front()) return kNoHeadcount;
    count.most = parts->back();
  }
  return count;
}

Read<std::string> ParsePhone(absl::string_view cell) {
  std::string text = Tidy(cell);
  // 3.81E+10, or a number with a fraction: no telephone number.
  text = absl::StrReplaceAll(text, {{"—", "-"}, {"–", "-"}, {"(", ""}, {")", "-"}});
  const size_t end = text.find_first_of("/,;|");
  std::string first = text.substr(0, std::min(end, text.find("、")));
  first = std::string(absl::StripAsciiWhitespace(first));
  const auto digits = std::count_if(first.begin(), first.end(), absl::ascii_isdigit);
  if (first.find_first_not_of("0123456789+- ") != std::string::npos || digits < 5 || digits > 20 ||
      first.size() > 30) {
    return kBadPhone;
  }
  return first;
}

Read<Identity> ParseIdNumber(absl::string_view cell) {
  std::string text = absl::AsciiStrToUpper(Bare(cell));
  absl::string_view bare = absl::StripPrefix(text, "'");
  if (IsScientific(bare) || absl::EndsWith(bare, ".0")) return kIdLost;
  std::string digits(bare);
  if (digits.size() == 15 && IsDigits(digits)) {
    digits.insert(6, "19");
    digits += sample::IdCheckCharacter(digits);
  }
  if (digits.size() != 18 || !IsDigits(absl::string_view(digits).substr(0, 17))) return kIdLength;
  const std::optional<Date> birth = Checked(
      Number(digits.substr(6, 4)), Number(digits.substr(10, 2)), Number(digits.substr(12, 2)));
  const bool is_right = sample::IdCheckCharacter(digits.substr(0, 17)) == digits[17];
  if (!is_right && absl::EndsWith(digits, "000")) return kIdLost;
  if (!birth.has_value() || birth->month == 0 || birth->day == 0) return kIdDate;
  if (!is_right) return kIdCheck;
  const bool man = (digits[16] - '0') % 2 == 1;
  return Identity{.number = digits, .birth = *birth, .sex = man ? v1::SEX_MALE : v1::SEX_FEMALE};
}

std::string ClassOf(absl::string_view cell) {
  const std::string text = Tidy(cell);
  if (text.empty()) return "empty";
  if (IsDigits(text)) return absl::StrCat(text.size(), " digits");
  if (IsScientific(text)) return "number in scientific notation";
  if (text.find_first_not_of("0123456789.,+-") == std::string::npos) return "number or date";
  const size_t characters = CountCharacters(text);
  return absl::StrCat("text of ", characters, characters == 1 ? " character" : " characters");
}

}  // namespace leye::ctl::files
