#include "services/app/referral_errors.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "matcher/rule_id.h"
#include "services/app/referral_machine.h"
#include "services/base/clock.h"
#include "services/base/status.h"

namespace leye::app {

using absl::StatusCode;

absl::Status PairOpen(const std::string& open_referral) {
  return WithMessageZh(
      Error(StatusCode::kAlreadyExists, "PAIR_OPEN",
            absl::StrCat("the person and the posting have a referral that has not ended: ",
                         open_referral),
            {{"referral", open_referral}}),
      absl::StrCat("该人员与该岗位已有未结束的推荐：", open_referral));
}

absl::Status PersonHeld(const std::string& candidate, const std::string& referral) {
  return WithMessageZh(Error(StatusCode::kFailedPrecondition, "PERSON_HELD",
                             absl::StrCat(candidate, " is held by another referral: ", referral),
                             {{"candidate", candidate}, {"referral", referral}}),
                       absl::StrCat("该人员已被其他岗位占用或已上岗：", referral));
}

absl::Status NoOpening(const std::string& posting, int64_t reserved_left) {
  const std::string message =
      reserved_left == 0
          ? absl::StrCat(posting, " has no opening left")
          : absl::StrCat(posting,
                         " has only openings left that are reserved for others: ", reserved_left);
  const std::string message_zh =
      reserved_left == 0 ? absl::StrCat("该岗位已无空缺：", posting)
                         : absl::StrCat("该岗位剩余名额为其他群体预留（", reserved_left, " 个）");
  return WithMessageZh(
      Error(StatusCode::kFailedPrecondition, "NO_OPENING", message,
            {{"posting", posting}, {"reserved_left", absl::StrCat(reserved_left)}}),
      message_zh);
}

absl::Status NotShownToEmployers(const std::string& candidate) {
  return WithMessageZh(Error(StatusCode::kFailedPrecondition, "NO_CONSENT",
                             absl::StrCat(candidate, " has not agreed to be shown to employers"),
                             {{"candidate", candidate}}),
                       absl::StrCat("本人未同意向用人单位提供个人信息：", candidate));
}

absl::Status NotEligible(const std::vector<matcher::Finding>& failures) {
  std::vector<std::string> found;
  found.reserve(failures.size());
  for (const matcher::Finding& failure : failures) {
    found.push_back(absl::StrCat(matcher::RuleName(failure.rule), " (",
                                 matcher::CauseName(failure.cause), ")"));
  }
  const std::string rules = absl::StrJoin(found, ", ");
  return WithMessageZh(Error(StatusCode::kFailedPrecondition, "NOT_ELIGIBLE",
                             absl::StrCat("rules turn the pair away: ", rules), {{"rules", rules}}),
                       absl::StrCat("不符合岗位条件：", rules));
}

absl::Status StepNotAllowed(const v1::Referral& referral, v1::ReferralEvent event,
                            matcher::Channel channel) {
  std::vector<absl::string_view> allowed;
  for (const v1::ReferralEvent each : EventsFrom(referral.state(), channel)) {
    if (each != v1::REFERRAL_EVENT_EXPIRE) allowed.push_back(WordOf(each));
  }
  const std::string steps = allowed.empty() ? "none" : absl::StrJoin(allowed, ", ");
  return WithMessageZh(
      Error(StatusCode::kFailedPrecondition, "WRONG_STATE",
            absl::StrCat(referral.name(), " is ", WordOf(referral.state()), ", where ",
                         WordOf(event), " is not allowed; allowed: ", steps),
            {{"name", referral.name()},
             {"state", std::string(WordOf(referral.state()))},
             {"allowed", steps}}),
      absl::StrCat("“", StateFactsOf(referral.state()).words_zh, "”状态下不能进行此操作：",
                   referral.name()));
}

absl::Status TooEarly(v1::ReferralEvent event, absl::Time not_before) {
  const std::string time = absl::FormatTime("%Y-%m-%d %H:%M", not_before, ChinaStandardTime());
  return WithMessageZh(
      Error(StatusCode::kFailedPrecondition, "TOO_EARLY",
            absl::StrCat(WordOf(event), " is not allowed before ", time), {{"not_before", time}}),
      absl::StrCat("须在 ", time, " 之后进行"));
}

absl::Status ChannelChanged(const v1::Referral& referral) {
  return WithMessageZh(
      Error(StatusCode::kFailedPrecondition, "CHANNEL_CHANGED",
            absl::StrCat(referral.posting(), " has become a post of another channel or kind since ",
                         referral.name(), " began: cancel it and begin anew"),
            {{"name", referral.name()}, {"posting", referral.posting()}}),
      absl::StrCat("岗位渠道或类别已变更，请取消后重新推荐：", referral.name()));
}

absl::Status Overdue(const v1::Referral& referral) {
  return WithMessageZh(
      Error(StatusCode::kFailedPrecondition, "OVERDUE",
            absl::StrCat(referral.name(), " has expired: its time was over before this step"),
            {{"name", referral.name()}}),
      absl::StrCat("该推荐已过期：", referral.name()));
}

}  // namespace leye::app
