#include "services/base/config.h"

#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/base/status.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::FailsWith;
using ::testing::HasSubstr;
using testing::IsOkAndHolds;

class ConfigTest : public ::testing::Test {
 protected:
  ConfigTest() {
    parser_.Add({.key = "listen", .target = &listen_, .help = "Address to serve gRPC on."})
        .Add({.key = "worker-threads",
              .target = &threads_,
              .help = "Threads that run calls.",
              .at_least = 1,
              .at_most = 256})
        .Add({.key = "drain",
              .target = &drain_,
              .help = "How long calls may finish.",
              .at_least = 0,
              .at_most = 60})
        .Add({.key = "bytes",
              .target = &bytes_,
              .help = "Most bytes.",
              .at_least = 1,
              .at_most = 64 << 20})
        .Add({.key = "verbose", .target = &verbose_, .help = "Say more."})
        .Add({.key = "share", .target = &share_, .help = "A share."})
        .Add({.key = "log-level",
              .target = &level_,
              .help = "What to log.",
              .one_of = {"info", "debug"}})
        .Add({.key = "regions", .target = &regions_, .help = "Regions to serve."});
  }

  std::string File(const std::string& text) {
    std::ofstream(dir_.File("leye.conf")) << text;
    return "--config=" + dir_.File("leye.conf");
  }
  absl::StatusOr<ConfigOutcome> Parse(const std::vector<std::string>& arguments,
                                      const Environment& environment = {}) {
    return parser_.Parse(arguments, environment);
  }
  std::string Complaint(const std::vector<std::string>& arguments,
                        const Environment& environment = {}) {
    const auto outcome = Parse(arguments, environment);
    EXPECT_THAT(outcome, FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_CONFIGURATION"));
    return std::string(outcome.status().message());
  }

  std::string listen_ = "127.0.0.1:50051";
  int threads_ = 4;
  int bytes_ = 4 << 20;
  absl::Duration drain_ = absl::Seconds(10);
  bool verbose_ = false;
  double share_ = 0.5;
  std::string level_ = "info";
  std::vector<std::string> regions_;
  leye::testing::TempDir dir_;
  ConfigParser parser_{"leyed", "Matches people with jobs."};
};

TEST_F(ConfigTest, DefaultsStandWhenNothingIsSaid) {
  EXPECT_THAT(Parse({}, {{"PATH", "/bin"}}), IsOkAndHolds(ConfigOutcome::kRun));
  EXPECT_EQ(listen_, "127.0.0.1:50051");
  EXPECT_EQ(threads_, 4);
}

TEST_F(ConfigTest, FlagsWinOverEnvironmentOverFile) {
  const std::string file = File("# ours\n listen = file \nworker-threads=1\ndrain = 1s\n");
  ASSERT_THAT(
      Parse({file, "--listen=flag"}, {{"LEYE_LISTEN", "env"}, {"LEYE_WORKER_THREADS", "2"}}),
      IsOkAndHolds(ConfigOutcome::kRun));
  EXPECT_EQ(listen_, "flag");
  EXPECT_EQ(threads_, 2);
  EXPECT_EQ(drain_, absl::Seconds(1));
}

TEST_F(ConfigTest, FileMayBeNamedByTheEnvironment) {
  File("worker-threads = 9");
  ASSERT_THAT(Parse({}, {{"LEYE_CONFIG", dir_.File("leye.conf")}}),
              IsOkAndHolds(ConfigOutcome::kRun));
  EXPECT_EQ(threads_, 9);
}

TEST_F(ConfigTest, EveryTypeIsRead) {
  ASSERT_THAT(Parse({"--drain=1m", "--verbose", "--share=0.25", "--regions=13, 44,",
                     "--log-level=debug", "--listen="}),
              IsOkAndHolds(ConfigOutcome::kRun));
  EXPECT_EQ(drain_, absl::Minutes(1));
  EXPECT_TRUE(verbose_);
  EXPECT_EQ(share_, 0.25);
  EXPECT_THAT(regions_, ElementsAre("13", "44"));
  EXPECT_EQ(level_, "debug");
  EXPECT_EQ(listen_, "");
}

TEST_F(ConfigTest, UnknownKeysNameTheNearestKnownOne) {
  EXPECT_THAT(Complaint({"--worker-thread=3"}), HasSubstr("worker-threads"));
  EXPECT_THAT(Complaint({}, {{"LEYE_LISTNE", "x"}}),
              AllOf(HasSubstr("LEYE_LISTNE"), HasSubstr("nearest known key is listen")));
  EXPECT_THAT(Complaint({File("lisen = x")}), HasSubstr("leye.conf:1"));
}

TEST_F(ConfigTest, AllMistakesAreReportedAtOnceAndNothingChanges) {
  const std::string file = File("listen = changed\nno equals sign\nworker-threads = many\n");
  const auto outcome = Parse({file, "--drain=forever", "--share=nan", "stray", "--log-level=loud",
                              "--listen", "--worker-threads=0"},
                             {{"LEYE_VERBOSE", "yes"}});
  const auto violations = GetErrorDetails(outcome.status()).violations;
  EXPECT_EQ(violations.size(), 9u) << outcome.status();
  EXPECT_EQ(listen_, "127.0.0.1:50051");
  EXPECT_THAT(std::string(outcome.status().message()),
              AllOf(HasSubstr("leye.conf:2"), HasSubstr("leye.conf:3"), HasSubstr("1 to 256"),
                    HasSubstr("one of info, debug"), HasSubstr("LEYE_VERBOSE")));
}

TEST_F(ConfigTest, FileThatCannotBeReadIsAMistake) {
  EXPECT_THAT(Complaint({"--config=/no/such/file"}), HasSubstr("/no/such/file"));
  EXPECT_THAT(Complaint({"--config"}), HasSubstr("--config=value"));
}

TEST_F(ConfigTest, HelpNamesEveryKeyWithDefaultLimitsAndVariable) {
  ASSERT_THAT(Parse({"--help", "--nonsense"}), IsOkAndHolds(ConfigOutcome::kHelp));
  threads_ = 99;
  const std::string help = parser_.Help();
  EXPECT_THAT(help, AllOf(HasSubstr("--worker-threads=<whole number>"), HasSubstr("1 to 256"),
                          HasSubstr("Default: 4."), HasSubstr("LEYE_WORKER_THREADS"),
                          HasSubstr("one of info, debug"), HasSubstr("0 to 1m"),
                          HasSubstr("1 to 67108864"), HasSubstr("--config=")));
}

TEST_F(ConfigTest, VersionIsToldWhateverElseIsSaid) {
  EXPECT_THAT(Parse({"--nonsense", "--version"}), IsOkAndHolds(ConfigOutcome::kVersion));
}

TEST_F(ConfigTest, DescriptionIsAFileThatGivesTheSameValues) {
  ASSERT_THAT(Parse({"--worker-threads=7", "--regions=13,44", "--drain=1.5s"}),
              IsOkAndHolds(ConfigOutcome::kRun));
  const std::string described = parser_.Describe();
  threads_ = 0;
  regions_.clear();
  ASSERT_THAT(Parse({File(described)}), IsOkAndHolds(ConfigOutcome::kRun));
  EXPECT_EQ(parser_.Describe(), described);
  EXPECT_EQ(threads_, 7);
}

TEST(ProcessEnvironment, HoldsTheVariablesOfThisProcess) {
  EXPECT_EQ(ProcessEnvironment().count("PATH"), 1u);
}

}  // namespace
}  // namespace leye
