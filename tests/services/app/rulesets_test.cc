// Rulesets as data: the table of fields, what is refused, what is in force when, and what another
// one would change.
#include "services/app/rulesets.h"

#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

#include "services/access/sealer.h"
#include "services/app/ruleset_codec.h"
#include "services/base/status.h"
#include "tests/services/app/matching_world_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye::app {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;
using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::leye::testing::StatusIs;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// --- The table of fields -------------------------------------------------------------------------

// Visits every field of a ruleset that is no message of the ruleset's parts, with its path.
using Visit = std::function<void(Message& holder, const FieldDescriptor& field, std::string path)>;
void ForEachLeaf(Message& message, const std::string& path, const Visit& visit) {
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (path.empty() && field.number() < 10) continue;  // About the record.
    const std::string at = path.empty() ? field.name() : absl::StrCat(path, ".", field.name());
    const bool set = field.message_type() != nullptr && field.message_type()->field_count() == 1 &&
                     field.message_type()->field(0)->is_repeated();
    if (field.message_type() == nullptr || set) {
      visit(message, field, at);
    } else {
      ForEachLeaf(*message.GetReflection()->MutableMessage(&message, &field), at, visit);
    }
  }
}

// Another value of the field, which the rules may or may not take.
void Change(Message& holder, const FieldDescriptor& field) {
  const auto& reflection = *holder.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(&holder, &field, reflection.GetInt32(holder, &field) == 7 ? 8 : 7);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.SetDouble(&holder, &field, reflection.GetDouble(holder, &field) + 1.5);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(&holder, &field, !reflection.GetBool(holder, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(&holder, &field,
                                     reflection.GetEnumValue(holder, &field) == 1 ? 2 : 1);
    default: {  // A set, or the tiers: another number of members.
      Message& set = *reflection.MutableMessage(&holder, &field);
      const FieldDescriptor& members = *set.GetDescriptor()->field(0);
      if (set.GetReflection()->FieldSize(set, &members) > 0) {
        return set.GetReflection()->RemoveLast(&set, &members);
      }
      return set.GetReflection()->AddEnumValue(&set, &members, 1);
    }
  }
}

TEST(RulesetCodec, DescribesEveryField) {
  v1::Ruleset told = DescribeRuleset(matcher::DefaultRuleset());
  int leaves = 0;
  ForEachLeaf(told, "", [&](Message& holder, const FieldDescriptor& field, const std::string& at) {
    EXPECT_TRUE(holder.GetReflection()->HasField(holder, &field)) << at;
    ++leaves;
  });
  EXPECT_GT(leaves, 80);
}

// Each field by itself, changed and read back: only that one is another.
TEST(RulesetCodec, TakesEveryFieldToItsOwnPlace) {
  v1::Ruleset pattern = DescribeRuleset(matcher::DefaultRuleset());
  std::vector<std::string> paths;
  ForEachLeaf(pattern, "", [&](Message&, const FieldDescriptor&, const std::string& at) {
    paths.push_back(at);
  });
  for (const std::string& path : paths) {
    v1::Ruleset changed = DescribeRuleset(matcher::DefaultRuleset());
    v1::Ruleset overlay;
    const auto change = [&](Message& holder, const FieldDescriptor& field, const std::string& at) {
      if (at == path) Change(holder, field);
    };
    ForEachLeaf(changed, "", change);
    ForEachLeaf(changed, "", [&](Message& holder, const FieldDescriptor&, const std::string& at) {
      if (at != path) return;
      // The overlay has this field and nothing else.
      overlay = changed;
      static_cast<void>(holder);
      ForEachLeaf(overlay, "",
                  [&](Message& of, const FieldDescriptor& other, const std::string& a) {
                    if (a != path) of.GetReflection()->ClearField(&of, &other);
                  });
    });
    matcher::Ruleset rules = matcher::DefaultRuleset();
    Violations ignored;  // Some values break the whole; the table is what is tested.
    ApplyRuleset(overlay, "ruleset", rules, ignored);
    EXPECT_TRUE(MessageDifferencer::Equals(DescribeRuleset(rules), changed)) << path;
  }
}

TEST(RulesetCodec, TheShippedFileIsTheDefault) {
  std::ifstream in(
      absl::StrCat(getenv("LEYE_SOURCE_DIR"), "/deploy/rulesets/hebei-2026.textproto"));
  std::stringstream text;
  text << in.rdbuf();
  v1::Ruleset shipped;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text.str(), &shipped));
  EXPECT_GE(shipped.sources_size(), 5);
  shipped.clear_sources();
  shipped.clear_display_name();
  const v1::Ruleset told = DescribeRuleset(matcher::DefaultRuleset());
  std::string difference;
  MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  EXPECT_TRUE(differencer.Compare(shipped, told)) << difference;
}

