// What became of a region's referrals in a time: GetOutcomeReport.
//
//   LEYE_ASSIGN_OR_RETURN(OutcomeReport report, OutcomeReport::Read(question, dependencies,
//   context)); report.Tell(world, people, ages, context);        // a world that is not older than
//   report.revision()
#ifndef LEYE_SERVICES_APP_OUTCOME_REPORT_H_
#define LEYE_SERVICES_APP_OUTCOME_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "leye/v1/report.pb.h"
#include "matcher/ruleset.h"
#include "services/app/context.h"
#include "services/app/matching_world.h"
#include "services/app/region_people.h"
#include "services/app/ruleset_source.h"

namespace leye::app {

struct OutcomeQuestion {
  store::Region region;
  absl::CivilDay from;   // First day.
  absl::CivilDay until;  // Last day.
  size_t max_employers = 0;
  const RulesetSource& rulesets;  // Outlives the report.
  absl::CivilDay today;
  int page = 1'000;  // Records read at once.
};

// How ages are counted where a group depends on them.
struct AgesOn {
  const matcher::AgeParameters& age;
  absl::CivilDay today;
};

// Thread-compatible.
class OutcomeReport {
 public:
  // Reads every referral of the region that the caller reaches, all as of one revision.
  static absl::StatusOr<OutcomeReport> Read(const OutcomeQuestion& question,
                                            const Dependencies& dependencies,
                                            const CallContext& context);

  store::RegionRevision revision() const { return {question_.region, revision_}; }

  v1::GetOutcomeReportResponse Tell(const MatchWorld& world, const RegionPeople& people,
                                    const AgesOn& ages, const CallContext& context) const;

 private:
  // What is kept of a referral.
  struct Case {
    v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
    v1::ReferralState state = v1::REFERRAL_STATE_UNSPECIFIED;
    std::string candidate;
    std::string posting;
    std::string employer;
    absl::Time created;
    std::vector<std::pair<v1::ReferralState, absl::Time>> reached;
    // When somebody must be visited, as the household is usually and when it is monitored.
    std::string household;
    absl::Time visit = absl::InfiniteFuture();
    absl::Time visit_if_monitored = absl::InfiniteFuture();
  };
  class Reader;

  explicit OutcomeReport(const OutcomeQuestion& question) : question_(question) {}

  bool IsIn(absl::Time time) const;
  // When the person was hired, if that was in the time reported on.
  std::optional<absl::Time> HiredAt(const Case& one) const;
  absl::Status ReadPostingTimes(store::Store& store);
  absl::Status ReadPostingTimes(store::Region region, const std::vector<std::string>& names,
                                store::Store& store);
  absl::Status CountOverdue(const Dependencies& dependencies);
  void TellChannels(v1::GetOutcomeReportResponse& response) const;
  void TellPeople(const MatchWorld& world, const AgesOn& ages,
                  v1::GetOutcomeReportResponse& response) const;
  void TellSeekers(const RegionPeople& people, v1::GetOutcomeReportResponse& response) const;
  void TellShowings(const MatchWorld& world, const AgesOn& ages, const CallContext& context,
                    v1::ShowingsOutcome& told) const;

  OutcomeQuestion question_;
  store::Revision revision_;
  std::vector<Case> cases_;
  absl::flat_hash_map<std::string, absl::Time> posted_;  // When postings with hires were created.
  int64_t overdue_ = 0;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_OUTCOME_REPORT_H_
