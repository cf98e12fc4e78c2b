#include "services/app/referral_machine.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace leye::app {

using matcher::Channel;

namespace {

constexpr ChannelSet kAll = {Channel::kEnterprise, Channel::kPublicWelfare,
                             Channel::kWorkForRelief};
constexpr ChannelSet kWelfare = {Channel::kPublicWelfare};
constexpr ChannelSet kRelief = {Channel::kWorkForRelief};
constexpr ChannelSet kMarket = {Channel::kEnterprise, Channel::kWorkForRelief};

constexpr auto kRecommended = v1::REFERRAL_STATE_RECOMMENDED;
constexpr auto kPushed = v1::REFERRAL_STATE_PUSHED;
constexpr auto kAccepted = v1::REFERRAL_STATE_ACCEPTED;
constexpr auto kDeclined = v1::REFERRAL_STATE_DECLINED;
constexpr auto kExpired = v1::REFERRAL_STATE_EXPIRED;
constexpr auto kReferred = v1::REFERRAL_STATE_REFERRED;
constexpr auto kInterviewed = v1::REFERRAL_STATE_INTERVIEWED;
constexpr auto kNoShow = v1::REFERRAL_STATE_NO_SHOW;
constexpr auto kHired = v1::REFERRAL_STATE_HIRED;
constexpr auto kRejected = v1::REFERRAL_STATE_REJECTED;
constexpr auto kOnboard = v1::REFERRAL_STATE_ONBOARD;
constexpr auto kNotArrived = v1::REFERRAL_STATE_NOT_ARRIVED;
constexpr auto kStable = v1::REFERRAL_STATE_STABLE;
constexpr auto kLeft = v1::REFERRAL_STATE_LEFT;
constexpr auto kCancelled = v1::REFERRAL_STATE_CANCELLED;
constexpr auto kVillage = v1::REFERRAL_STATE_VILLAGE_REVIEW;
constexpr auto kTown = v1::REFERRAL_STATE_TOWN_REVIEW;
constexpr auto kPublicity = v1::REFERRAL_STATE_PUBLICITY;
constexpr auto kApproved = v1::REFERRAL_STATE_COUNTY_APPROVED;
constexpr auto kObjected = v1::REFERRAL_STATE_OBJECTED;
constexpr auto kCompleted = v1::REFERRAL_STATE_COMPLETED;

constexpr bool kHolds = true;
constexpr bool kFree = false;
constexpr bool kBars = true;

// By the states' numbers.
constexpr std::array<ReferralStateFacts, 21> kStates = {{
    {kRecommended, "已推荐", ReferralPhase::kBeforeWork},
    {kPushed, "已推送", ReferralPhase::kBeforeWork, kFree, StateTimer::kAnswer, OnDue::kExpire},
    {kAccepted, "愿意应聘", ReferralPhase::kBeforeWork, kFree, StateTimer::kStep, OnDue::kRemind},
    {kDeclined, "不愿应聘", ReferralPhase::kEnded, kFree, StateTimer::kNone, OnDue::kNothing,
     kBars},
    {kExpired, "已过期", ReferralPhase::kEnded},
    {kReferred, "已转介", ReferralPhase::kBeforeWork, kHolds, StateTimer::kStep, OnDue::kExpire},
    {kInterviewed, "已面试", ReferralPhase::kBeforeWork, kHolds, StateTimer::kStep, OnDue::kExpire},
    {kNoShow, "未到面试", ReferralPhase::kEnded, kFree, StateTimer::kNone, OnDue::kNothing, kBars},
    {kHired, "已录用", ReferralPhase::kBeforeWork, kHolds, StateTimer::kStep, OnDue::kRemind},
    {kRejected, "未录用", ReferralPhase::kEnded, kFree, StateTimer::kNone, OnDue::kNothing, kBars},
    {kOnboard, "已上岗", ReferralPhase::kAtWork, kHolds},
    {kNotArrived, "未上岗", ReferralPhase::kEnded, kFree, StateTimer::kNone, OnDue::kNothing,
     kBars},
    {kStable, "稳定就业", ReferralPhase::kAtWork, kHolds},
    {kLeft, "已离岗", ReferralPhase::kEnded},  // Bars the pair when dismissed for cause.
    {kCancelled, "已取消", ReferralPhase::kEnded},
    {kVillage, "村评议", ReferralPhase::kBeforeWork, kHolds, StateTimer::kStep, OnDue::kExpire},
    {kTown, "乡镇审核", ReferralPhase::kBeforeWork, kHolds, StateTimer::kStep, OnDue::kExpire},
    {kPublicity, "公示中", ReferralPhase::kBeforeWork, kHolds, StateTimer::kPublicity,
     OnDue::kExpire},
    {kApproved, "县级已批", ReferralPhase::kBeforeWork, kHolds, StateTimer::kStep, OnDue::kExpire},
    {kObjected, "公示有异议", ReferralPhase::kEnded, kFree, StateTimer::kNone, OnDue::kNothing,
     kBars},
    {kCompleted, "项目完工", ReferralPhase::kEnded},
}};

constexpr bool InOrder() {
  for (size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i].state != static_cast<v1::ReferralState>(i + 1)) return false;
  }
  return true;
}
static_assert(InOrder());

