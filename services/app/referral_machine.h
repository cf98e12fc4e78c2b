// The life cycle of a referral as data: which step leads from which state where, in which channel,
// who takes it, what a state holds and by when it must go on.
//
//   const ReferralMove* move = FindMove(v1::REFERRAL_STATE_PUSHED, v1::REFERRAL_EVENT_ACCEPT,
//                                       matcher::Channel::kEnterprise);
//   move->to == v1::REFERRAL_STATE_ACCEPTED;      // null: not allowed there
//   StateFactsOf(move->to).holds_opening == false;
//
// REFERRALS.md shows the same tables as text and diagrams; a test compares it with what
// ReferralLifeCycle() prints. Immutable.
#ifndef LEYE_SERVICES_APP_REFERRAL_MACHINE_H_
#define LEYE_SERVICES_APP_REFERRAL_MACHINE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "leye/v1/referral.pb.h"
#include "matcher/enum_set.h"
#include "matcher/ruleset.h"
#include "matcher/vocabulary.h"

namespace leye::app {

using ChannelSet = matcher::EnumSet<matcher::Channel>;

// Whose step it is. Today every caller is an operator, who writes down what any of them has done;
// only the clock's steps are nobody's but the server's.
enum class StepBy : uint8_t { kClerk, kPerson, kEmployer, kVillage, kTown, kCounty, kClock };

// What must have passed before a step is allowed.
enum class StepWait : uint8_t {
  kNone,
  kPublicity,   // the days of publicity
  kStableWork,  // ReferralParameters.stable_days since work began
};

struct ReferralMove {
  v1::ReferralEvent event;
  v1::ReferralState from;
  v1::ReferralState to;
  ChannelSet channels;
  StepBy by = StepBy::kClerk;
  StepWait wait = StepWait::kNone;
};

// By when a state must be left.
enum class StateTimer : uint8_t {
  kNone,
  kAnswer,     // ReferralParameters.answer_days after it was entered
  kStep,       // ReferralParameters.step_days after it was entered
  kPublicity,  // ReferralParameters.step_days after the days of publicity
};

enum class OnDue : uint8_t {
  kNothing,
  kRemind,  // a task is overdue
  kExpire,  // the referral is EXPIRED
};

enum class ReferralPhase : uint8_t { kBeforeWork, kAtWork, kEnded };

struct ReferralStateFacts {
  v1::ReferralState state;
  absl::string_view words_zh;
  ReferralPhase phase;
  bool holds_opening = false;  // and the person
  StateTimer timer = StateTimer::kNone;
  OnDue on_due = OnDue::kNothing;
  bool bars_pair = false;  // an end after which the pair is not matched for the ruleset's window
};

// All states, in the order of their numbers, and all moves.
std::span<const ReferralStateFacts> ReferralStates();
std::span<const ReferralMove> ReferralMoves();

// REQUIRES: a state other than UNSPECIFIED.
const ReferralStateFacts& StateFactsOf(v1::ReferralState state);

// Whose steps the referral takes.
matcher::Channel ChannelOf(const v1::Referral& referral);

// Null: the step is not allowed there.
const ReferralMove* FindMove(v1::ReferralState from, v1::ReferralEvent event,
                             matcher::Channel channel);

// The steps that are allowed there, in the order of the table.
std::vector<v1::ReferralEvent> EventsFrom(v1::ReferralState from, matcher::Channel channel);

// "ACCEPT", "PUSHED": without the enum's prefix. Lives forever.
absl::string_view WordOf(v1::ReferralEvent event);
absl::string_view WordOf(v1::ReferralState state);

// When the referral must have left the state that it enters `now`; InfiniteFuture: never.
// `publicity_end` matters in PUBLICITY only.
absl::Time DueTime(v1::ReferralState state, absl::Time now, absl::Time publicity_end,
                   const matcher::ReferralParameters& rules);

// The tables and one diagram a channel (Mermaid), as Markdown.
std::string ReferralLifeCycle();

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_REFERRAL_MACHINE_H_
