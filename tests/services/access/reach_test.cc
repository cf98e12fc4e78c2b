#include "services/access/reach.h"

#include <functional>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "leye/storage/v1/claim.pb.h"
#include "leye/v1/candidate.pb.h"
#include "leye/v1/employer.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/referral.pb.h"
#include "leye/v1/settlement_area.pb.h"
#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/store/sqlite_store.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye::access {
namespace {

using ::leye::testing::IsOkAndHolds;
using store::Kind;
using ::testing::ElementsAre;

const store::Region kHebei = store::Region::FromNumber(13);

// Two counties of one city and one of another, each with an area, a household and a person; firm
// `sew` in the first.
class ReachTest : public ::testing::Test {
 protected:
  ReachTest() {
    store_ = *store::OpenSqliteStore({.path = dir_.File("leye.db")}, {clock_, random_, log_});
    for (const char* county : {"130722", "130723", "130802"}) AddCounty(county);
    v1::Employer firm;
    firm.set_division_code("130722");
    Put(Kind::kEmployer, "employers/sew", firm);
    v1::Posting posting;
    posting.set_employer(Name("employers/sew"));
    posting.mutable_place()->set_division_code("130722");
    Put(Kind::kPosting, "postings/sewing", posting);
  }

  static std::string Name(const std::string& rest) { return "regions/13/" + rest; }

  void Put(Kind kind, const std::string& rest, const google::protobuf::Message& open) {
    store::Envelope envelope;
    envelope.set_open(open.SerializeAsString());
    ASSERT_TRUE(
        store_
            ->Commit({.region = kHebei,
                      .mutations = {store::Mutation::Put(kind, Name(rest), std::move(envelope),
                                                         store::Precondition::Any())}})
            .ok());
  }

  void AddCounty(const std::string& county) {
    v1::SettlementArea area;
    area.set_division_code(county);
    Put(Kind::kSettlementArea, "settlementAreas/a" + county, area);
    v1::Household household;
    household.set_settlement_area(Name("settlementAreas/a" + county));
    Put(Kind::kHousehold, "households/h" + county, household);
    v1::Candidate person;
    person.set_household(Name("households/h" + county));
    person.mutable_consent()->set_given_date("2026-01-01");
    Put(Kind::kCandidate, "candidates/p" + county, person);
    v1::Referral referral;
    referral.set_candidate(Name("candidates/p" + county));
    referral.set_employer(Name("employers/sew"));
    referral.set_settlement_area(Name("settlementAreas/a" + county));
    Put(Kind::kReferral, "referrals/r" + county, referral);
  }

  absl::StatusOr<bool> Reaches(const Principal& who, Kind kind, const std::string& rest) {
    Reach reach(who, Scope::kOwn, *store_, kHebei, today_);
    LEYE_ASSIGN_OR_RETURN(const store::Record record, store_->Get(kHebei, {kind, Name(rest)}));
    return reach.Covers(record);
  }

