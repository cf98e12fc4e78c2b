// report: coverage, outcome, exposure, compliance, gaps.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include <CLI/App.hpp>

#include "leye/v1/report.pb.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/files/csv_writer.h"
#include "services/leyectl/resource.h"
#include "services/leyectl/words.h"

namespace leye::ctl {
namespace {

constexpr int kMillion = 1'000'000;
constexpr int kBarColumns = 20;

struct ReportFlags {
  bool csv = false;
  std::string from;
  std::string until;
  std::string area;
  bool only_failing = false;
  int most = 0;
};

// Prints one part of a report, as a table for people or as CSV for spreadsheets.
class Printer {
 public:
  Printer(Session& session, const ReportFlags& flags) : session_(session), csv_(flags.csv) {}

  // `title` stands over a table; parts of a CSV are apart by an empty line.
  void Print(absl::string_view title, std::vector<Column> columns,
             std::vector<std::vector<std::string>> rows) {
    if (rows.empty()) return;
    if (!std::exchange(first_, false)) session_.out << (csv_ ? "\r\n" : "\n");
    if (csv_) {
      PrintCsv(columns, rows);
      return;
    }
    if (!title.empty()) session_.out << title << "\n";
    Table table(std::move(columns));
    for (std::vector<std::string>& row : rows) table.Add(std::move(row));
    session_.out << table.Render(session_.table_style()) << std::flush;
  }

  bool csv() const { return csv_; }

 private:
  void PrintCsv(const std::vector<Column>& columns,
                const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::string> titles;
    for (const Column& column : columns) titles.push_back(column.title);
    std::string text;
    files::AppendCsvRow(titles, &text);
    for (const std::vector<std::string>& row : rows) {
      std::vector<std::string> cells;
      for (const std::string& cell : row) cells.push_back(files::Disarmed(cell));
      files::AppendCsvRow(cells, &text);
    }
    session_.out << text << std::flush;
  }

