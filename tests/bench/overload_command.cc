#include "tests/bench/overload_command.h"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/core.h>

#include "leye/v1/match.pb.h"
#include "services/access/api_keys.h"
#include "tests/bench/grpc_server.h"
#include "tests/bench/grpc_world.h"
#include "tests/bench/open_loop.h"
#include "tests/bench/report.h"
#include "tests/bench/world_import.h"
#include "tests/testing/temp_dir.h"

namespace leye::bench {
namespace {

// Runs this thread, and what it starts from now on, on cores [first, end).
void RunOnCores(unsigned first, unsigned end) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  for (unsigned core = first; core < end; ++core) CPU_SET(core, &cores);
  if (sched_setaffinity(0, sizeof cores, &cores) != 0) Fail("cannot choose cores");
}

// The bureau's key; its line goes into the server's file.
std::string MakeKey(const std::string& file) {
  const absl::StatusOr<std::string> key = access::NewApiKey();
  if (!key.ok()) Fail(key.status().ToString());
  const absl::StatusOr<std::string> line = access::ApiKeyLine(*key, "leye://bureau/13");
  if (!line.ok()) Fail(line.status().ToString());
  std::ofstream(file) << *line << "\n";
  return *key;
}

std::vector<std::string> RankRequests(const Subjects& subjects, const OverloadOptions& options) {
  std::vector<std::string> messages;
  for (const std::string& posting : subjects.postings) {
    v1::RankCandidatesRequest request;
    request.set_posting(posting);
    request.set_page_size(options.page_size);
    messages.push_back(request.SerializeAsString());
  }
  return messages;
}

// What was offered in every round, and what came of it.
struct Step {
  std::string name;
  double times = 0;  // Of what the closed loop of the round answered; 0: that loop itself.
  LoadResult sum = {};
  std::vector<double> good = {};    // Good calls a second, round by round.
  std::vector<double> ratios = {};  // The same to the most that any step of the round had.
};

void AddTo(LoadResult& sum, const LoadResult& round) {
  sum.seconds += round.seconds;
  sum.offered += round.offered;
  sum.good += round.good;
  sum.shed += round.shed;
  sum.with_hint += round.with_hint;
  sum.late += round.late;
  sum.failed += round.failed;
  sum.good_ms.insert(sum.good_ms.end(), round.good_ms.begin(), round.good_ms.end());
  sum.shed_ms.insert(sum.shed_ms.end(), round.shed_ms.begin(), round.shed_ms.end());
}

void PrintStep(const Step& step) {
  const LoadResult& sum = step.sum;
  const auto share = [&](int64_t count) {
    return 100.0 * static_cast<double>(count) /
           static_cast<double>(std::max<int64_t>(sum.offered, 1));
  };
  fmt::print(
      "{:<12} {:>9.0f} {:>9.0f} {:>7.0f} % {:>8.1f} {:>8.1f} {:>6.1f} % {:>8.1f} {:>6.1f} % "
      "{:>6}\n",
      step.name, static_cast<double>(sum.offered) / sum.seconds, sum.GoodPerSecond(),
      100 * Percentile(step.ratios, 0.5), Percentile(sum.good_ms, 0.50),
      Percentile(sum.good_ms, 0.99), share(sum.shed), Percentile(sum.shed_ms, 0.99),
      share(sum.late), sum.failed);
}

// Seconds from the begin of `after` until a fifth of a second in which the p99 is at most twice
// `usual_ms`; what is after it all when there was none.
double SecondsUntilUsual(const LoadResult& after, double usual_ms) {
  constexpr double kWindowSeconds = 0.2;
  double begin = 0;
  for (; begin < after.seconds; begin += kWindowSeconds) {
    std::vector<double> window;
    for (size_t i = 0; i < after.good_ms.size(); ++i) {
      if (after.good_at[i] >= begin && after.good_at[i] < begin + kWindowSeconds) {
        window.push_back(after.good_ms[i]);
      }
    }
    if (!window.empty() && Percentile(window, 0.99) <= 2 * usual_ms) break;
  }
  return begin;
}

// All steps one after the other, again and again: so a machine that is busy with other things for a
// while is so for all of them.
void MeasureSteps(const GrpcServer& server, LoadDriver& driver, const OverloadOptions& options) {
  constexpr double kUsual = 0.5;
  std::vector<Step> steps = {
      {.name = "closed loop"},         {.name = "0.5 times", .times = kUsual},
      {.name = "1 times", .times = 1}, {.name = "2 times", .times = 2},
      {.name = "3 times", .times = 3}, {.name = "0.5 after 3", .times = kUsual}};
  std::vector<double> recovery;
  driver.Closed(options.outstanding, options.seconds);  // Warms up.
  for (int round = 0; round < options.rounds; ++round) {
    double most = 0;
    double usual_ms = 0;
    LoadResult result;
    for (Step& step : steps) {
      result = step.times == 0 ? driver.Closed(options.outstanding, options.seconds)
                               : driver.Open(step.times * most, options.seconds);
      if (step.times == 0) most = result.GoodPerSecond();
      if (step.times == kUsual && usual_ms == 0) usual_ms = Percentile(result.good_ms, 0.99);
      step.good.push_back(result.GoodPerSecond());
      AddTo(step.sum, result);
    }
    double peak = 0;
    for (const Step& step : steps) peak = std::max(peak, step.good.back());
    for (Step& step : steps) step.ratios.push_back(step.good.back() / peak);
    recovery.push_back(SecondsUntilUsual(result, usual_ms));
  }
  fmt::print("{:<12} {:>9} {:>9} {:>9} {:>8} {:>8} {:>8} {:>8} {:>8} {:>6}\n", "", "offered/s",
             "good/s", "of peak", "p50 ms", "p99 ms", "shed", "p99 ms", "late", "failed");
  int64_t shed = 0;
  int64_t with_hint = 0;
  for (const Step& step : steps) {
    PrintStep(step);
    shed += step.sum.shed;
    with_hint += step.sum.with_hint;
  }
  constexpr int kMegabyte = 1'000'000;
  fmt::print(
      "shed {}, of them {} with a retry delay; p99 at most twice the usual {:.1f} s after the "
      "overload, at the latest {:.1f} s; leyed {} MB, {} MB at most\n",
      shed, with_hint, Percentile(recovery, 0.5), Percentile(recovery, 1),
      server.ResidentBytes() / kMegabyte, server.PeakResidentBytes() / kMegabyte);
}

}  // namespace

