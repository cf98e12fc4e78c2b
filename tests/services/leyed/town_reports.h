// Reports of a town (tests/services/app/matching_world_fixture.h), as leyed puts them together.
#ifndef LEYE_TESTS_SERVICES_LEYED_TOWN_REPORTS_H_
#define LEYE_TESTS_SERVICES_LEYED_TOWN_REPORTS_H_

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/app/reports.h"
#include "services/leyed/adapters.h"
#include "tests/services/app/matching_world_fixture.h"
#include "tests/testing/status_matchers.h"

namespace leye {

// Of region 13, with everybody's rights unless a test says otherwise.
class TownReports {
 public:
  explicit TownReports(app::Town& town)
      : people_(town.world.holder),
        dependencies_{*town.world.store, sealer_, app::TestCatalogue(), town.world.clock, random_},
        reports(dependencies_, people_, town.world.holder, town.rulesets) {}

  v1::GetCoverageReportResponse Coverage() const {
    const auto answer = reports.GetCoverageReport(
        app::Parse<v1::GetCoverageReportRequest>("parent: 'regions/13'"), caller);
    EXPECT_THAT(answer, testing::IsOk());
    return answer.ok() ? *answer : v1::GetCoverageReportResponse();
  }

  v1::FindTrainingGapsResponse Gaps(const std::string& more = "") const {
    const auto answer = reports.FindTrainingGaps(
        app::Parse<v1::FindTrainingGapsRequest>("parent: 'regions/13' " + more), caller);
    EXPECT_THAT(answer, testing::IsOk());
    return answer.ok() ? *answer : v1::FindTrainingGapsResponse();
  }

  app::CallContext caller{.principal = access::LocalOperator()};

 private:
  const access::PlainSealer sealer_;
  SeededRandom random_{5};
  const LiveRegionPeople people_;
  const app::Dependencies dependencies_;

 public:
  const app::Reports reports;
};

}  // namespace leye

#endif  // LEYE_TESTS_SERVICES_LEYED_TOWN_REPORTS_H_
