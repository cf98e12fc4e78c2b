#include "tests/bench/plan_command.h"

#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "tests/bench/dataset.h"
#include "tests/bench/generate.h"
#include "tests/bench/plan_rivals.h"
#include "tests/bench/plan_world.h"
#include "tests/bench/stopwatch.h"

namespace leye::bench {
namespace {

using matcher::plan::Plan;
using matcher::plan::PlanFigures;
using matcher::plan::PlanOptions;
using matcher::plan::PlanProgress;
using matcher::plan::PlanStage;

// Network simplex takes them all at once.
constexpr size_t kMostOraclePairs = 20'000'000;

size_t PairCount(const Dataset& data) { return data.candidates.size() * data.postings.size(); }

// Of this process, so far.
double PeakMegabytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    double kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

absl::StatusOr<Dataset> MakeOrRead(const PlanBenchOptions& options) {
  if (!options.data.empty()) return ReadDataset(options.data);
  GenerateOptions generate;
  const absl::Status known = SetScale(options.scale, generate);
  if (!known.ok()) return known;
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() /
      absl::StrCat("leye-bench-plan-", options.scale, "-", Clock::now().time_since_epoch().count());
  generate.seed = options.seed;
  generate.queries = 1;
  generate.folder = folder.string();
  const absl::Status made = Generate(generate);
  absl::StatusOr<Dataset> data = made.ok() ? ReadDataset(generate.folder) : made;
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return data;
}

PlanOptions OptionsFor(const PlanBenchOptions& options) {
  PlanOptions plan;
  plan.threads = options.threads;
  if (options.first_choices > 0) plan.first_choices = options.first_choices;
  if (options.most_choices > 0) plan.most_choices = options.most_choices;
  if (options.search_people > 0) plan.search_people = options.search_people;
  if (options.most_exact >= 0) plan.most_exact = static_cast<size_t>(options.most_exact);
  if (options.most_judged >= 0) plan.most_judged = static_cast<size_t>(options.most_judged);
  if (options.step_micros > 0) {
    plan.step = plan.wide_step = matcher::Score::FromMicros(options.step_micros);
  }
  if (options.slack_micros >= 0) plan.slack = matcher::Score::FromMicros(options.slack_micros);
  return plan;
}

// When each stage began.
class StageClock {
 public:
  void Watch(PlanOptions& options) {
    options.on_progress = [this](const PlanProgress& progress) {
      if (begun_.empty() || begun_.back().stage != progress.stage) {
        begun_.push_back({.stage = progress.stage, .at = Clock::now()});
      }
    };
  }

  nlohmann::json Seconds() const {
    constexpr std::array<const char*, 4> kNames = {"reading", "ranking", "assigning", "bounding"};
    nlohmann::json seconds = nlohmann::json::object();
    for (size_t i = 0; i < begun_.size(); ++i) {
      const Clock::time_point end = i + 1 < begun_.size() ? begun_[i + 1].at : Clock::now();
      seconds[kNames[static_cast<size_t>(begun_[i].stage)]] =
          std::chrono::duration<double>(end - begun_[i].at).count();
    }
    return seconds;
  }

 private:
  struct Begun {
    PlanStage stage;
    Clock::time_point at;
  };
  std::vector<Begun> begun_;
};

nlohmann::json FiguresOf(const PlanFigures& figures) {
  return {{"applicants", figures.applicants},
          {"openings", figures.openings},
          {"filled", figures.filled},
          {"households_first_earner", figures.households_first_earner},
          {"households_bound", figures.households_bound},
          {"score", static_cast<double>(figures.score_micros) / 1e6},
          {"score_bound", static_cast<double>(figures.score_bound_micros) / 1e6},
          {"exact", figures.exact},
          {"gap", figures.Gap()}};
}

absl::Status AddRivals(const Dataset& data, const PlanWorld& world, const PlanBenchOptions& options,
                       nlohmann::json& json) {
  const absl::StatusOr<RivalPlan> greedy = GreedyPlan(world.Request(), options.threads);
  if (!greedy.ok()) return greedy.status();
  json["greedy"] = {{"filled", greedy->filled},
                    {"households_first_earner", greedy->value.households},
                    {"score", static_cast<double>(greedy->value.score_micros) / 1e6}};
  const PlanWorld free_world(data, PlanRules::kNone);
  const absl::StatusOr<Plan> free_plan = MakePlan(free_world.Request(), OptionsFor(options));
  if (!free_plan.ok()) return free_plan.status();
  json["unconstrained"] = FiguresOf(free_plan->figures);
  return absl::OkStatus();
}

absl::Status AddOracle(const PlanWorld& world, const PlanFigures& figures,
                       const PlanBenchOptions& options, nlohmann::json& json) {
  const Clock::time_point start = Clock::now();
  const auto best = FlowOptimum(world.Request(), options.threads);
  if (!best.ok()) return best.status();
  json["oracle"] = {{"seconds", SecondsSince(start)},
                    {"households_first_earner", best->households},
                    {"score", static_cast<double>(best->score_micros) / 1e6}};
  const bool better = figures.households_first_earner > best->households ||
                      (figures.households_first_earner == best->households &&
                       figures.score_micros > best->score_micros);
  if (better) return absl::InternalError("the plan is better than the optimum");
  return absl::OkStatus();
}

}  // namespace

int RunPlan(const PlanBenchOptions& options) {
  const absl::StatusOr<Dataset> data = MakeOrRead(options);
  if (!data.ok()) {
    fmt::print(stderr, "{}\n", data.status().ToString());
    return 2;
  }
  const Clock::time_point loading = Clock::now();
  const PlanWorld world(*data, PlanRules::kAll);
  nlohmann::json json = {{"scale", options.scale},
                         {"people", data->candidates.size()},
                         {"postings", data->postings.size()},
                         {"threads", options.threads},
                         {"build_s", SecondsSince(loading)}};
  PlanOptions plan_options = OptionsFor(options);
  StageClock stages;
  stages.Watch(plan_options);
  const std::clock_t cpu_start = std::clock();
  const Clock::time_point start = Clock::now();
  const absl::StatusOr<Plan> plan = MakePlan(world.Request(), plan_options);
  if (!plan.ok()) {
    fmt::print(stderr, "{}\n", plan.status().ToString());
    return 2;
  }
  json["seconds"] = SecondsSince(start);
  json["cpu_seconds"] = static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC;
  json["stages"] = stages.Seconds();
  json["peak_mb"] = PeakMegabytes();
  json.update(FiguresOf(plan->figures));
  absl::Status compared;
  if (!options.alone) compared = AddRivals(*data, world, options, json);
  if (!options.alone && compared.ok() && PairCount(*data) <= kMostOraclePairs) {
    compared = AddOracle(world, plan->figures, options, json);
  }
  for (const auto& [name, value] : json.items()) fmt::print("{:>24} {}\n", name, value.dump());
  if (options.json) fmt::print("{}\n", json.dump());
  if (compared.ok()) return 0;
  fmt::print(stderr, "{}\n", compared.ToString());
  return 1;
}

}  // namespace leye::bench
