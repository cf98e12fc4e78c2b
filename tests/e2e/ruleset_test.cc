// Rulesets over the wire: what a region puts in force decides the rankings, and is in force still
// after a restart.

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/match.pb.h"
#include "leye/v1/ruleset.pb.h"
#include "tests/e2e/client.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;

// Who is first for the sewing, and by which ruleset: "sewer-far by rulesets/hebei-2026".
std::string First(const Client& client) {
  v1::RankCandidatesRequest request;
  request.set_posting(NameOf("postings", "sewing"));
  const auto answer = client.Call<v1::RankCandidatesResponse>(request);
  if (!answer.ok() || answer->matches().empty()) return answer.status().ToString();
  const std::string& name = answer->matches(0).candidate().name();
  return name.substr(name.rfind('/') + 1) + " by " + answer->basis().ruleset();
}

TEST(RulesetE2e, WhatIsPutInForceRanks) {
  ServerInProcess server;
  Client client(server.channel());
  ASSERT_THAT(MakeSmallWorld(client), IsOk());
  ASSERT_EQ(First(client), "sewer-near by rulesets/hebei-2026");

  // Only need counts: the household in which nobody works comes first.
  auto create = Parse<v1::CreateRulesetRequest>(R"pb(
    parent: "regions/13"
    ruleset_id: "need"
    ruleset {
      enterprise_weights { skills: 0 proximity: 0 priority: 1000000 wage: 0 wish: 0 waiting: 0 }
    })pb");
  ASSERT_THAT(client.Call<v1::CreateRulesetResponse>(create), IsOk());
  EXPECT_THAT(client.Call<v1::CreateRulesetResponse>(create),
              FailsWith(absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS"));
  EXPECT_EQ(First(client), "sewer-near by rulesets/hebei-2026");
  const auto activate =
      Parse<v1::ActivateRulesetRequest>("parent: 'regions/13' ruleset: 'regions/13/rulesets/need'");
  ASSERT_THAT(client.Call<v1::ActivateRulesetResponse>(activate), IsOk());
  EXPECT_EQ(First(client), "sewer-far by regions/13/rulesets/need");
  server.Restart();
  client = Client(server.channel());
  EXPECT_EQ(First(client), "sewer-far by regions/13/rulesets/need");
}

}  // namespace
}  // namespace leye::e2e
