// Whether the hard rules let a person have a posting, asked of what matching knows.
//
//   const WorldJudge judge({worlds, rulesets, catalogue, clock, store});
//   LEYE_ASSIGN_OR_RETURN(PairVerdict verdict, judge.Judge({.candidate = ..., .posting = ...}));
//   verdict.failures.empty();
//
// What ledgers tell exactly is left to whoever keeps them and is no failure here: openings left,
// whether the person is held elsewhere, whether the pair has an open referral.
#ifndef LEYE_SERVICES_APP_PAIR_JUDGE_H_
#define LEYE_SERVICES_APP_PAIR_JUDGE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "matcher/finding.h"
#include "services/app/catalogue.h"
#include "services/app/matching_world.h"
#include "services/app/ruleset_source.h"
#include "services/base/clock.h"
#include "services/store/store.h"

namespace leye::app {

struct PairQuestion {
  std::string candidate;  // Full names.
  std::string posting;
  // Public-welfare posts of the posting's kind that the household's ledger holds: in all, and of
  // those as it is stored, which matching has counted.
  int household_holds = 0;
  int household_holds_stored = 0;
  absl::Time deadline = absl::InfiniteFuture();  // The caller's.
  // Somebody has chosen this person alone, no ranking: so who declines to be ranked may come.
  bool by_hand = false;
};

struct PairVerdict {
  std::vector<matcher::Finding> failures;
  bool of_reserved_group = false;  // For which the posting reserves openings.
};

// Thread-safe.
class PairJudge {
 public:
  virtual ~PairJudge() = default;

  // By records at least as new as the region's head at the time of the call. NOT_FOUND when
  // matching knows one of the two not; FAILED_PRECONDITION (AREA_UNKNOWN) when the person lives
  // nowhere; DEADLINE_EXCEEDED when matching lags behind for seconds, or until the caller's
  // deadline.
  virtual absl::StatusOr<PairVerdict> Judge(const PairQuestion& question) const = 0;

  // The ruleset of whoever is to come to that posting, now. Never null.
  virtual RulesetSource::Ruleset RulesFor(const std::string& posting) const = 0;
};

// Judges by Fit on the current snapshot.
class WorldJudge final : public PairJudge {
 public:
  // All but the source outlive the judge, and the holder behind that.
  struct Dependencies {
    MatchWorldSource worlds;
    const RulesetSource& rulesets;
    const Catalogue& catalogue;
    const Clock& clock;
    store::Store& store;
    absl::Duration patience = absl::Seconds(10);
  };

  explicit WorldJudge(const Dependencies& dependencies) : dependencies_(dependencies) {}

  absl::StatusOr<PairVerdict> Judge(const PairQuestion& question) const override;
  RulesetSource::Ruleset RulesFor(const std::string& posting) const override;

 private:
  absl::StatusOr<MatchWorldSource::World> WorldNow(const PairQuestion& question) const;

  const Dependencies dependencies_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_PAIR_JUDGE_H_
