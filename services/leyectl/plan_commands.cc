// plan: create, show, lines, outcomes, list, cancel, commit, delete.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include <CLI/App.hpp>
#include <google/protobuf/util/time_util.h>

#include "leye/v1/plan.pb.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/json.h"
#include "services/leyectl/resource.h"
#include "services/leyectl/subcommand.h"
#include "services/leyectl/words.h"

namespace leye::ctl {
namespace {

struct PlanFlags {
  std::string name;
  std::string title;
  std::string filter;
  std::string division;
  std::string ruleset;
  std::string start;
  std::string reason;
  std::string clerk;
  std::string etag;
  std::string request_id;
  std::string page_token;
  std::vector<std::string> postings;
  std::vector<std::string> areas;
  std::vector<std::string> pins;
  std::vector<std::string> bans;
  std::vector<int> lines;
  int page_size = 50;
  bool all = false;
  bool wait = false;
  bool validate_only = false;
};

constexpr absl::string_view kPlanColumns[] = {
    "name",       "display_name", "state", "figures.filled", "figures.openings", "committed_lines",
    "create_time"};
constexpr absl::string_view kLineColumns[] = {
    "line", "candidate", "posting", "scores.forward_micros", "pinned", "first_earner", "referral"};
constexpr absl::string_view kOutcomeColumns[] = {"posting",  "title",  "openings",
                                                 "reserved", "filled", "empty"};
constexpr absl::Duration kPollInterval = absl::Milliseconds(500);

std::string PlanName(const PlanFlags& flags, const Session& session) {
  return FullName(flags.name, "plans", session.settings.region);
}

// "c000001:job-0001".
bool AddPairs(const std::vector<std::string>& texts, const std::string& region,
              google::protobuf::RepeatedPtrField<v1::PlanPair>& pairs) {
  for (const std::string& text : texts) {
    const std::vector<std::string> parts = absl::StrSplit(text, ':');
    if (parts.size() != 2) return false;
    v1::PlanPair& pair = *pairs.Add();
    pair.set_candidate(FullName(parts[0], "candidates", region));
    pair.set_posting(FullName(parts[1], "postings", region));
  }
  return true;
}

std::string Millionths(int64_t micros) {
  return absl::StrFormat("%.2f", static_cast<double>(micros) / 1e6);
}

// What a plan is worth, for people.
std::string PlanText(const v1::Plan& plan, const Session& session) {
  const v1::PlanFigures& figures = plan.figures();
  std::string text = absl::StrCat(plan.name(), "  ", plan.display_name(), "  ",
                                  WordOf(plan.state(), session.settings.language), "\n");
  if (!plan.failure().empty()) absl::StrAppend(&text, "  ", plan.failure(), "\n");
  if (plan.state() == v1::PLAN_STATE_RUNNING) {
    absl::StrAppend(&text, "  ", WordOf(plan.progress().stage(), session.settings.language), " ",
                    plan.progress().done(), "/", plan.progress().total(), "\n");
  }
  if (plan.state() != v1::PLAN_STATE_SUCCEEDED) return text;
  const auto row = [&](absl::string_view english, absl::string_view chinese,
                       const std::string& value) {
    absl::StrAppend(&text, "  ", session.Say(english, chinese), ": ", value, "\n");
  };
  row("openings filled", "填补名额",
      absl::StrCat(figures.filled(), " / ", figures.openings(), " (",
                   session.Say("reserved", "预留"), " ", figures.reserved_filled(), " / ",
                   figures.reserved_openings(), ")"));
  row("households with a first earner", "实现一户一人就业",
      absl::StrCat(figures.households_first_earner(), " (", session.Say("at most", "上限"), " ",
                   figures.households_bound(), ")"));
  row("sum of scores", "总分",
      absl::StrCat(Millionths(figures.score_micros()), " (", session.Say("at most", "上限"), " ",
                   Millionths(figures.score_bound_micros()), ")"));
  row("gap to the best plan", "与最优方案的差距",
      figures.exact() ? std::string(session.Say("none, proven", "无（已证明最优）"))
                      : absl::StrFormat("%.4f %%", figures.gap() * 100));
  row("lines committed", "已提交行数", absl::StrCat(plan.committed_lines(), " / ", plan.lines()));
  row("by", "依据", absl::StrCat(plan.ruleset(), ", ", plan.date()));
  return text;
}

void Print(Session& session, const v1::Plan& plan) {
  session.out << (session.settings.json ? ToJson(plan) + "\n" : PlanText(plan, session))
              << std::flush;
}

bool HasEnded(const v1::Plan& plan) {
  return plan.state() != v1::PLAN_STATE_QUEUED && plan.state() != v1::PLAN_STATE_RUNNING;
}

ExitCode Show(Session& session, const PlanFlags& flags) {
  v1::GetPlanRequest request;
  request.set_name(PlanName(flags, session));
  while (true) {
    v1::GetPlanResponse response;
    const grpc::Status status = session.Call(Rpc("PlanService.GetPlan"), request, &response);
    if (!status.ok()) return session.Fail(status);
    if (!flags.wait || HasEnded(response.plan())) {
      Print(session, response.plan());
      return response.plan().state() == v1::PLAN_STATE_FAILED ? ExitCode::kConflict : ExitCode::kOk;
    }
    absl::SleepFor(kPollInterval);
  }
}

ExitCode Create(Session& session, const PlanFlags& flags) {
  const std::string& region = session.settings.region;
  v1::CreatePlanRequest request;
  request.set_parent(RegionName(region));
  request.set_plan_id(std::string(IdOf(flags.name)));
  request.set_request_id(flags.request_id);
  request.set_validate_only(flags.validate_only);
  v1::Plan& plan = *request.mutable_plan();
  plan.set_display_name(flags.title);
  for (const std::string& posting : flags.postings) {
    plan.add_postings(FullName(posting, "postings", region));
  }
  plan.set_posting_filter(flags.filter);
  for (const std::string& area : flags.areas) {
    plan.add_settlement_areas(FullName(area, "settlementAreas", region));
  }
  plan.set_division_code(flags.division);
  const bool own = !flags.ruleset.empty() && flags.ruleset.rfind("rulesets/", 0) != 0;
  plan.set_ruleset(own ? FullName(flags.ruleset, "rulesets", region) : flags.ruleset);
  if (!AddPairs(flags.pins, region, *plan.mutable_pins()) ||
      !AddPairs(flags.bans, region, *plan.mutable_bans())) {
    return session.Fail(ExitCode::kUsage, session.Say("--pin, --ban: CANDIDATE:POSTING",
                                                      "--pin、--ban：求职者:岗位"));
  }
  if (!flags.start.empty() &&
      !google::protobuf::util::TimeUtil::FromString(flags.start, plan.mutable_start_time())) {
    return session.Fail(ExitCode::kUsage, session.Say("--start: such as 2026-12-01T00:00:00+08:00",
                                                      "--start：如 2026-12-01T00:00:00+08:00"));
  }
  v1::CreatePlanResponse response;
  const grpc::Status status = session.Call(Rpc("PlanService.CreatePlan"), request, &response);
  if (!status.ok()) return session.Fail(status);
  if (flags.wait && !flags.validate_only) {
    PlanFlags made = flags;
    made.name = response.plan().name();
    return Show(session, made);
  }
  Print(session, response.plan());
  return ExitCode::kOk;
}

// The pages of a list that has a parent; `show` prints one.
template <typename Request, typename Response, typename ShowPage>
ExitCode ListPages(Session& session, const PlanFlags& flags, const std::string& parent,
                   const char* method, const ShowPage& show) {
  Request request;
  request.set_parent(parent);
  request.set_filter(flags.filter);
  request.set_page_size(flags.page_size);
  request.set_page_token(flags.page_token);
  do {
    Response response;
    const grpc::Status status =
        session.Call(Rpc(absl::StrCat("PlanService.", method)), request, &response);
    if (!status.ok()) return session.Fail(status);
    show(response);
    request.set_page_token(response.next_page_token());
  } while (flags.all && !request.page_token().empty());
  if (!request.page_token().empty()) {
    session.err << session.Say("more: --all, or --page-token ", "还有更多：--all，或 --page-token ")
                << request.page_token() << "\n";
  }
  return ExitCode::kOk;
}

ExitCode List(Session& session, const PlanFlags& flags) {
  return ListPages<v1::ListPlansRequest, v1::ListPlansResponse>(
      session, flags, RegionName(session.settings.region), "ListPlans",
      [&](const v1::ListPlansResponse& page) { session.PrintList(page, kPlanColumns); });
}

// "eligible 3 / 200, planned elsewhere 2, age range 120, distance >= 30".
std::string FunnelText(const v1::PlanOutcome& outcome, const Session& session) {
  const v1::Funnel& funnel = outcome.funnel();
  std::string text =
      absl::StrCat(session.Say("eligible ", "符合 "), funnel.eligible(), " / ", funnel.considered(),
                   session.Say(", planned elsewhere ", "，另有安排 "), outcome.planned_elsewhere());
  for (const v1::RuleCount& count : funnel.turned_away()) {
    absl::StrAppend(&text, session.Say(", ", "，"), WordOf(count.rule(), session.settings.language),
                    count.exact() ? " " : " >= ", count.count());
  }
  return text;
}

ExitCode Outcomes(Session& session, const PlanFlags& flags) {
  return ListPages<v1::ListPlanOutcomesRequest, v1::ListPlanOutcomesResponse>(
      session, flags, PlanName(flags, session), "ListPlanOutcomes",
      [&](const v1::ListPlanOutcomesResponse& page) {
        session.PrintList(page, kOutcomeColumns);
        for (const v1::PlanOutcome& outcome : page.outcomes()) {
          if (session.settings.json || outcome.empty() == 0) continue;
          session.out << "  " << outcome.title() << ": " << FunnelText(outcome, session) << "\n";
        }
      });
}

ExitCode Lines(Session& session, const PlanFlags& flags) {
  return ListPages<v1::ListPlanAssignmentsRequest, v1::ListPlanAssignmentsResponse>(
      session, flags, PlanName(flags, session), "ListPlanAssignments",
      [&](const v1::ListPlanAssignmentsResponse& page) { session.PrintList(page, kLineColumns); });
}

ExitCode Cancel(Session& session, const PlanFlags& flags) {
  v1::CancelPlanRequest request;
  request.set_name(PlanName(flags, session));
  request.set_etag(flags.etag);
  request.set_request_id(flags.request_id);
  request.set_validate_only(flags.validate_only);
  v1::CancelPlanResponse response;
  const grpc::Status status = session.Call(Rpc("PlanService.CancelPlan"), request, &response);
  if (!status.ok()) return session.Fail(status);
  Print(session, response.plan());
  return ExitCode::kOk;
}

ExitCode Commit(Session& session, const PlanFlags& flags) {
  v1::CommitPlanRequest request;
  request.set_name(PlanName(flags, session));
  request.set_etag(flags.etag);
  request.mutable_lines()->Assign(flags.lines.begin(), flags.lines.end());
  request.set_reason(flags.reason);
  request.set_clerk(flags.clerk);
  request.set_request_id(flags.request_id);
  request.set_validate_only(flags.validate_only);
  v1::CommitPlanResponse response;
  const grpc::Status status = session.Call(Rpc("PlanService.CommitPlan"), request, &response);
  if (!status.ok()) return session.Fail(status);
  if (session.settings.json) {
    session.PrintJson(response);
  } else {
    session.out << PlanText(response.plan(), session);
    for (const v1::PlanRefusal& refusal : response.refusals()) {
      session.out << "  " << session.Say("line ", "第 ") << refusal.line() << session.Say("", " 行")
                  << ": " << refusal.reason() << ": " << refusal.message() << "\n";
    }
  }
  if (response.refusals().empty()) return ExitCode::kOk;
  return session.Fail(
      ExitCode::kConflict,
      session.Say("nothing was committed: lines no longer hold", "未提交：部分行已不成立"));
}

ExitCode Delete(Session& session, const PlanFlags& flags) {
  v1::DeletePlanRequest request;
  request.set_name(PlanName(flags, session));
  request.set_etag(flags.etag);
  request.set_request_id(flags.request_id);
  request.set_validate_only(flags.validate_only);
  return session.CallAndPrint(Rpc("PlanService.DeletePlan"), request);
}

void AddName(CLI::App& sub, const Session& session, PlanFlags& flags) {
  sub.add_option("NAME", flags.name, std::string(session.Say("Of the plan", "计划的标识")))
      ->required();
}

void AddPageOptions(CLI::App& sub, const Session& session, PlanFlags& flags) {
  sub.add_option("--filter", flags.filter,
                 std::string(session.Say("Such as 'empty > 0'", "例如 'empty > 0'")));
  sub.add_option("--page-size", flags.page_size,
                 std::string(session.Say("Most of one page", "每页至多几条")))
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  sub.add_option("--page-token", flags.page_token,
                 std::string(session.Say("Go on where a page ended", "接着上一页")));
  sub.add_flag("--all", flags.all, std::string(session.Say("All pages", "全部各页")));
}

void AddWriteOptions(CLI::App& sub, const Session& session, PlanFlags& flags) {
  sub.add_option("--request-id", flags.request_id,
                 std::string(session.Say("Makes a retry safe", "使重试安全")));
  sub.add_flag("--validate-only", flags.validate_only,
               std::string(session.Say("Check, change nothing", "只检查，不改动")));
}

void AddEtag(CLI::App& sub, const Session& session, PlanFlags& flags) {
  sub.add_option("--etag", flags.etag,
                 std::string(session.Say("Only if it is unchanged since", "仅当未被改动时")));
}

void AddWait(CLI::App& sub, const Session& session, PlanFlags& flags) {
  sub.add_flag("--wait", flags.wait,
               std::string(session.Say("Until it has been worked out", "等待计算完成")));
}

void AddCreatePlan(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<PlanFlags>();
  CLI::App& sub = AddSubcommand(
      group, invocation, "create",
      session.Say("Has it worked out who is to have which opening; changes nothing else",
                  "新建计划：计算人岗分配方案，不改动其他记录"),
      flags, Create);
  const auto say = [&](absl::string_view english, absl::string_view chinese) {
    return std::string(session.Say(english, chinese));
  };
  sub.add_option("--id", flags->name,
                 say("Its id; else the server makes one", "标识；默认由服务器生成"));
  sub.add_option("--title", flags->title, say("What people call it", "名称"));
  sub.add_option("--posting", flags->postings, say("Takes part; else all", "参加的岗位；默认全部"));
  sub.add_option(
      "--filter", flags->filter,
      say("Or those that it selects, as of list postings", "或按条件选择岗位，同 list postings"));
  sub.add_option("--area", flags->areas,
                 say("Whose people take part; else all", "参加的安置区；默认全部"));
  sub.add_option(
      "--division", flags->division,
      say("Only people of this city or county, six digits", "仅该市、县的人员（六位区划代码）"));
  sub.add_option("--ruleset", flags->ruleset,
                 say("Instead of the one in force", "规则集；默认为现行规则集"));
  sub.add_option("--pin", flags->pins,
                 say("CANDIDATE:POSTING, in the plan whatever it costs", "求职者:岗位，必须安排"));
  sub.add_option("--ban", flags->bans,
                 say("CANDIDATE:POSTING, not in the plan", "求职者:岗位，不得安排"));
  sub.add_option("--start", flags->start,
                 say("Not before, such as 2026-12-01T00:00:00+08:00",
                     "最早开始时间，如 2026-12-01T00:00:00+08:00"));
  AddWait(sub, session, *flags);
  AddWriteOptions(sub, session, *flags);
}

void AddReading(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto shown = std::make_shared<PlanFlags>();
  CLI::App& show = AddSubcommand(
      group, invocation, "show",
      session.Say("How far a plan is, or what it is worth", "计划的进度或结果"), shown, Show);
  AddName(show, session, *shown);
  AddWait(show, session, *shown);
  auto listed = std::make_shared<PlanFlags>();
  AddPageOptions(AddSubcommand(group, invocation, "list",
                               session.Say("The region's plans", "列出该地区的计划"), listed, List),
                 session, *listed);
  auto lines = std::make_shared<PlanFlags>();
  CLI::App& line = AddSubcommand(
      group, invocation, "lines",
      session.Say("Who is to have which opening; why, with --json", "分配结果；--json 含理由"),
      lines, Lines);
  AddName(line, session, *lines);
  AddPageOptions(line, session, *lines);
  auto outcomes = std::make_shared<PlanFlags>();
  CLI::App& outcome =
      AddSubcommand(group, invocation, "outcomes",
                    session.Say("What became of each posting, and why openings stay empty",
                                "各岗位的结果，以及名额空缺的原因"),
                    outcomes, Outcomes);
  AddName(outcome, session, *outcomes);
  AddPageOptions(outcome, session, *outcomes);
}

void AddWriting(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto cancelled = std::make_shared<PlanFlags>();
  CLI::App& cancel = AddSubcommand(group, invocation, "cancel",
                                   session.Say("Gives up a plan that waits or runs", "取消计划"),
                                   cancelled, Cancel);
  AddName(cancel, session, *cancelled);
  AddEtag(cancel, session, *cancelled);
  AddWriteOptions(cancel, session, *cancelled);
  auto committed = std::make_shared<PlanFlags>();
  CLI::App& commit =
      AddSubcommand(group, invocation, "commit",
                    session.Say("Creates the referrals of all lines, or says which no longer hold",
                                "提交计划：一次生成全部推荐，或指出已不成立的行"),
                    committed, Commit);
  AddName(commit, session, *committed);
  commit.add_option("--line", committed->lines,
                    std::string(session.Say("Only these; else all that have no referral yet",
                                            "仅这些行；默认全部未提交的行")));
  commit.add_option("--clerk", committed->clerk,
                    std::string(session.Say("Who looks after the referrals", "经办人")));
  commit.add_option("--reason", committed->reason,
                    std::string(session.Say("Why, for the history", "原因，记入经过")));
  AddEtag(commit, session, *committed);
  AddWriteOptions(commit, session, *committed);
  auto deleted = std::make_shared<PlanFlags>();
  CLI::App& remove = AddSubcommand(
      group, invocation, "delete",
      session.Say("Deletes a plan that has ended; referrals stay", "删除计划，推荐保留"), deleted,
      Delete);
  AddName(remove, session, *deleted);
  AddEtag(remove, session, *deleted);
  AddWriteOptions(remove, session, *deleted);
}

}  // namespace

void AddPlanCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* group =
      app.add_subcommand("plan", std::string(invocation.session.Say(
                                     "Many people and many openings at once: who is to have which",
                                     "匹配计划：多人多岗统一分配")));
  group->require_subcommand(1);
  AddCreatePlan(*group, invocation);
  AddReading(*group, invocation);
  AddWriting(*group, invocation);
}

}  // namespace leye::ctl
