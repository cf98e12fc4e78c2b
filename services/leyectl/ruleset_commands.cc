// ruleset: activate, schedule, simulate. Reading is `get` and `list`, creating `create`.

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "leye/v1/ruleset.pb.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/json.h"
#include "services/leyectl/resource.h"

namespace leye::ctl {
namespace {

struct RulesetFlags {
  std::string name;
  std::string from;
  std::string date;
  std::string before;
  std::string draft;
  std::vector<std::string> postings;
  int limit = 0;
  bool congestion = false;
  bool validate_only = false;
};

// "hebei-2026" is one of the region's; "rulesets/hebei-2026" is one that leyed brings along.
std::string RulesetName(const std::string& name, const std::string& region) {
  if (name.empty() || name.rfind("rulesets/", 0) == 0) return name;
  return FullName(name, "rulesets", region);
}

ExitCode Activate(Session& session, const RulesetFlags& flags) {
  v1::ActivateRulesetRequest request;
  request.set_parent(RegionName(session.settings.region));
  request.set_ruleset(RulesetName(flags.name, session.settings.region));
  request.set_from_date(flags.from);
  request.set_validate_only(flags.validate_only);
  return session.CallAndPrint(Rpc("RulesetService.ActivateRuleset"), request);
}

ExitCode Schedule(Session& session, const RulesetFlags& flags) {
  v1::GetRulesetScheduleRequest request;
  request.set_parent(RegionName(session.settings.region));
  request.set_date(flags.date);
  return session.CallAndPrint(Rpc("RulesetService.GetRulesetSchedule"), request);
}

ExitCode Simulate(Session& session, const RulesetFlags& flags) {
  const std::string& region = session.settings.region;
  v1::SimulateRulesetRequest request;
  request.set_parent(RegionName(region));
  request.set_before(RulesetName(flags.before, region));
  request.set_after(RulesetName(flags.name, region));
  request.set_limit(flags.limit);
  if (flags.congestion) request.set_congestion_after(v1::CONGESTION_MODE_DISCOUNTED);
  for (const std::string& posting : flags.postings) {
    request.add_postings(FullName(posting, "postings", region));
  }
  if (!flags.draft.empty()) {
    std::ifstream file(flags.draft, std::ios::binary);
    if (!file) {
      return session.Fail(ExitCode::kFile,
                          absl::StrCat(session.Say("cannot read ", "无法读取 "), flags.draft));
    }
    const absl::Status parsed =
        FromText(std::string(std::istreambuf_iterator<char>(file), {}), request.mutable_draft());
    if (!parsed.ok()) return session.Fail(ExitCode::kInvalid, parsed.message());
  }
  return session.CallAndPrint(Rpc("RulesetService.SimulateRuleset"), request);
}

void AddActivate(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<RulesetFlags>();
  CLI::App* sub = group.add_subcommand(
      "activate", std::string(session.Say("Puts a ruleset in force", "启用规则集")));
  sub->add_option("NAME", flags->name, "ID, rulesets/hebei-2026")->required();
  sub->add_option("--from", flags->from,
                  std::string(session.Say("First day, yyyy-mm-dd; else today",
                                          "启用日期 yyyy-mm-dd；默认今天")));
  sub->add_flag("--validate-only", flags->validate_only,
                std::string(session.Say("Check, change nothing", "只检查，不改动")));
  sub->callback(
      [&invocation, flags] { invocation.exit_code = Activate(invocation.session, *flags); });
}

void AddSchedule(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<RulesetFlags>();
  CLI::App* sub = group.add_subcommand(
      "schedule", std::string(session.Say("What is in force, and from when", "规则集启用情况")));
  sub->add_option("--date", flags->date,
                  std::string(session.Say("yyyy-mm-dd; else today", "yyyy-mm-dd；默认今天")));
  sub->callback(
      [&invocation, flags] { invocation.exit_code = Schedule(invocation.session, *flags); });
}

void AddSimulate(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<RulesetFlags>();
  CLI::App* sub = group.add_subcommand(
      "simulate",
      std::string(session.Say("What another ruleset would change: who enters, who leaves",
                              "换用规则集会有何变化")));
  sub->add_option("POSTINGS", flags->postings,
                  std::string(session.Say("Postings to rank", "要排序的岗位")))
      ->required();
  sub->add_option("--after", flags->name,
                  std::string(session.Say("The other ruleset", "另一规则集")));
  sub->add_option("--draft", flags->draft,
                  std::string(session.Say("Or a file in text form: one not created yet",
                                          "或尚未新建的规则集文件（文本格式）")));
  sub->add_flag("--congestion", flags->congestion,
                std::string(session.Say("After: who was shown for many others comes later; then no "
                                        "other ruleset is needed",
                                        "之后计入展示拥挤程度；此时可不另给规则集")));
  sub->add_option("--before", flags->before,
                  std::string(session.Say("Instead of the one in force", "默认为现行规则集")));
  sub->add_option(
      "--limit", flags->limit,
      std::string(session.Say("How many are ranked for each; else 20", "每个岗位的人数；默认 20")));
  sub->callback(
      [&invocation, flags] { invocation.exit_code = Simulate(invocation.session, *flags); });
}

}  // namespace

void AddRulesetCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* group = app.add_subcommand(
      "ruleset",
      std::string(invocation.session.Say("The rules of the policy: what is in force, what another "
                                         "ruleset would change",
                                         "政策规则集：启用、查看与模拟")));
  group->require_subcommand(1);
  AddActivate(*group, invocation);
  AddSchedule(*group, invocation);
  AddSimulate(*group, invocation);
}

}  // namespace leye::ctl
