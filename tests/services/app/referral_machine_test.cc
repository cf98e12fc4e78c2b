// The life cycle's table against the rules as DOMAIN states them, written down a second time.
#include "services/app/referral_machine.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace leye::app {
namespace {

using matcher::Channel;
using ::testing::HasSubstr;

constexpr Channel kChannels[] = {Channel::kEnterprise, Channel::kPublicWelfare,
                                 Channel::kWorkForRelief};

// "from step to" a line. `+`: every channel; E, P, R: only in these.
constexpr char kRules[] = R"(
  + RECOMMENDED PUSH PUSHED
  + PUSHED ACCEPT ACCEPTED
  + PUSHED DECLINE DECLINED
  + PUSHED EXPIRE EXPIRED
  + ACCEPTED REFER REFERRED
  + REFERRED INTERVIEW INTERVIEWED
  + REFERRED MISS NO_SHOW
  + REFERRED EXPIRE EXPIRED
  ER INTERVIEWED HIRE HIRED
  + INTERVIEWED REJECT REJECTED
  + INTERVIEWED EXPIRE EXPIRED
  P REFERRED START_VILLAGE_REVIEW VILLAGE_REVIEW
  P INTERVIEWED START_VILLAGE_REVIEW VILLAGE_REVIEW
  P VILLAGE_REVIEW START_TOWN_REVIEW TOWN_REVIEW
  P VILLAGE_REVIEW REJECT REJECTED
  P VILLAGE_REVIEW EXPIRE EXPIRED
  P TOWN_REVIEW PUBLICISE PUBLICITY
  P TOWN_REVIEW REJECT REJECTED
  P TOWN_REVIEW EXPIRE EXPIRED
  P PUBLICITY APPROVE COUNTY_APPROVED
  P PUBLICITY OBJECT OBJECTED
  P PUBLICITY EXPIRE EXPIRED
  P COUNTY_APPROVED HIRE HIRED
  P COUNTY_APPROVED EXPIRE EXPIRED
  + HIRED ONBOARD ONBOARD
  + HIRED FAIL_TO_ARRIVE NOT_ARRIVED
  + ONBOARD FOLLOW_UP ONBOARD
  + ONBOARD STABILISE STABLE
  + ONBOARD LEAVE LEFT
  + STABLE FOLLOW_UP STABLE
  + STABLE LEAVE LEFT
  R ONBOARD COMPLETE COMPLETED
  R STABLE COMPLETE COMPLETED
  + RECOMMENDED CANCEL CANCELLED
  + PUSHED CANCEL CANCELLED
  + ACCEPTED CANCEL CANCELLED
  + REFERRED CANCEL CANCELLED
  + INTERVIEWED CANCEL CANCELLED
  P VILLAGE_REVIEW CANCEL CANCELLED
  P TOWN_REVIEW CANCEL CANCELLED
  P PUBLICITY CANCEL CANCELLED
  P COUNTY_APPROVED CANCEL CANCELLED
  + HIRED CANCEL CANCELLED
)";

using Step = std::tuple<Channel, std::string, std::string>;

// Channel, from, step -> to.
std::map<Step, std::string> Expected() {
  const std::map<std::string, std::vector<Channel>> letters = {
      {"+", {kChannels[0], kChannels[1], kChannels[2]}},
      {"ER", {Channel::kEnterprise, Channel::kWorkForRelief}},
      {"P", {Channel::kPublicWelfare}},
      {"R", {Channel::kWorkForRelief}}};
  std::map<Step, std::string> expected;
  for (const absl::string_view line : absl::StrSplit(kRules, '\n', absl::SkipWhitespace())) {
    const std::vector<std::string> words =
        absl::StrSplit(absl::StripAsciiWhitespace(line), ' ', absl::SkipEmpty());
    for (const Channel channel : letters.at(words[0])) {
      expected[{channel, words[1], words[2]}] = words[3];
    }
  }
  return expected;
}

template <typename Visit>
void ForEachStateAndEvent(Visit visit) {
  for (int state = 1; state < v1::ReferralState_ARRAYSIZE; ++state) {
    for (int event = 0; event < v1::ReferralEvent_ARRAYSIZE; ++event) {
      visit(static_cast<v1::ReferralState>(state), static_cast<v1::ReferralEvent>(event));
    }
  }
}

