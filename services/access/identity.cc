#include "services/access/identity.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/base/status.h"

namespace leye::access {
namespace {

constexpr size_t kCityDigits = 4;
constexpr size_t kCountyDigits = 6;
constexpr size_t kMaxIdLength = 63;

bool AreDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
}

// A code that ends in "00" would name the level above: one office has one name.
bool IsDivision(absl::string_view text) {
  const bool level =
      text.size() == kRegionDigits || text.size() == kCityDigits || text.size() == kCountyDigits;
  return level && AreDigits(text) && !absl::EndsWith(text, "00");
}

bool IsId(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxIdLength &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_islower(static_cast<unsigned char>(c)) ||
                  absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-';
         });
}

absl::Status NoSuchIdentity() {
  return Error(absl::StatusCode::kInvalidArgument, "INVALID_IDENTITY",
               "must be leye://operator, leye://auditor, leye://bureau/<2, 4 or 6 digits>, "
               "leye://enterprise/<region>/<id> or leye://app/<region>/<id>");
}

}  // namespace

absl::StatusOr<Principal> ParseIdentity(absl::string_view name) {
  if (!absl::ConsumePrefix(&name, "leye://")) return NoSuchIdentity();
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  const absl::string_view role = parts[0];
  if (parts.size() == 1 && role == "operator") {
    return Principal{.id = "operator", .role = Role::kOperator, .view = {.personal_data = true}};
  }
  if (parts.size() == 1 && role == "auditor") return Auditor();
  if (parts.size() == 2 && role == "bureau" && IsDivision(parts[1])) return Bureau(parts[1]);
  const bool has_record = parts.size() == 3 && parts[1].size() == kRegionDigits &&
                          IsDivision(parts[1]) && IsId(parts[2]);
  if (has_record && role == "enterprise") {
    return Enterprise(absl::StrCat("regions/", parts[1], "/employers/", parts[2]));
  }
  if (has_record && role == "app") {
    return App(absl::StrCat("regions/", parts[1], "/candidates/", parts[2]));
  }
  return NoSuchIdentity();
}

}  // namespace leye::access