  Session& session_;
  const bool csv_;
  bool first_ = true;
};

// Calls and, in JSON, prints the answer whole.
template <typename Response>
bool Ask(Session& session, absl::string_view method, const google::protobuf::Message& request,
         Response& response, ExitCode& exit_code) {
  const grpc::Status status =
      session.Call(Rpc(absl::StrCat("ReportService.", method)), request, &response);
  exit_code = status.ok() ? ExitCode::kOk : session.Fail(status);
  if (status.ok() && session.settings.json) session.PrintJson(response);
  return status.ok() && !session.settings.json;
}

Column Right(absl::string_view title) {
  return {.title = std::string(title), .align = Align::kRight};
}
Column Left(absl::string_view title, int max_width = 0) {
  return {.title = std::string(title), .max_width = max_width};
}

std::string LastPart(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// The share of willing households in which somebody works, in millionths.
int KeptShare(const v1::CoverageFigures& of) {
  if (of.willing_households() == 0) return kMillion;
  const int64_t kept = of.willing_households() - of.zero_employment_households();
  return static_cast<int>(kept * kMillion / of.willing_households());
}

std::vector<std::string> CoverageCells(const std::string& place, const v1::CoverageRow& row,
                                       bool csv) {
  const v1::CoverageFigures& of = row.figures();
  std::vector<std::string> cells = {row.division_code(), place};
  for (const int64_t figure :
       {of.households(), of.willing_households(), of.zero_employment_households(), of.people(),
        of.able_and_willing(), of.earners(), of.seekers(), of.public_welfare_holders()}) {
    cells.push_back(csv ? absl::StrCat(figure) : Grouped(figure));
  }
  const int kept = KeptShare(of);
  cells.push_back(csv ? absl::StrFormat("%.4f", static_cast<double>(kept) / kMillion)
                      : Percent(kept));
  if (!csv) cells.push_back(Bar(kept, kBarColumns));
  return cells;
}

ExitCode Coverage(Session& session, const ReportFlags& flags) {
  v1::GetCoverageReportRequest request;
  request.set_parent(RegionName(session.settings.region));
  v1::GetCoverageReportResponse response;
  ExitCode exit_code = ExitCode::kOk;
  if (!Ask(session, "GetCoverageReport", request, response, exit_code)) return exit_code;
  Printer printer(session, flags);
  std::vector<Column> columns = {Left(session.Say("division", "区划")),
                                 Left(session.Say("place", "地点"), 30),
                                 Right(session.Say("households", "户")),
                                 Right(session.Say("willing", "有意愿户")),
                                 Right(session.Say("nobody works", "零就业户")),
                                 Right(session.Say("people", "人口")),
                                 Right(session.Say("able, willing", "有能力有意愿")),
                                 Right(session.Say("work", "就业")),
                                 Right(session.Say("seek", "求职")),
                                 Right(session.Say("public welfare", "公益性岗位")),
                                 Right(session.Say("kept", "兑现率"))};
  if (!flags.csv) columns.push_back(Left(""));
  std::vector<std::vector<std::string>> rows;
  const std::string unknown(session.Say("(area not on record)", "（安置区未登记）"));
  rows.push_back(
      CoverageCells(std::string(session.Say("total", "合计")), response.total(), flags.csv));
  for (const v1::CoverageRow& row : response.counties()) {
    rows.push_back(CoverageCells(
        row.division_code().empty() ? unknown : std::string(session.Say("county", "县（区）小计")),
        row, flags.csv));
  }
  for (const v1::CoverageRow& row : response.areas()) {
    rows.push_back(CoverageCells(row.settlement_area().empty() ? unknown : row.display_name(), row,
                                 flags.csv));
  }
  printer.Print("", std::move(columns), std::move(rows));
  return exit_code;
}

std::vector<std::vector<std::string>> StateRows(const Session& session,
                                                const v1::GetOutcomeReportResponse& response) {
  std::vector<std::vector<std::string>> rows;
  for (const v1::ChannelOutcome& channel : response.channels()) {
    const std::string name = WordOf(channel.channel(), session.settings.language);
    rows.push_back(
        {name, std::string(session.Say("created", "新建")), absl::StrCat(channel.created())});
    for (const v1::StateCount& reached : channel.reached()) {
      rows.push_back({name, WordOf(reached.state(), session.settings.language),
                      absl::StrCat(reached.referrals())});
    }
    rows.push_back({name, std::string(session.Say("at work now", "目前在岗")),
                    absl::StrCat(channel.at_work())});
    if (channel.hires_timed() == 0) continue;
    rows.push_back({name, std::string(session.Say("days to hire, half", "录用天数（中位）")),
                    absl::StrFormat("%.1f", channel.days_to_hire_p50())});
    rows.push_back({name, std::string(session.Say("days to hire, nine of ten", "录用天数（九成）")),
                    absl::StrFormat("%.1f", channel.days_to_hire_p90())});
  }
  return rows;
}

bool AskOutcome(Session& session, const ReportFlags& flags, v1::GetOutcomeReportResponse& response,
                ExitCode& exit_code) {
  v1::GetOutcomeReportRequest request;
  request.set_parent(RegionName(session.settings.region));
  request.set_from_date(flags.from);
  request.set_until_date(flags.until);
  request.set_max_employers(flags.most);
  return Ask(session, "GetOutcomeReport", request, response, exit_code);
}

// A share of showings, "12.5 %"; in CSV a fraction.
std::string ShareText(int64_t part, int64_t whole, bool csv) {
  if (whole == 0) return "";
  if (csv) {
    return absl::StrFormat("%.4f", static_cast<double>(part) / static_cast<double>(whole));
  }
  return Percent(static_cast<int>(part * kMillion / whole));
}

ExitCode Exposure(Session& session, const ReportFlags& flags) {
  v1::GetOutcomeReportResponse response;
  ExitCode exit_code = ExitCode::kOk;
  if (!AskOutcome(session, flags, response, exit_code)) return exit_code;
  const v1::ShowingsOutcome& of = response.showings();
  const auto row = [&](std::string name, int64_t people, int64_t showings) {
    return std::vector<std::string>{std::move(name), absl::StrCat(people), absl::StrCat(showings),
                                    ShareText(showings, of.showings(), flags.csv)};
  };
  std::vector<std::vector<std::string>> rows;
  for (const v1::GroupShowings& group : of.groups()) {
    rows.push_back(
        row(WordOf(group.group(), session.settings.language), group.people(), group.showings()));
  }
  rows.push_back(row(std::string(session.Say("everybody", "合计")), of.people(), of.showings()));
  rows.push_back(row(std::string(session.Say("the tenth shown most", "展示最多的一成")),
                     (of.people() + 9) / 10, of.top_tenth_showings()));
  rows.push_back(row(std::string(session.Say("who was shown most", "展示最多的人")),
                     of.people() > 0 ? 1 : 0, of.most_shown()));
  Printer(session, flags)
      .Print("",
             {Left(session.Say("group", "群体")), Right(session.Say("people shown", "展示人数")),
              Right(session.Say("showings", "展示次数")), Right(session.Say("share", "占比"))},
             std::move(rows));
  return exit_code;
}

ExitCode Outcome(Session& session, const ReportFlags& flags) {
  v1::GetOutcomeReportResponse response;
  ExitCode exit_code = ExitCode::kOk;
  if (!AskOutcome(session, flags, response, exit_code)) return exit_code;
  Printer printer(session, flags);
  const Language language = session.settings.language;
  printer.Print(session.Say("Referrals", "推荐"),
                {Left(session.Say("channel", "渠道")), Left(session.Say("came to", "状态")),
                 Right(session.Say("referrals", "数量"))},
                StateRows(session, response));
  std::vector<std::vector<std::string>> groups;
  for (const v1::GroupOutcome& group : response.groups()) {
    groups.push_back({WordOf(group.group(), language), absl::StrCat(group.created()),
                      absl::StrCat(group.hired())});
  }
  printer.Print(session.Say("Groups", "群体"),
                {Left(session.Say("group", "群体")), Right(session.Say("created", "新建")),
                 Right(session.Say("hired", "录用"))},
                std::move(groups));
  std::vector<std::vector<std::string>> seekers;
  for (const v1::SeekersByReferrals& row : response.seekers()) {
    seekers.push_back({absl::StrCat(row.referrals(), row.referrals() == 3 ? "+" : ""),
                       absl::StrCat(row.seekers())});
  }
  printer.Print(session.Say("Who looks for work, by referrals had", "求职者按已获推荐次数"),
                {Right(session.Say("referrals", "推荐次数")), Right(session.Say("people", "人数"))},
                std::move(seekers));
  std::vector<std::vector<std::string>> employers;
  for (const v1::EmployerOutcome& employer : response.employers()) {
    employers.push_back({LastPart(employer.employer()), absl::StrCat(employer.hired()),
                         absl::StrCat(employer.relocated_hired()),
                         absl::StrCat(employer.relocated_kept())});
  }
  printer.Print(session.Say("Employers", "用人单位"),
                {Left(session.Say("employer", "用人单位")), Right(session.Say("hired", "录用")),
                 Right(session.Say("relocated", "其中搬迁群众")),
                 Right(session.Say("of them kept", "稳定就业"))},
                std::move(employers));
  printer.Print("", {Left(session.Say("follow-ups overdue", "逾期回访"))},
                {{absl::StrCat(response.overdue_follow_ups())}});
  return exit_code;
}

std::vector<std::string> ComplianceCells(const Session& session, const v1::PostingCompliance& of) {
  const bool reserves = of.reserved() > 0;
  std::string pay;
  if (of.has_labour_pay_percent()) {
    pay = absl::StrFormat("%.1f / %.0f", of.labour_pay_percent(), of.labour_pay_percent_asked());
  }
  return {LastPart(of.posting()),
          of.title(),
          absl::StrCat(of.openings()),
          absl::StrCat(of.held()),
          reserves ? absl::StrCat(of.reserved()) : "",
          reserves ? WordOf(of.reserved_group(), session.settings.language) : "",
          reserves ? absl::StrCat(of.held_by_group()) : "",
          reserves ? absl::StrCat(of.reserved_lost()) : "",
          pay,
          std::string(of.compliant() ? session.Say("yes", "是") : session.Say("NO", "否"))};
}

ExitCode Compliance(Session& session, const ReportFlags& flags) {
  v1::ListPostingComplianceRequest request;
  request.set_parent(RegionName(session.settings.region));
  request.set_only_failing(flags.only_failing);
  request.set_page_size(1'000);
  Printer printer(session, flags);
  std::vector<std::vector<std::string>> rows;
  do {
    v1::ListPostingComplianceResponse response;
    ExitCode exit_code = ExitCode::kOk;
    const bool shown = Ask(session, "ListPostingCompliance", request, response, exit_code);
    if (exit_code != ExitCode::kOk) return exit_code;
    request.set_page_token(response.next_page_token());
    if (!shown) continue;
    for (const v1::PostingCompliance& of : response.postings()) {
      rows.push_back(ComplianceCells(session, of));
    }
  } while (!request.page_token().empty());
  printer.Print(
      "",
      {Left(session.Say("posting", "岗位")), Left(session.Say("title", "名称"), 24),
       Right(session.Say("openings", "招聘人数")), Right(session.Say("held", "已占用")),
       Right(session.Say("reserved", "预留")), Left(session.Say("for", "预留给")),
       Right(session.Say("by them", "其中该群体")), Right(session.Say("lost", "已流失")),
       Right(session.Say("labour pay %", "劳务报酬占比 %")), Left(session.Say("kept", "合规"))},
      std::move(rows));
  return ExitCode::kOk;
}

ExitCode Gaps(Session& session, const ReportFlags& flags) {
  v1::FindTrainingGapsRequest request;
  request.set_parent(RegionName(session.settings.region));
  request.set_max_gaps(flags.most);
  if (!flags.area.empty()) {
    request.set_settlement_area(FullName(flags.area, "settlementAreas", session.settings.region));
  }
  v1::FindTrainingGapsResponse response;
  ExitCode exit_code = ExitCode::kOk;
  if (!Ask(session, "FindTrainingGaps", request, response, exit_code)) return exit_code;
  std::vector<std::vector<std::string>> rows;
  for (const v1::TrainingGap& gap : response.gaps()) {
    std::vector<std::string> postings;
    for (const std::string& posting : gap.postings()) postings.push_back(LastPart(posting));
    rows.push_back({LastPart(gap.settlement_area()), LastPart(gap.skill()),
                    gap.has_level() ? absl::StrCat(gap.level()) : "", absl::StrCat(gap.openings()),
                    absl::StrCat(gap.people()), absl::StrCat(gap.postings_in_all()),
                    absl::StrJoin(postings, " ")});
  }
  Printer(session, flags)
      .Print("",
             {Left(session.Say("area", "安置区")), Left(session.Say("skill", "技能")),
              Right(session.Say("level", "等级")), Right(session.Say("openings", "可填补岗位数")),
              Right(session.Say("people", "可培训人数")),
              Right(session.Say("postings", "涉及岗位")), Left(session.Say("such as", "如"), 40)},
             std::move(rows));
  return exit_code;
}

using Run = ExitCode (*)(Session&, const ReportFlags&);

CLI::App* Add(CLI::App& group, Invocation& invocation, const char* name, absl::string_view about,
              const std::shared_ptr<ReportFlags>& flags, Run run) {
  CLI::App* sub = group.add_subcommand(name, std::string(about));
  sub->add_flag("--csv", flags->csv,
                std::string(invocation.session.Say("CSV for spreadsheets", "输出 CSV 表格")));
  sub->callback(
      [&invocation, flags, run] { invocation.exit_code = run(invocation.session, *flags); });
  return sub;
}

void AddDays(CLI::App& sub, const Session& session, const std::shared_ptr<ReportFlags>& flags) {
  sub.add_option("--from", flags->from,
                 std::string(session.Say("First day, yyyy-mm-dd", "起始日期 yyyy-mm-dd")));
  sub.add_option("--until", flags->until,
                 std::string(session.Say("Last day; else today", "截止日期；默认今天")));
}

}  // namespace

void AddReportCommands(CLI::App& app, Invocation& invocation) {
  const Session& session = invocation.session;
  CLI::App* group = app.add_subcommand(
      "report", std::string(session.Say("How far the promise is kept, and what would help",
                                        "统计报表：就业覆盖、成效、合规与培训缺口")));
  group->require_subcommand(1);
  Add(*group, invocation, "coverage",
      session.Say("Households with and without work, by area", "各安置区就业覆盖"),
      std::make_shared<ReportFlags>(), &Coverage);

  auto outcome = std::make_shared<ReportFlags>();
  CLI::App* sub = Add(*group, invocation, "outcome",
                      session.Say("What became of referrals", "推荐成效"), outcome, &Outcome);
  AddDays(*sub, session, outcome);
  sub->add_option("--employers", outcome->most,
                  std::string(session.Say("Most employers to name; else 100",
                                          "至多列出多少用人单位；默认 100")));

  auto exposure = std::make_shared<ReportFlags>();
  sub = Add(*group, invocation, "exposure",
            session.Say("Who was shown to employers, by group", "各群体向用人单位展示的情况"),
            exposure, &Exposure);
  AddDays(*sub, session, exposure);

  auto compliance = std::make_shared<ReportFlags>();
  sub = Add(*group, invocation, "compliance",
            session.Say("Reserved openings and labour pay, by posting", "预留名额与劳务报酬合规"),
            compliance, &Compliance);
  sub->add_flag("--failing", compliance->only_failing,
                std::string(session.Say("Only those that fail", "仅列不合规的")));

  auto gaps = std::make_shared<ReportFlags>();
  sub = Add(*group, invocation, "gaps",
            session.Say("Which skill, taught where, would fill the most openings",
                        "培训缺口：在何处培训何种技能可填补最多岗位"),
            gaps, &Gaps);
  sub->add_option("--area", gaps->area,
                  std::string(session.Say("Only people of this area", "仅该安置区的人")));
  sub->add_option("--most", gaps->most,
                  std::string(session.Say("Most rows; else 20", "至多几行；默认 20")));
}

}  // namespace leye::ctl