constexpr ReferralMove kMoves[] = {
    {v1::REFERRAL_EVENT_PUSH, kRecommended, kPushed, kAll, StepBy::kClerk},
    {v1::REFERRAL_EVENT_ACCEPT, kPushed, kAccepted, kAll, StepBy::kPerson},
    {v1::REFERRAL_EVENT_DECLINE, kPushed, kDeclined, kAll, StepBy::kPerson},
    {v1::REFERRAL_EVENT_REFER, kAccepted, kReferred, kAll, StepBy::kClerk},
    {v1::REFERRAL_EVENT_INTERVIEW, kReferred, kInterviewed, kAll, StepBy::kEmployer},
    {v1::REFERRAL_EVENT_MISS, kReferred, kNoShow, kAll, StepBy::kEmployer},
    {v1::REFERRAL_EVENT_HIRE, kInterviewed, kHired, kMarket, StepBy::kEmployer},
    {v1::REFERRAL_EVENT_REJECT, kInterviewed, kRejected, kAll, StepBy::kEmployer},
    // A public-welfare post is let by offices; an interview is not needed.
    {v1::REFERRAL_EVENT_START_VILLAGE_REVIEW, kReferred, kVillage, kWelfare, StepBy::kVillage},
    {v1::REFERRAL_EVENT_START_VILLAGE_REVIEW, kInterviewed, kVillage, kWelfare, StepBy::kVillage},
    {v1::REFERRAL_EVENT_START_TOWN_REVIEW, kVillage, kTown, kWelfare, StepBy::kVillage},
    {v1::REFERRAL_EVENT_REJECT, kVillage, kRejected, kWelfare, StepBy::kVillage},
    {v1::REFERRAL_EVENT_PUBLICISE, kTown, kPublicity, kWelfare, StepBy::kTown},
    {v1::REFERRAL_EVENT_REJECT, kTown, kRejected, kWelfare, StepBy::kTown},
    {v1::REFERRAL_EVENT_APPROVE, kPublicity, kApproved, kWelfare, StepBy::kCounty,
     StepWait::kPublicity},
    {v1::REFERRAL_EVENT_OBJECT, kPublicity, kObjected, kWelfare, StepBy::kCounty},
    {v1::REFERRAL_EVENT_HIRE, kApproved, kHired, kWelfare, StepBy::kEmployer},
    {v1::REFERRAL_EVENT_ONBOARD, kHired, kOnboard, kAll, StepBy::kEmployer},
    {v1::REFERRAL_EVENT_FAIL_TO_ARRIVE, kHired, kNotArrived, kAll, StepBy::kEmployer},
    {v1::REFERRAL_EVENT_FOLLOW_UP, kOnboard, kOnboard, kAll, StepBy::kClerk},
    {v1::REFERRAL_EVENT_STABILISE, kOnboard, kStable, kAll, StepBy::kClerk, StepWait::kStableWork},
    {v1::REFERRAL_EVENT_FOLLOW_UP, kStable, kStable, kAll, StepBy::kClerk},
    {v1::REFERRAL_EVENT_LEAVE, kOnboard, kLeft, kAll, StepBy::kClerk},
    {v1::REFERRAL_EVENT_LEAVE, kStable, kLeft, kAll, StepBy::kClerk},
    {v1::REFERRAL_EVENT_COMPLETE, kOnboard, kCompleted, kRelief, StepBy::kEmployer},
    {v1::REFERRAL_EVENT_COMPLETE, kStable, kCompleted, kRelief, StepBy::kEmployer},
    {v1::REFERRAL_EVENT_CANCEL, kRecommended, kCancelled, kAll, StepBy::kClerk},
    {v1::REFERRAL_EVENT_CANCEL, kPushed, kCancelled, kAll, StepBy::kClerk},
    {v1::REFERRAL_EVENT_CANCEL, kAccepted, kCancelled, kAll, StepBy::kClerk},
    {v1::REFERRAL_EVENT_CANCEL, kReferred, kCancelled, kAll, StepBy::kClerk},
    {v1::REFERRAL_EVENT_CANCEL, kInterviewed, kCancelled, kAll, StepBy::kClerk},
    {v1::REFERRAL_EVENT_CANCEL, kVillage, kCancelled, kWelfare, StepBy::kClerk},
    {v1::REFERRAL_EVENT_CANCEL, kTown, kCancelled, kWelfare, StepBy::kClerk},
    {v1::REFERRAL_EVENT_CANCEL, kPublicity, kCancelled, kWelfare, StepBy::kClerk},
    {v1::REFERRAL_EVENT_CANCEL, kApproved, kCancelled, kWelfare, StepBy::kClerk},
    {v1::REFERRAL_EVENT_CANCEL, kHired, kCancelled, kAll, StepBy::kClerk},
    {v1::REFERRAL_EVENT_EXPIRE, kPushed, kExpired, kAll, StepBy::kClock},
    {v1::REFERRAL_EVENT_EXPIRE, kReferred, kExpired, kAll, StepBy::kClock},
    {v1::REFERRAL_EVENT_EXPIRE, kInterviewed, kExpired, kAll, StepBy::kClock},
    {v1::REFERRAL_EVENT_EXPIRE, kVillage, kExpired, kWelfare, StepBy::kClock},
    {v1::REFERRAL_EVENT_EXPIRE, kTown, kExpired, kWelfare, StepBy::kClock},
    {v1::REFERRAL_EVENT_EXPIRE, kPublicity, kExpired, kWelfare, StepBy::kClock},
    {v1::REFERRAL_EVENT_EXPIRE, kApproved, kExpired, kWelfare, StepBy::kClock},
};