TEST(ReferralMachine, EveryStateTimesStepTimesChannelIsAsTheRulesSay) {
  const std::map<Step, std::string> expected = Expected();
  size_t allowed = 0;
  for (const Channel channel : kChannels) {
    ForEachStateAndEvent([&](v1::ReferralState state, v1::ReferralEvent event) {
      const ReferralMove* move = FindMove(state, event, channel);
      const auto rule =
          expected.find({channel, std::string(WordOf(state)), std::string(WordOf(event))});
      ASSERT_EQ(move != nullptr, rule != expected.end())
          << WordOf(state) << " " << WordOf(event) << " channel " << static_cast<int>(channel);
      if (move == nullptr) return;
      ++allowed;
      EXPECT_EQ(WordOf(move->to), rule->second);
    });
  }
  EXPECT_EQ(allowed, expected.size());
}

TEST(ReferralMachine, ATableSaysNothingTwice) {
  std::set<std::tuple<int, int, int>> seen;
  for (const ReferralMove& move : ReferralMoves()) {
    for (const Channel channel : kChannels) {
      if (!move.channels.Contains(channel)) continue;
      EXPECT_TRUE(seen.emplace(move.from, move.event, static_cast<int>(channel)).second)
          << WordOf(move.from) << " " << WordOf(move.event);
    }
  }
}

TEST(ReferralMachine, OnlyEndsHaveNoWayOnAndNoStateIsOutOfReach) {
  for (const Channel channel : kChannels) {
    std::set<v1::ReferralState> reached = {v1::REFERRAL_STATE_RECOMMENDED};
    for (size_t before = 0; before != reached.size();) {
      before = reached.size();
      for (const ReferralMove& move : ReferralMoves()) {
        if (move.channels.Contains(channel) && reached.contains(move.from)) {
          reached.insert(move.to);
        }
      }
    }
    for (const ReferralStateFacts& facts : ReferralStates()) {
      const bool ended = facts.phase == ReferralPhase::kEnded;
      if (reached.contains(facts.state)) {
        EXPECT_EQ(EventsFrom(facts.state, channel).empty(), ended) << WordOf(facts.state);
      } else if (channel == Channel::kPublicWelfare) {
        EXPECT_EQ(facts.state, v1::REFERRAL_STATE_COMPLETED);
      }
    }
  }
}

TEST(ReferralMachine, WhatHoldsAnOpeningIsEndedByTheClockOrByWork) {
  for (const ReferralStateFacts& facts : ReferralStates()) {
    if (facts.phase == ReferralPhase::kEnded) {
      EXPECT_FALSE(facts.holds_opening) << WordOf(facts.state);
      continue;
    }
    const bool expires =
        FindMove(facts.state, v1::REFERRAL_EVENT_EXPIRE, Channel::kPublicWelfare) != nullptr;
    EXPECT_EQ(expires, facts.on_due == OnDue::kExpire) << WordOf(facts.state);
    EXPECT_EQ(facts.on_due == OnDue::kNothing, facts.timer == StateTimer::kNone);
    // Taken people are the employer's, and people at work nobody's, to end.
    const bool lasts =
        facts.state == v1::REFERRAL_STATE_HIRED || facts.phase == ReferralPhase::kAtWork;
    if (facts.holds_opening) {
      EXPECT_EQ(expires, !lasts) << WordOf(facts.state);
    }
  }
}

TEST(ReferralMachine, AHoldBeginsWithREFERREDOnly) {
  for (const ReferralMove& move : ReferralMoves()) {
    const bool begins =
        StateFactsOf(move.to).holds_opening && !StateFactsOf(move.from).holds_opening;
    EXPECT_EQ(begins, move.event == v1::REFERRAL_EVENT_REFER) << WordOf(move.event);
  }
}

TEST(ReferralMachine, TimersAreThoseOfTheRules) {
  const absl::Time now = absl::UnixEpoch();
  const absl::Time publicity_end = now + absl::Hours(24 * 7);
  const auto days = [&](v1::ReferralState state) {
    return (DueTime(state, now, publicity_end, matcher::ReferralParameters()) - now) /
           absl::Hours(24);
  };
  EXPECT_EQ(days(v1::REFERRAL_STATE_PUSHED), 3);
  EXPECT_EQ(days(v1::REFERRAL_STATE_REFERRED), 7);
  EXPECT_EQ(days(v1::REFERRAL_STATE_PUBLICITY), 14);
  EXPECT_EQ(DueTime(v1::REFERRAL_STATE_ONBOARD, now, now, matcher::ReferralParameters()),
            absl::InfiniteFuture());
}

TEST(ReferralMachine, TheDocumentShowsTheTables) {
  const std::string path =
      absl::StrCat(std::getenv("LEYE_SOURCE_DIR"), "/services/app/REFERRALS.md");
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_THAT(text, HasSubstr(ReferralLifeCycle()))
      << "services/app/REFERRALS.md is not what the tables say; it should hold:\n"
      << ReferralLifeCycle();
}

}  // namespace
}  // namespace leye::app
