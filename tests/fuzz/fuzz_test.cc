// The short run of every fuzz target: the corpus, then mutants of it. And that it finds what is
// planted.
//
// LEYE_FUZZ_SEED=<seed> repeats a run that failed: each test prints its seed. LEYE_FUZZ_INPUTS=<n>
// makes the run as long as that many mutants a target take.

#include <cstdlib>
#include <iostream>

#include "absl/strings/numbers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <google/protobuf/stubs/logging.h>

#include "leye/v1/skill.pb.h"
#include "services/base/status.h"
#include "tests/fuzz/rpc_target.h"
#include "tests/fuzz/session.h"
#include "tests/testing/sanitizers.h"

namespace leye::fuzz {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What the environment says, or else this.
template <typename Number>
Number FromEnvironment(const char* name, Number otherwise) {
  const char* given = std::getenv(name);
  Number number = 0;
  return given != nullptr && absl::SimpleAtoi(given, &number) ? number : otherwise;
}

// So much that all targets together take some ten seconds, or as many inputs as are asked for. The
// same seed unless another is given: what a new one finds must not decide over a change that has
// nothing to do with it.
Limits LimitsOfThisRun() {
  const int inputs = FromEnvironment("LEYE_FUZZ_INPUTS", 0);
  return {.seed = FromEnvironment<uint64_t>("LEYE_FUZZ_SEED", 1),
          .most_inputs = inputs > 0 ? inputs : 3'000,
          .most_time = inputs > 0 ? absl::InfiniteDuration() : absl::Milliseconds(500)};
}

class Fuzzing : public ::testing::TestWithParam<NamedTarget> {};

TEST_P(Fuzzing, FindsNothingWrong) {
  google::protobuf::SetLogHandler(nullptr);
  const Limits limits = LimitsOfThisRun();
  // Before anything can crash or hang.
  std::cout << "LEYE_FUZZ_SEED=" << limits.seed << std::endl;
  const std::unique_ptr<Target> target = GetParam().open();
  const Outcome outcome = Fuzz(*target, CorpusOf(GetParam().name, *target), limits);
  EXPECT_THAT(outcome.wrong, IsEmpty()) << "LEYE_FUZZ_SEED=" << limits.seed << ", of this input:\n"
                                        << outcome.input;
  std::cout << outcome.inputs << " inputs\n";
}

INSTANTIATE_TEST_SUITE_P(Targets, Fuzzing, ::testing::ValuesIn(AllTargets()),
                         [](const auto& about) { return about.param.name; });

TEST(PlantedFault, OverflowIsCaught) {
  if (!leye::testing::kHasAddressSanitizer) GTEST_SKIP() << "for preset asan";
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const std::unique_ptr<Target> target = FindTarget("planted")->open();
  EXPECT_DEATH(Fuzz(*target, target->Seeds(), {.seed = 1, .most_inputs = 1'000'000}),
               "heap-buffer-overflow");
}

// Answers INTERNAL to one RPC when one field is set.
e2e::Answer WithFault(const Call& call, e2e::Answer answer) {
  if (call.rpc->name() != "SearchSkills" || !answer.status.ok()) return answer;
  v1::SearchSkillsRequest request;
  const bool planted = ReadText(call.request, request) && request.page_size() > 0;
  if (planted) answer.status = Error(absl::StatusCode::kInternal, "PLANTED", "planted");
  return answer;
}

TEST(PlantedFault, InternalErrorOfOneRpcIsCaught) {
  google::protobuf::SetLogHandler(nullptr);
  RpcTarget target(WithFault);
  const std::string search = "leye://operator leye.v1.SkillService.SearchSkills\nquery: \"电焊\"\n";
  const Outcome outcome = Fuzz(target, {search}, {.seed = 1, .most_inputs = 20'000});
  EXPECT_THAT(outcome.wrong, HasSubstr("PLANTED"));
  EXPECT_THAT(outcome.input, HasSubstr("page_size: "));
}

}  // namespace
}  // namespace leye::fuzz