absl::string_view TextOf(StepBy by) {
  constexpr std::array<absl::string_view, 7> kWords = {"clerk", "person", "employer", "village",
                                                       "town",  "county", "clock"};
  return kWords[static_cast<size_t>(by)];
}

absl::string_view TextOf(StepWait wait) {
  constexpr std::array<absl::string_view, 3> kWords = {"", "publicity is over",
                                                       "stable_days of work"};
  return kWords[static_cast<size_t>(wait)];
}

absl::string_view TextOf(StateTimer timer) {
  constexpr std::array<absl::string_view, 4> kWords = {"", "answer_days", "step_days",
                                                       "publicity_days + step_days"};
  return kWords[static_cast<size_t>(timer)];
}

absl::string_view TextOf(OnDue on_due) {
  constexpr std::array<absl::string_view, 3> kWords = {"", "reminds", "expires"};
  return kWords[static_cast<size_t>(on_due)];
}

absl::string_view TextOf(Channel channel) {
  switch (channel) {
    case Channel::kEnterprise:
      return "enterprise";
    case Channel::kPublicWelfare:
      return "public welfare";
    default:
      return "work for relief";
  }
}

constexpr std::array<Channel, 3> kChannels = {Channel::kEnterprise, Channel::kPublicWelfare,
                                              Channel::kWorkForRelief};

std::string ChannelsText(ChannelSet channels) {
  if (channels == kAll) return "all";
  std::vector<absl::string_view> names;
  for (const Channel channel : kChannels) {
    if (channels.Contains(channel)) names.push_back(TextOf(channel));
  }
  return absl::StrJoin(names, ", ");
}

std::string StatesTable() {
  std::string text =
      "| state | | holds an opening | timer | then | bars the pair |\n|---|---|---|---|---|---|\n";
  for (const ReferralStateFacts& facts : kStates) {
    absl::StrAppend(&text, "| ", WordOf(facts.state), " | ", facts.words_zh, " | ",
                    facts.holds_opening ? "yes" : "", " | ", TextOf(facts.timer), " | ",
                    TextOf(facts.on_due), " | ", facts.bars_pair ? "yes" : "", " |\n");
  }
  return text;
}

