// Lists of a ruleset, most of them the lint's, of the API and of the matcher, one made from the
// other. Part of ruleset_codec.h, which has the fields.
#ifndef LEYE_SERVICES_APP_LINT_CODEC_H_
#define LEYE_SERVICES_APP_LINT_CODEC_H_

#include <string>
#include <vector>

#include "leye/v1/lint.pb.h"
#include "leye/v1/ruleset.pb.h"
#include "matcher/posting_lint.h"

namespace leye::app {

// The API's message of a list of `T`.
template <typename T>
struct ApiListOf;
template <>
struct ApiListOf<std::string> {
  using Type = v1::Words;
};
template <>
struct ApiListOf<int> {
  using Type = v1::FollowUpDays;
};
template <>
struct ApiListOf<matcher::MinimumWage> {
  using Type = v1::MinimumWages;
};
template <>
struct ApiListOf<matcher::LabourPayShare> {
  using Type = v1::LabourPayShares;
};
template <>
struct ApiListOf<matcher::LintSource> {
  using Type = v1::LintSources;
};
template <typename T>
using ApiList = typename ApiListOf<T>::Type;

v1::LintCode ToApi(matcher::LintCode code);

std::vector<std::string> FromApi(const v1::Words& given);
std::vector<int> FromApi(const v1::FollowUpDays& given);
// A code that is none becomes no place, which the rules refuse.
std::vector<matcher::MinimumWage> FromApi(const v1::MinimumWages& given);
std::vector<matcher::LabourPayShare> FromApi(const v1::LabourPayShares& given);
std::vector<matcher::LintSource> FromApi(const v1::LintSources& given);

void Tell(const std::vector<std::string>& words, v1::Words& told);
void Tell(const std::vector<int>& days, v1::FollowUpDays& told);
void Tell(const std::vector<matcher::MinimumWage>& wages, v1::MinimumWages& told);
void Tell(const std::vector<matcher::LabourPayShare>& shares, v1::LabourPayShares& told);
void Tell(const std::vector<matcher::LintSource>& sources, v1::LintSources& told);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_LINT_CODEC_H_
