#include "services/app/lint_codec.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"

namespace leye::app {

// The API's numbers are the matcher's plus one.
static_assert(v1::LINT_CODE_MISSING_CONDITIONS ==
              static_cast<int>(matcher::LintCode::kMissingConditions) + 1);
static_assert(v1::LINT_CODE_SKILL_GATE == static_cast<int>(matcher::LintCode::kSkillGate) + 1);

v1::LintCode ToApi(matcher::LintCode code) {
  return static_cast<v1::LintCode>(static_cast<int>(code) + 1);
}

std::vector<std::string> FromApi(const v1::Words& given) {
  return {given.words().begin(), given.words().end()};
}

std::vector<int> FromApi(const v1::FollowUpDays& given) {
  return {given.days().begin(), given.days().end()};
}

std::vector<matcher::MinimumWage> FromApi(const v1::MinimumWages& given) {
  std::vector<matcher::MinimumWage> wages;
  for (const v1::MinimumWage& wage : given.wages()) {
    uint64_t division = 0;
    if (!absl::SimpleAtoi(wage.division_code(), &division)) division = 0;
    wages.push_back({.division = matcher::DivisionCode::FromNumber(division),
                     .monthly_yuan = wage.monthly_yuan(),
                     .hourly_fen = wage.hourly_fen()});
  }
  return wages;
}

std::vector<matcher::LabourPayShare> FromApi(const v1::LabourPayShares& given) {
  std::vector<matcher::LabourPayShare> shares;
  for (const v1::LabourPayShare& share : given.shares()) {
    shares.push_back({.from_year = share.from_year(), .percent = share.percent()});
  }
  return shares;
}

std::vector<matcher::LintSource> FromApi(const v1::LintSources& given) {
  std::vector<matcher::LintSource> sources;
  for (const v1::LintSource& source : given.sources()) {
    const int number = source.code() - 1;  // What is none is refused with the rules of fields.
    if (number < 0 || number >= matcher::kEnumCount<matcher::LintCode>) continue;
    sources.push_back({.code = static_cast<matcher::LintCode>(number), .source = source.source()});
  }
  return sources;
}

void Tell(const std::vector<std::string>& words, v1::Words& told) {
  for (const std::string& word : words) told.add_words(word);
}

void Tell(const std::vector<int>& days, v1::FollowUpDays& told) {
  for (const int day : days) told.add_days(day);
}

void Tell(const std::vector<matcher::MinimumWage>& wages, v1::MinimumWages& told) {
  for (const matcher::MinimumWage& wage : wages) {
    v1::MinimumWage& one = *told.add_wages();
    one.set_division_code(absl::StrFormat("%06d", wage.division.twelve_digits() / 1'000'000));
    one.set_monthly_yuan(wage.monthly_yuan);
    one.set_hourly_fen(wage.hourly_fen);
  }
}

void Tell(const std::vector<matcher::LabourPayShare>& shares, v1::LabourPayShares& told) {
  for (const matcher::LabourPayShare& share : shares) {
    v1::LabourPayShare& one = *told.add_shares();
    one.set_from_year(share.from_year);
    one.set_percent(share.percent);
  }
}

void Tell(const std::vector<matcher::LintSource>& sources, v1::LintSources& told) {
  for (const matcher::LintSource& source : sources) {
    v1::LintSource& one = *told.add_sources();
    one.set_code(ToApi(source.code));
    one.set_source(source.source);
  }
}

}  // namespace leye::app