std::string MovesTable() {
  std::string text =
      "| step | from | to | channels | by | not before |\n|---|---|---|---|---|---|\n";
  for (const ReferralMove& move : kMoves) {
    absl::StrAppend(&text, "| ", WordOf(move.event), " | ", WordOf(move.from), " | ",
                    WordOf(move.to), " | ", ChannelsText(move.channels), " | ", TextOf(move.by),
                    " | ", TextOf(move.wait), " |\n");
  }
  return text;
}

// Steps that nearly every state has are told in words, or the picture is all arrows.
bool IsDrawn(const ReferralMove& move) {
  return move.event != v1::REFERRAL_EVENT_CANCEL && move.event != v1::REFERRAL_EVENT_EXPIRE &&
         move.from != move.to;
}

std::string Diagram(Channel channel) {
  std::string text = "```mermaid\nstateDiagram-v2\n";
  for (const auto first : {kRecommended, kPushed, kReferred}) {
    absl::StrAppend(&text, "  [*] --> ", WordOf(first), "\n");
  }
  for (const ReferralMove& move : kMoves) {
    if (!move.channels.Contains(channel) || !IsDrawn(move)) continue;
    absl::StrAppend(&text, "  ", WordOf(move.from), " --> ", WordOf(move.to), ": ",
                    WordOf(move.event), "\n");
  }
  return absl::StrCat(text, "```\n");
}

}  // namespace

std::span<const ReferralStateFacts> ReferralStates() { return kStates; }
std::span<const ReferralMove> ReferralMoves() { return kMoves; }

const ReferralStateFacts& StateFactsOf(v1::ReferralState state) {
  return kStates[static_cast<size_t>(state) - 1];
}

matcher::Channel ChannelOf(const v1::Referral& referral) {
  switch (referral.channel()) {
    case v1::CHANNEL_PUBLIC_WELFARE:
      return matcher::Channel::kPublicWelfare;
    case v1::CHANNEL_WORK_FOR_RELIEF:
      return matcher::Channel::kWorkForRelief;
    default:
      return matcher::Channel::kEnterprise;
  }
}

const ReferralMove* FindMove(v1::ReferralState from, v1::ReferralEvent event, Channel channel) {
  for (const ReferralMove& move : kMoves) {
    if (move.from == from && move.event == event && move.channels.Contains(channel)) return &move;
  }
  return nullptr;
}

std::vector<v1::ReferralEvent> EventsFrom(v1::ReferralState from, Channel channel) {
  std::vector<v1::ReferralEvent> events;
  for (const ReferralMove& move : kMoves) {
    if (move.from == from && move.channels.Contains(channel)) events.push_back(move.event);
  }
  return events;
}

absl::string_view WordOf(v1::ReferralEvent event) {
  return absl::StripPrefix(v1::ReferralEvent_Name(event), "REFERRAL_EVENT_");
}

absl::string_view WordOf(v1::ReferralState state) {
  return absl::StripPrefix(v1::ReferralState_Name(state), "REFERRAL_STATE_");
}

absl::Time DueTime(v1::ReferralState state, absl::Time now, absl::Time publicity_end,
                   const matcher::ReferralParameters& rules) {
  constexpr absl::Duration kDay = absl::Hours(24);
  switch (StateFactsOf(state).timer) {
    case StateTimer::kAnswer:
      return now + rules.answer_days * kDay;
    case StateTimer::kStep:
      return now + rules.step_days * kDay;
    case StateTimer::kPublicity:
      return publicity_end + rules.step_days * kDay;
    case StateTimer::kNone:
      return absl::InfiniteFuture();
  }
  return absl::InfiniteFuture();
}

std::string ReferralLifeCycle() {
  std::string text = absl::StrCat("### States\n\n", StatesTable(), "\n### Steps\n\n", MovesTable());
  for (const Channel channel : kChannels) {
    absl::StrAppend(&text, "\n### ", TextOf(channel), "\n\n", Diagram(channel));
  }
  return text;
}

}  // namespace leye::app
