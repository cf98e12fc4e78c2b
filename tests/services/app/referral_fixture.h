// A bureau: people, postings, referrals on a store of their own, a judge that says what it is told,
// and a checker of everything that must hold whatever was called.
//
//   Bureau bureau;
//   bureau.AddPerson("wang");
//   bureau.AddPosting("sewing", "openings: 2");
//   bureau.Create("r1", "wang", "sewing");                  // REFERRED: holds an opening
//   bureau.Step("r1", v1::REFERRAL_EVENT_INTERVIEW);
//   EXPECT_THAT(bureau.Problems(), IsEmpty());
#ifndef LEYE_TESTS_SERVICES_APP_REFERRAL_FIXTURE_H_
#define LEYE_TESTS_SERVICES_APP_REFERRAL_FIXTURE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/storage/v1/claim.pb.h"
#include "leye/v1/referral.pb.h"
#include "services/app/referrals.h"
#include "tests/services/app/app_fixture.h"

namespace leye::app {

// Lets everybody have everything, but for the household's cap, unless it is told otherwise.
// Thread-safe once it is set up.
class StubJudge final : public PairJudge {
 public:
  StubJudge() { rules.version = "test-1"; }

  absl::StatusOr<PairVerdict> Judge(const PairQuestion& question) const override;
  RulesetSource::Ruleset RulesFor(const std::string&) const override {
    return std::make_shared<const matcher::Ruleset>(rules);
  }

  absl::flat_hash_set<std::string> of_reserved_group;  // Full names of people.
  absl::flat_hash_set<std::string> not_eligible;
  matcher::Ruleset rules;
  int household_cap = 100;  // Of public-welfare posts held beside those in the records.
};

// What the records of regions 13 and 44 say of referrals, read without the code under test.
struct Records {
  std::vector<v1::Referral> referrals;
  std::vector<std::pair<std::string, storage::v1::Holds>> holds;
  std::vector<storage::v1::Claim> placements;
  std::vector<storage::v1::Claim> claims;
  std::vector<std::pair<std::string, v1::Posting>> postings;
  std::map<std::string, v1::Candidate> people;
  std::vector<std::string> due;
};
Records ReadRecords(store::Store& store);

// Everything that is wrong with it, in words; empty when all holds:
//   openings      no posting is held by more than it has; reserved ones only by their group
//   people        nobody is held twice, and no pair of one region has two open referrals
//   agreement     ledgers say what the referrals' states say, neither more nor less, and nothing
//                 is claimed that is not placed
//   history       each referral's steps follow the table, one after the other
//   work          who has begun is employed by their own record
//   households    no more public-welfare posts held than the judge's cap
std::vector<std::string> ProblemsOf(const Records& state, const StubJudge& judge);

// The same after every commit of region 13 that its log still has, which is to say of all.
std::vector<std::string> ProblemsOfHistory(store::Store& store, const StubJudge& judge);

class Bureau {
 public:
  Bureau();

  void AddHousehold(const std::string& id, const std::string& more = "");
  void AddPerson(const std::string& id, const std::string& household = "h");
  // `more` says how many openings, and the channel unless it is an enterprise's. A full name is one
  // of another region.
  void AddPosting(const std::string& id, const std::string& more);

  // Changes a "posting" or "candidate"; `fields` has one top-level field.
  void Update(const std::string& noun, const std::string& name, const std::string& fields);

  absl::StatusOr<v1::Referral> Create(const std::string& id, const std::string& person,
                                      const std::string& posting,
                                      v1::ReferralState state = v1::REFERRAL_STATE_REFERRED);
  absl::StatusOr<v1::Referral> Step(const std::string& id, v1::ReferralEvent event,
                                    const std::string& more = "");
  // All of them, each of which must succeed.
  v1::Referral Steps(const std::string& id, const std::vector<v1::ReferralEvent>& events);
  v1::Referral Get(const std::string& id) const;
  v1::Candidate Person(const std::string& id) const;
  std::vector<v1::ReferralTask> Tasks(const std::string& more = "") const;

  // The openings of the posting that are held.
  int Held(const std::string& posting) const;
  int ExpireDue() const { return *referrals->ExpireDue(region, 100); }
  std::vector<std::string> Problems() const { return ProblemsOf(ReadRecords(*app.store), judge); }
  // Of region 13 unless `id` is a full name.
  static std::string Name(const std::string& collection, const std::string& id) {
    return id.starts_with("regions/") ? id : "regions/13/" + collection + "/" + id;
  }

  const store::Region region = store::Region::FromNumber(13);
  App app;
  StubJudge judge;
  std::unique_ptr<Referrals> referrals;
};

inline constexpr auto kPush = v1::REFERRAL_EVENT_PUSH;
inline constexpr auto kAccept = v1::REFERRAL_EVENT_ACCEPT;
inline constexpr auto kRefer = v1::REFERRAL_EVENT_REFER;
inline constexpr auto kInterview = v1::REFERRAL_EVENT_INTERVIEW;
inline constexpr auto kHire = v1::REFERRAL_EVENT_HIRE;
inline constexpr auto kOnboard = v1::REFERRAL_EVENT_ONBOARD;
inline constexpr auto kLeave = v1::REFERRAL_EVENT_LEAVE;
inline constexpr auto kCancel = v1::REFERRAL_EVENT_CANCEL;

inline constexpr absl::Duration kDay = absl::Hours(24);
inline constexpr char kBecause[] = "leaving_reason: LEAVING_REASON_LAID_OFF";
inline constexpr char kCleaning[] =
    "openings: 2 public_welfare { kind: PUBLIC_WELFARE_KIND_CLEANING publicity_days: 5 }";

// A bureau with three people, two jobs and a public-welfare post; its promises hold at the end.
class ReferralsTest : public ::testing::Test {
 protected:
  ReferralsTest() {
    for (const char* person : {"wang", "li", "zhao"}) bureau_.AddPerson(person);
    bureau_.AddPosting("one", "openings: 1");
    bureau_.AddPosting("two", "openings: 2");
    bureau_.AddPosting("cleaning", kCleaning);
  }
  void TearDown() override { EXPECT_THAT(bureau_.Problems(), ::testing::IsEmpty()); }

  Bureau bureau_;
};

}  // namespace leye::app

#endif  // LEYE_TESTS_SERVICES_APP_REFERRAL_FIXTURE_H_
