// posting suggest: what the text of a notice says, as fields of a posting.

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include <CLI/App.hpp>

#include "leye/v1/notice.pb.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/import_report.h"
#include "services/leyectl/notice_source.h"
#include "services/leyectl/resource.h"
#include "services/leyectl/subcommand.h"
#include "services/leyectl/words.h"

namespace leye::ctl {
namespace {

struct SuggestFlags {
  std::string file;
  int min_confidence = 50;
};

// `read` is of all posts of a notice, or of one of them.
template <typename Read>
void PrintSuggestions(const Session& session, const Read& read) {
  Table table({{.title = std::string(session.Say("field", "字段"))},
               {.title = std::string(session.Say("value", "值"))},
               {.title = "%", .align = Align::kRight},
               {.title = std::string(session.Say("words", "依据"))},
               {.title = ""}});
  for (const v1::NoticeSuggestion& said : read.suggestions()) {
    table.Add({said.field(), SuggestedValue(said, session.settings.language),
               absl::StrCat(said.confidence_percent()), said.span().text(),
               said.contradicted() ? std::string(session.Say("contradicted", "前后不一")) : ""});
  }
  session.out << table.Render(session.table_style());
  for (const v1::LintFinding& finding : read.findings()) {
    session.out << FindingText(finding, session) << "\n";
  }
}

void PrintPosts(const Session& session, const v1::NoticeSuggestions& read) {
  if (read.posts_size() > 0) {
    session.out << session.Say("said of all posts", "各岗位共同条件") << "\n";
  }
  PrintSuggestions(session, read);
  for (int i = 0; i < read.posts_size(); ++i) {
    session.out << "\n"
                << session.Say("post ", "岗位 ") << i + 1 << ": " << read.posts(i).title() << "\n";
    PrintSuggestions(session, read.posts(i));
  }
  session.out << std::flush;
}

ExitCode Suggest(Session& session, const SuggestFlags& flags) {
  std::ifstream file;
  if (flags.file != "-") {
    file.open(flags.file, std::ios::binary);
    if (!file) {
      return session.Fail(ExitCode::kFile,
                          absl::StrCat(session.Say("cannot read ", "无法读取 "), flags.file));
    }
  }
  std::istream& input = flags.file == "-" ? std::cin : file;
  v1::SuggestFromNoticeRequest request;
  request.set_parent(RegionName(session.settings.region));
  request.set_min_confidence_percent(flags.min_confidence);
  request.add_postings()->set_original_text(std::string(std::istreambuf_iterator<char>(input), {}));
  v1::SuggestFromNoticeResponse response;
  const grpc::Status status =
      session.Call(Rpc("NoticeService.SuggestFromNotice"), request, &response);
  if (!status.ok()) return session.Fail(status);
  if (session.settings.json) {
    session.PrintJson(response.postings(0));
  } else {
    PrintPosts(session, response.postings(0));
  }
  return ExitCode::kOk;
}

}  // namespace

void AddPostingCommands(CLI::App& app, Invocation& invocation) {
  const Session& session = invocation.session;
  CLI::App* group = app.add_subcommand(
      "posting", std::string(session.Say("What a notice says of its posting: suggest",
                                         "从招聘公告中读取岗位内容：suggest")));
  group->require_subcommand(1);
  auto flags = std::make_shared<SuggestFlags>();
  CLI::App& sub = AddSubcommand(
      *group, invocation, "suggest",
      session.Say("Reads a notice and suggests the fields of its posting; changes nothing",
                  "读取一份招聘公告，给出岗位各字段的建议；不作任何改动"),
      flags, Suggest);
  sub.add_option("FILE", flags->file,
                 std::string(session.Say("The notice's text; - is standard input",
                                         "公告文本文件；- 为标准输入")))
      ->required();
  sub.add_option("--min-confidence", flags->min_confidence,
                 std::string(session.Say("Percent from which suggestions are given",
                                         "输出建议的最低置信度（百分数）")))
      ->check(CLI::Range(1, 99))
      ->capture_default_str();
}

}  // namespace leye::ctl