  testing::TempDir dir_;
  testing::FakeClock clock_;
  absl::CivilDay today_{2026, 6, 1};
  SeededRandom random_{7};
  Logger log_ = Logger::Discard();
  std::unique_ptr<store::Store> store_;
};

// Such as rulesets, which nobody owns.
TEST_F(ReachTest, WhatIsForEverybodyIsReachedByACounty) {
  for (const std::string division : {"13", "130722", "44"}) {
    EXPECT_TRUE(Reach(Bureau(division), Scope::kEverywhere, *store_, kHebei, today_).whole())
        << division;
  }
}

TEST_F(ReachTest, ABureauReachesWhatLiesInItsDivision) {
  const struct {
    Kind kind;
    std::string prefix;
  } kinds[] = {{Kind::kSettlementArea, "settlementAreas/a"},
               {Kind::kHousehold, "households/h"},
               {Kind::kCandidate, "candidates/p"},
               {Kind::kReferral, "referrals/r"}};
  for (const auto& [kind, prefix] : kinds) {
    for (const std::string division : {"13", "1307", "130722", "44"}) {
      for (const std::string county : {"130722", "130723", "130802"}) {
        EXPECT_THAT(Reaches(Bureau(division), kind, prefix + county),
                    IsOkAndHolds(county.rfind(division, 0) == 0))
            << division << " " << prefix << county;
      }
    }
  }
  EXPECT_THAT(Reaches(Bureau("130722"), Kind::kPosting, "postings/sewing"), IsOkAndHolds(true));
  EXPECT_THAT(Reaches(Bureau("130723"), Kind::kPosting, "postings/sewing"), IsOkAndHolds(false));
  EXPECT_THAT(Reaches(Bureau("130723"), Kind::kEmployer, "employers/sew"), IsOkAndHolds(false));
}

TEST_F(ReachTest, AnAppReachesEveryPostingThatIsPublished) {
  const Principal app = App(Name("candidates/p130722"));
  Reach everywhere(app, Scope::kEverywhere, *store_, kHebei, today_);
  v1::Posting posting;
  for (const auto publication :
       {v1::POSTING_PUBLICATION_UNSPECIFIED, v1::POSTING_PUBLICATION_PUBLISHED,
        v1::POSTING_PUBLICATION_IN_REVIEW, v1::POSTING_PUBLICATION_BLOCKED,
        v1::POSTING_PUBLICATION_REJECTED}) {
    posting.set_publication(publication);
    EXPECT_THAT(everywhere.Covers(posting), IsOkAndHolds(IsPublished(posting))) << publication;
    store::Record record;
    record.kind = Kind::kPosting;
    record.name = Name("postings/sewing");
    record.envelope.set_open(posting.SerializeAsString());
    EXPECT_THAT(everywhere.Covers(record), IsOkAndHolds(IsPublished(posting))) << publication;
  }
}

TEST_F(ReachTest, AnEnterpriseReachesItsOwnAndTheReferralsToIt) {
  const Principal own = Enterprise(Name("employers/sew"));
  const Principal other = Enterprise(Name("employers/weld"));
  EXPECT_THAT(Reaches(own, Kind::kEmployer, "employers/sew"), IsOkAndHolds(true));
  EXPECT_THAT(Reaches(own, Kind::kPosting, "postings/sewing"), IsOkAndHolds(true));
  EXPECT_THAT(Reaches(own, Kind::kReferral, "referrals/r130723"), IsOkAndHolds(true));
  EXPECT_THAT(Reaches(own, Kind::kHousehold, "households/h130722"), IsOkAndHolds(false));
  EXPECT_THAT(Reaches(own, Kind::kSettlementArea, "settlementAreas/a130722"), IsOkAndHolds(false));
  EXPECT_THAT(Reaches(other, Kind::kEmployer, "employers/sew"), IsOkAndHolds(false));
  EXPECT_THAT(Reaches(other, Kind::kPosting, "postings/sewing"), IsOkAndHolds(false));
  EXPECT_THAT(Reaches(other, Kind::kReferral, "referrals/r130723"), IsOkAndHolds(false));
}

TEST_F(ReachTest, AnEnterpriseReachesAPersonWhileItsPostingHoldsThem) {
  const Principal own = Enterprise(Name("employers/sew"));
  EXPECT_THAT(Reaches(own, Kind::kCandidate, "candidates/p130722"), IsOkAndHolds(false));
  storage::v1::Claim placement;
  placement.set_posting(Name("postings/sewing"));
  Put(Kind::kPlacement, "candidates/p130722", placement);
  EXPECT_THAT(Reaches(own, Kind::kCandidate, "candidates/p130722"), IsOkAndHolds(true));
  EXPECT_THAT(Reaches(own, Kind::kCandidate, "candidates/p130723"), IsOkAndHolds(false));
  EXPECT_THAT(Reaches(Enterprise(Name("employers/weld")), Kind::kCandidate, "candidates/p130722"),
              IsOkAndHolds(false));
}

TEST_F(ReachTest, AnEnterpriseReachesNobodyWithoutConsentToThat) {
  const Principal own = Enterprise(Name("employers/sew"));
  storage::v1::Claim placement;
  placement.set_posting(Name("postings/sewing"));
  Put(Kind::kPlacement, "candidates/p130722", placement);
  const auto reaches = [&](const std::function<void(v1::Consent&)>& change) {
    v1::Candidate person;
    person.mutable_consent()->set_given_date("2026-01-01");
    change(*person.mutable_consent());
    Put(Kind::kCandidate, "candidates/p130722", person);
    const bool of_person = *Reaches(own, Kind::kCandidate, "candidates/p130722");
    EXPECT_THAT(Reaches(own, Kind::kReferral, "referrals/r130722"), IsOkAndHolds(of_person));
    return of_person;
  };
  EXPECT_TRUE(reaches([](v1::Consent&) {}));
  EXPECT_TRUE(reaches([](v1::Consent& c) { c.add_scopes(v1::CONSENT_SCOPE_EMPLOYERS); }));
  EXPECT_FALSE(reaches([](v1::Consent& c) { c.add_scopes(v1::CONSENT_SCOPE_MATCHING); }));
  EXPECT_FALSE(reaches([](v1::Consent& c) { c.clear_given_date(); }));
  EXPECT_FALSE(reaches([](v1::Consent& c) { c.set_given_date("2026-06-02"); }));
  EXPECT_TRUE(reaches([](v1::Consent& c) { c.set_expire_date("2026-06-01"); }));
  EXPECT_FALSE(reaches([](v1::Consent& c) { c.set_expire_date("2026-05-31"); }));
  EXPECT_TRUE(reaches([](v1::Consent& c) { c.set_withdrawn_date("2026-06-02"); }));
  EXPECT_FALSE(reaches([](v1::Consent& c) { c.set_withdrawn_date("2026-06-01"); }));
}

TEST_F(ReachTest, AnAppReachesItsPersonAndTheirReferrals) {
  const Principal app = App(Name("candidates/p130722"));
  EXPECT_THAT(Reaches(app, Kind::kCandidate, "candidates/p130722"), IsOkAndHolds(true));
  EXPECT_THAT(Reaches(app, Kind::kCandidate, "candidates/p130723"), IsOkAndHolds(false));
  EXPECT_THAT(Reaches(app, Kind::kReferral, "referrals/r130722"), IsOkAndHolds(true));
  EXPECT_THAT(Reaches(app, Kind::kReferral, "referrals/r130723"), IsOkAndHolds(false));
  EXPECT_THAT(Reaches(app, Kind::kHousehold, "households/h130722"), IsOkAndHolds(false));
}

TEST_F(ReachTest, NobodyReachesAnythingAndTheOperatorAll) {
  EXPECT_THAT(Reaches(Principal(), Kind::kPosting, "postings/sewing"), IsOkAndHolds(false));
  EXPECT_THAT(Reaches(Auditor(), Kind::kPosting, "postings/sewing"), IsOkAndHolds(false));
  EXPECT_THAT(Reaches(LocalOperator(), Kind::kCandidate, "candidates/p130802"), IsOkAndHolds(true));
}

TEST_F(ReachTest, AnswersManyAtOnceAndCoversNothingThatIsNotThere) {
  Reach reach(Bureau("1307"), Scope::kOwn, *store_, kHebei, today_);
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto records,
      store_->BatchGet(kHebei, {{Kind::kCandidate, Name("candidates/p130722")},
                                {Kind::kCandidate, Name("candidates/none")},
                                {Kind::kCandidate, Name("candidates/p130802")},
                                {Kind::kCandidate, Name("candidates/p130723")}}));
  EXPECT_THAT(*reach.Covers(records), ElementsAre(true, false, false, true));
}