// --- Rulesets of a region ------------------------------------------------------------------------

class RulesetsTest : public ::testing::Test {
 protected:
  RulesetsTest() { EXPECT_THAT(book_.Refresh(), IsOk()); }

  absl::StatusOr<v1::Ruleset> Create(const std::string& id, const std::string& overlay) {
    v1::CreateRulesetRequest request;
    request.set_parent("regions/13");
    request.set_ruleset_id(id);
    *request.mutable_ruleset() = Parse<v1::Ruleset>(overlay);
    const auto made = rulesets_.CreateRuleset(request, town_.Caller());
    if (!made.ok()) return made.status();
    return made->ruleset();
  }

  absl::StatusOr<v1::RulesetSchedule> Activate(const std::string& name,
                                               const std::string& from = "") {
    const auto activated = rulesets_.ActivateRuleset(
        Parse<v1::ActivateRulesetRequest>(
            absl::StrCat("parent: 'regions/13' ruleset: '", name, "' from_date: '", from, "'")),
        town_.Caller());
    if (!activated.ok()) return activated.status();
    return activated->schedule();
  }

  std::string InForce(const std::string& date = "") {
    const auto told =
        rulesets_.GetRulesetSchedule(Parse<v1::GetRulesetScheduleRequest>(
                                         absl::StrCat("parent: 'regions/13' date: '", date, "'")),
                                     town_.Caller());
    return told.ok() ? told->in_force() : told.status().ToString();
  }

  v1::RankCandidatesResponse Rank(const std::string& posting) {
    const Matching matching({town_.world.holder, book_, TestCatalogue(), town_.world.clock});
    const auto ranked = matching.RankCandidates(Town::RankRequest(posting), town_.Caller());
    EXPECT_THAT(ranked, IsOk());
    return ranked.ok() ? *ranked : v1::RankCandidatesResponse();
  }

  std::vector<std::string> Ranked(const std::string& posting) {
    std::vector<std::string> names;
    const v1::RankCandidatesResponse ranked = Rank(posting);
    for (const v1::CandidateMatch& match : ranked.matches()) {
      names.push_back(match.candidate().name());
    }
    return names;
  }

  static std::vector<std::string> FieldsOf(const absl::Status& status) {
    std::vector<std::string> fields;
    for (const FieldViolation& each : GetErrorDetails(status).violations) {
      fields.push_back(each.field);
    }
    return fields;
  }

  std::string Today(int days_on = 0) const {
    return absl::FormatCivilTime(leye::Today(town_.world.clock) + days_on);
  }

  static constexpr char kOld[] = "regions/13/candidates/old";
  static constexpr char kAnyAge[] = "rules_off { rules: RULE_ID_AGE_RANGE }";

  Town town_;
  access::PlainSealer sealer_;
  SeededRandom random_{3};
  RulesetBook book_{*town_.world.store};
  Rulesets rulesets_{
      Dependencies{*town_.world.store, sealer_, TestCatalogue(), town_.world.clock, random_}, book_,
      town_.world.holder};
};

