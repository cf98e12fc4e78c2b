#include "services/store/region.h"

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/base/status.h"

namespace leye::store {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

absl::Status InvalidToken(absl::string_view token) {
  return Error(absl::StatusCode::kInvalidArgument, "INVALID_REVISION",
               absl::StrCat("'", absl::CHexEscape(token.substr(0, 64)), "' is no revision token"));
}

}  // namespace

absl::StatusOr<Region> Region::Parse(absl::string_view code) {
  if (code.size() != 2 || !IsDigit(code[0]) || !IsDigit(code[1])) {
    return Error(absl::StatusCode::kInvalidArgument, "INVALID_REGION",
                 absl::StrCat("'", absl::CHexEscape(code.substr(0, 16)),
                              "' is no region: expected two digits such as 13"));
  }
  return FromNumber((code[0] - '0') * 10 + (code[1] - '0'));
}

std::string Region::code() const { return absl::StrFormat("%02d", number_); }

std::string FormatToken(const RegionRevision& at) {
  return absl::StrFormat("%s:%x-%u", at.region.code(), at.revision.epoch, at.revision.sequence);
}

absl::StatusOr<RegionRevision> ParseToken(absl::string_view token) {
  const size_t colon = token.find(':');
  const size_t dash = token.find('-');
  if (colon != 2 || dash == absl::string_view::npos || dash < colon) return InvalidToken(token);
  LEYE_ASSIGN_OR_RETURN(const Region region, Region::Parse(token.substr(0, colon)));
  Revision revision;
  if (!absl::SimpleHexAtoi(token.substr(colon + 1, dash - colon - 1), &revision.epoch) ||
      !absl::SimpleAtoi(token.substr(dash + 1), &revision.sequence)) {
    return InvalidToken(token);
  }
  const RegionRevision parsed{region, revision};
  // Only one spelling of each revision, so that tokens can be compared as text.
  if (FormatToken(parsed) != token) return InvalidToken(token);
  return parsed;
}

}  // namespace leye::store