int RunOverload(const OverloadOptions& options) {
  const absl::StatusOr<GrpcWorld> world = InventWorld({.people = options.people,
                                                       .areas = options.areas,
                                                       .postings = options.postings,
                                                       .seed = options.seed});
  if (!world.ok()) Fail(world.status().ToString());
  const testing::TempDir folder;
  std::vector<std::string> arguments = {"--data-dir=" + folder.File("data")};
  {
    GrpcServer server(arguments);
    constexpr int kItemsOfAMessage = 500;
    ImportWorld(server, *world, kItemsOfAMessage);
    server.End();
  }
  LoadOptions load{.method = "/leye.v1.MatchService/RankCandidates",
                   .messages = RankRequests(SubjectsOf(*world), options),
                   .headers = {},
                   .connections = options.connections,
                   .deadline = std::chrono::milliseconds(options.deadline_ms),
                   .seed = options.seed};
  if (options.caller == "bureau") {
    load.headers.emplace_back("x-api-key", MakeKey(folder.File("keys")));
    arguments.push_back("--api-keys-file=" + folder.File("keys"));
  }
  const unsigned cores = std::thread::hardware_concurrency();
  const bool pin = options.pin && cores > 1;
  if (pin) RunOnCores(0, cores - 1);
  GrpcServer server(arguments);
  if (pin) RunOnCores(cores - 1, cores);
  fmt::print(
      "RankCandidates, {} people with reasons, as {}; {} people; {} connections, deadline {} ms; "
      "{} rounds of {} s a step; {}\n",
      options.page_size, options.caller, world->candidates.size(), options.connections,
      options.deadline_ms, options.rounds, options.seconds,
      pin ? fmt::format("leyed on {} of {} cores, the client on the last", cores - 1, cores)
          : "leyed and the client on all cores");
  LoadDriver driver(server.address(), std::move(load));
  MeasureSteps(server, driver, options);
  server.End();
  return 0;
}

}  // namespace leye::bench
