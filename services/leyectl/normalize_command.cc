// normalize: from phrases to trades, a phrase a line.

#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <CLI/App.hpp>
#include <google/protobuf/stubs/common.h>

#include "leye/v1/skill.grpc.pb.h"
#include "services/leyectl/commands.h"

namespace leye::ctl {
namespace {

constexpr size_t kPhrasesACall = 1000;       // As many as the RPC takes.
constexpr size_t kCharactersAPhrase = 1000;  // Of UTF-8.

struct NormalizeFlags {
  std::string file;
  int min_confidence = 60;
};

// Whether the server reads such a phrase: UTF-8, and not longer than it allows.
bool IsReadable(absl::string_view phrase) {
  size_t characters = 0;
  for (const char byte : phrase) characters += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  return characters <= kCharactersAPhrase && google::protobuf::internal::IsStructurallyValidUTF8(
                                                 phrase.data(), static_cast<int>(phrase.size()));
}

// The next lines, without line ends; fewer at the end of the file.
std::vector<std::string> NextLines(std::istream& input) {
  std::vector<std::string> lines;
  std::string line;
  while (lines.size() < kPhrasesACall && std::getline(input, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

// phrase, code, name, confidence: a line for each trade, or one with the phrase alone.
void Print(std::ostream& out, std::string phrase, const v1::NormalizedPhrase& read) {
  for (char& byte : phrase) {
    if (byte == '\t') byte = ' ';  // It would end the column.
  }
  if (read.trades().empty()) out << phrase << "\t\t\t\n";
  for (const v1::TradeFound& trade : read.trades()) {
    out << phrase << '\t' << trade.code() << '\t' << trade.display_name_zh() << '\t'
        << absl::StrFormat("%.2f", trade.confidence_percent() / 100.0) << '\n';
  }
}

ExitCode NormalizeLines(Session& session, std::istream& input, int min_confidence) {
  const auto stub = v1::SkillService::NewStub(session.channel());
  size_t line = 0;
  for (std::vector<std::string> lines = NextLines(input); !lines.empty();
       lines = NextLines(input)) {
    v1::NormalizeSkillsRequest request;
    request.set_min_confidence_percent(min_confidence);
    for (const std::string& phrase : lines) {
      ++line;
      const bool is_readable = IsReadable(phrase);
      request.add_phrases(is_readable ? phrase : "");
      if (is_readable) continue;
      session.err << "leyectl: "
                  << session.Say("not UTF-8 or longer than 1,000 characters, left unknown: line ",
                                 "不是 UTF-8 或超过 1000 个字符，记为未知：第 ")
                  << line << session.Say("", " 行") << "\n";
    }
    v1::NormalizeSkillsResponse response;
    const auto context = session.NewContext();
    const grpc::Status status = stub->NormalizeSkills(context.get(), request, &response);
    if (!status.ok()) return session.Fail(status);
    for (int i = 0; i < response.phrases_size(); ++i) {
      if (session.settings.json) {
        session.PrintJson(response.phrases(i));
      } else {
        Print(session.out, lines[static_cast<size_t>(i)], response.phrases(i));
      }
    }
  }
  session.out << std::flush;
  return ExitCode::kOk;
}

ExitCode Normalize(Session& session, const NormalizeFlags& flags) {
  if (flags.file == "-") return NormalizeLines(session, std::cin, flags.min_confidence);
  std::ifstream file(flags.file, std::ios::binary);
  if (!file) {
    return session.Fail(ExitCode::kFile,
                        absl::StrCat(session.Say("cannot read ", "无法读取 "), flags.file));
  }
  return NormalizeLines(session, file, flags.min_confidence);
}

}  // namespace

void AddNormalizeCommand(CLI::App& app, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<NormalizeFlags>();
  CLI::App* normalize = app.add_subcommand(
      "normalize",
      std::string(
          session.Say("Reads a phrase a line; writes phrase, code, name, confidence, tab-separated",
                      "每行读一条文字；写出文字、职业代码、名称、置信度，以制表符分隔")));
  normalize
      ->add_option(
          "FILE", flags->file,
          std::string(session.Say("The phrases; - is standard input", "文件；- 为标准输入")))
      ->required();
  normalize
      ->add_option("--min-confidence", flags->min_confidence,
                   std::string(session.Say("Percent from which trades are written",
                                           "输出职业的最低置信度（百分数）")))
      ->check(CLI::Range(1, 99))
      ->capture_default_str();
  normalize->callback(
      [&invocation, flags] { invocation.exit_code = Normalize(invocation.session, *flags); });
}

}  // namespace leye::ctl