TEST_F(ReachTest, ABureausRecordsMayReferToOffersOfTheWholeRegion) {
  Reach reach(Bureau("130723"), Scope::kOwn, *store_, kHebei, today_);
  const auto get = [&](Kind kind, const std::string& rest) {
    return *store_->Get(kHebei, {kind, Name(rest)});
  };
  EXPECT_THAT(reach.CoversTarget(get(Kind::kEmployer, "employers/sew")), IsOkAndHolds(true));
  EXPECT_THAT(reach.CoversTarget(get(Kind::kPosting, "postings/sewing")), IsOkAndHolds(true));
  EXPECT_THAT(reach.CoversTarget(get(Kind::kHousehold, "households/h130722")), IsOkAndHolds(false));
  EXPECT_THAT(reach.CoversTarget(get(Kind::kCandidate, "candidates/p130722")), IsOkAndHolds(false));
  Reach firm(Enterprise(Name("employers/weld")), Scope::kOwn, *store_, kHebei, today_);
  EXPECT_THAT(firm.CoversTarget(get(Kind::kEmployer, "employers/sew")), IsOkAndHolds(false));
}

TEST_F(ReachTest, NoRecordMayBeWrittenBeyondIt) {
  Reach county(Bureau("130722"), Scope::kOwn, *store_, kHebei, today_);
  v1::SettlementArea area;
  EXPECT_FALSE(county.AllowsContent(area));
  area.set_division_code("130723");
  EXPECT_FALSE(county.AllowsContent(area));
  area.set_division_code("130722");
  EXPECT_TRUE(county.AllowsContent(area));
  v1::Posting posting;
  posting.mutable_place()->set_division_code("130722");
  posting.set_employer(Name("employers/sew"));
  EXPECT_TRUE(county.AllowsContent(posting));
  EXPECT_TRUE(Reach(Enterprise(Name("employers/sew")), Scope::kOwn, *store_, kHebei, today_)
                  .AllowsContent(posting));
  EXPECT_FALSE(Reach(Enterprise(Name("employers/weld")), Scope::kOwn, *store_, kHebei, today_)
                   .AllowsContent(posting));
  EXPECT_FALSE(Reach(Bureau("44"), Scope::kOwn, *store_, kHebei, today_).AllowsContent(posting));
}

}  // namespace
}  // namespace leye::access