TEST_F(RulesetsTest, WhatIsNotSaidIsAsInTheBase) {
  LEYE_ASSERT_OK_AND_ASSIGN(const v1::Ruleset near,
                            Create("near", "proximity { half_distance_km: 4 }"));
  EXPECT_EQ(near.name(), "regions/13/rulesets/near");
  EXPECT_EQ(near.base(), "rulesets/hebei-2026");
  EXPECT_EQ(near.proximity().half_distance_km(), 4);
  EXPECT_EQ(near.public_welfare().max_term_months(), 36);
  LEYE_ASSERT_OK_AND_ASSIGN(
      const v1::Ruleset nearer,
      Create("nearer", "base: 'regions/13/rulesets/near' banned { window_days: 90 }"));
  EXPECT_EQ(nearer.proximity().half_distance_km(), 4);
  EXPECT_EQ(nearer.banned().window_days(), 90);
}

TEST_F(RulesetsTest, EveryMistakeIsNamedWhereItIs) {
  const absl::Status refused = Create("bad", R"(enterprise_weights { skills: 1 }
                       priority { tiers { tiers { value: 5 all_of: GROUP_DISABLED }
                                          tiers { value: 6 all_of: GROUP_VETERAN } } }
                       age { min_years: -1 }
                       wage { unstated_pay: 1000001 }
                       proximity { half_distance_km: 0 }
                       health { barred_classes { labour_classes: LABOUR_CLASS_UNSPECIFIED } })")
                                   .status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FieldsOf(refused),
              ::testing::UnorderedElementsAre("ruleset.enterprise_weights",
                                              "ruleset.priority.tiers.tiers[1]",
                                              "ruleset.age.min_years", "ruleset.wage.unstated_pay",
                                              "ruleset.proximity.half_distance_km",
                                              "ruleset.health.barred_classes.labour_classes[0]"));
  EXPECT_THAT(FieldsOf(Create("bad", "base: 'rulesets/mars'").status()),
              ElementsAre("ruleset.base"));
  EXPECT_THAT(FieldsOf(Create("bad", "base: 'regions/44/rulesets/x'").status()),
              ElementsAre("ruleset.base"));
  EXPECT_THAT(FieldsOf(Create("bad", "base: 'regions/13/rulesets/nothing'").status()),
              ElementsAre("ruleset.base"));
}

TEST_F(RulesetsTest, OneIsInForceFromItsDayOnAndMatchingFollows) {
  ASSERT_THAT(Create("open", kAnyAge), IsOk());
  EXPECT_EQ(InForce(), "rulesets/hebei-2026");
  EXPECT_THAT(Ranked("sewing"), Not(Contains(kOld)));
  ASSERT_THAT(Activate("regions/13/rulesets/open", Today(2)), IsOk());
  EXPECT_EQ(InForce(), "rulesets/hebei-2026");
  EXPECT_EQ(InForce(Today(1)), "rulesets/hebei-2026");
  EXPECT_EQ(InForce(Today(2)), "regions/13/rulesets/open");
  EXPECT_THAT(Ranked("sewing"), Not(Contains(kOld)));
  town_.world.clock.Advance(absl::Hours(48));
  EXPECT_THAT(Ranked("sewing"), Contains(kOld));
  EXPECT_EQ(Rank("sewing").basis().ruleset(), "regions/13/rulesets/open");
  EXPECT_EQ(book_.InForce(store::Region::FromNumber(44), leye::Today(town_.world.clock))->version,
            "hebei-2026");
  ASSERT_THAT(Activate("rulesets/hebei-2026"), IsOk());
  EXPECT_THAT(Ranked("sewing"), Not(Contains(kOld)));
}

TEST_F(RulesetsTest, TheSameDayCountsOnceAndOthersStay) {
  ASSERT_THAT(Create("a", kAnyAge), IsOk());
  ASSERT_THAT(Create("b", ""), IsOk());
  ASSERT_THAT(Activate("regions/13/rulesets/a", Today(5)), IsOk());
  ASSERT_THAT(Activate("regions/13/rulesets/a", Today(1)), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const v1::RulesetSchedule schedule,
                            Activate("regions/13/rulesets/b", Today(5)));
  ASSERT_EQ(schedule.activations_size(), 2);
  EXPECT_EQ(schedule.activations(0).from_date(), Today(1));
  EXPECT_EQ(schedule.activations(1).ruleset(), "regions/13/rulesets/b");
}

TEST_F(RulesetsTest, WhatIsInForceMayBePutInForceAgain) {
  LEYE_ASSERT_OK_AND_ASSIGN(const v1::RulesetSchedule first, Activate("rulesets/hebei-2026"));
  LEYE_ASSERT_OK_AND_ASSIGN(const v1::RulesetSchedule again, Activate("rulesets/hebei-2026"));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
}

TEST_F(RulesetsTest, WhatCannotBeInForceIsRefused) {
  EXPECT_THAT(FieldsOf(Activate("regions/44/rulesets/x", Today(-1)).status()),
              ::testing::UnorderedElementsAre("ruleset", "from_date"));
  EXPECT_THAT(FieldsOf(Activate("rulesets/hebei-2026", "2026-02-30").status()),
              ElementsAre("from_date"));
  EXPECT_THAT(Activate("regions/13/rulesets/nothing"),
              FailsWith(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_EQ(InForce(), "rulesets/hebei-2026");
}

TEST_F(RulesetsTest, AnotherServerFollowsAndOneThatCannotReadKeepsWhatItHad) {
  ASSERT_THAT(Create("open", kAnyAge), IsOk());
  RulesetBook other(*town_.world.store);
  const auto version = [&] {
    return other.InForce(store::Region::FromNumber(13), leye::Today(town_.world.clock))->version;
  };
  ASSERT_THAT(other.Refresh(), IsOk());
  ASSERT_THAT(Activate("regions/13/rulesets/open"), IsOk());
  EXPECT_EQ(version(), "hebei-2026");
  ASSERT_THAT(other.Refresh(), IsOk());
  EXPECT_EQ(version(), "regions/13/rulesets/open");
  town_.world.PutBytes(store::Kind::kRulesetSchedule, "rulesetSchedules/current", "\xff");
  EXPECT_THAT(other.Refresh(), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_EQ(version(), "regions/13/rulesets/open");
}

TEST_F(RulesetsTest, ASimulationSaysWhoEntersAndWhoLeaves) {
  ASSERT_THAT(Create("open", kAnyAge), IsOk());
  auto request = Parse<v1::SimulateRulesetRequest>(
      "parent: 'regions/13' postings: 'regions/13/postings/sewing' "
      "after: 'regions/13/rulesets/open'");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto open, rulesets_.SimulateRuleset(request, town_.Caller()));
  EXPECT_EQ(open.before(), "rulesets/hebei-2026");
  EXPECT_EQ(open.after(), "regions/13/rulesets/open");
  ASSERT_EQ(open.postings_size(), 1);
  EXPECT_THAT(open.postings(0).entering(), Contains(kOld));
  EXPECT_THAT(open.postings(0).leaving(), IsEmpty());
  EXPECT_THAT(Ranked("sewing"), Not(Contains(kOld))) << "nothing has changed";

  // One ruleset against itself changes nothing, and both sides are what ranking shows.
  request.set_after("rulesets/hebei-2026");
  LEYE_ASSERT_OK_AND_ASSIGN(const auto same, rulesets_.SimulateRuleset(request, town_.Caller()));
  EXPECT_THAT(same.postings(0).entering(), IsEmpty());
  EXPECT_EQ(same.households_before(), same.households_after());
  int64_t relocated = 0;
  for (const v1::GroupExposure& group : same.groups()) {
    if (group.group() == v1::GROUP_RELOCATED) relocated = group.before();
  }
  EXPECT_EQ(relocated, static_cast<int64_t>(Ranked("sewing").size()));

  // A draft, with fewer places than people.
  request.clear_after();
  *request.mutable_draft() = Parse<v1::Ruleset>(kAnyAge);
  request.set_limit(1);
  LEYE_ASSERT_OK_AND_ASSIGN(const auto draft, rulesets_.SimulateRuleset(request, town_.Caller()));
  EXPECT_EQ(draft.after(), "draft");
  EXPECT_EQ(draft.postings(0).entering_size(), draft.postings(0).leaving_size());
}

// Three equals and three alike postings with one place each: the first everywhere, or one each.
TEST_F(RulesetsTest, ASimulationSaysHowCongestionSpreadsShowings) {
  live::LiveWorld& world = town_.world;
  world.Put<v1::Household>("households/hc", "settlement_area: 'regions/13/settlementAreas/a'");
  const std::string person =
      "household: 'regions/13/households/hc' birth_date: '1990-03-01' labour_class: "
      "LABOUR_CLASS_COMMON preferences { willing: true } consent { given_date: '2023-01-01' } "
      "skills { skill: 'skills/welding-robot' level: 4 } ";
  world.Put<v1::Candidate>("candidates/earner",
                           person +
                               "employment { state: EMPLOYMENT_STATE_EMPLOYED } "
                               "preferences { willing: false }");
  v1::SimulateRulesetRequest request;
  request.set_parent("regions/13");
  for (const char* number : {"1", "2", "3"}) {
    world.Put<v1::Candidate>(absl::StrCat("candidates/p", number), person);
    world.Put<v1::Posting>(absl::StrCat("postings/j", number), R"(enterprise {} title: "焊工"
        employer: "regions/13/employers/e" state: POSTING_STATE_OPEN openings: 1
        place { division_code: "130723" location { latitude: 41.85 longitude: 114.61 } }
        required_skills { skills { skill: "skills/welding-robot" min_level: 3 } })");
    request.add_postings(absl::StrCat("regions/13/postings/j", number));
  }
  town_.CatchUp();
  request.set_limit(1);
  request.set_congestion_after(v1::CONGESTION_MODE_DISCOUNTED);
  LEYE_ASSERT_OK_AND_ASSIGN(const auto told, rulesets_.SimulateRuleset(request, town_.Caller()));
  EXPECT_EQ(told.before(), told.after());
  EXPECT_EQ(told.people_before(), 1);
  EXPECT_EQ(told.people_after(), 3);
  EXPECT_EQ(told.most_shown_before(), 3);
  EXPECT_EQ(told.most_shown_after(), 1);
  EXPECT_THAT(told.postings(2).entering(), ElementsAre("regions/13/candidates/p3"));
  EXPECT_THAT(told.postings(2).leaving(), ElementsAre("regions/13/candidates/p1"));

  // Nothing to compare.
  request.set_congestion_before(v1::CONGESTION_MODE_DISCOUNTED);
  EXPECT_THAT(FieldsOf(rulesets_.SimulateRuleset(request, town_.Caller()).status()),
              ElementsAre("after"));
}

TEST_F(RulesetsTest, ASimulationNamesAllThatIsWrong) {
  const auto request = Parse<v1::SimulateRulesetRequest>(
      "parent: 'regions/13' postings: 'x' limit: -1 before: 'rulesets/mars' "
      "draft { age { min_years: -1 } }");
  EXPECT_THAT(
      FieldsOf(rulesets_.SimulateRuleset(request, town_.Caller()).status()),
      ::testing::UnorderedElementsAre("postings[0]", "limit", "before", StartsWith("draft.age")));
}

}  // namespace
}  // namespace leye::app
