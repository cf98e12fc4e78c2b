// sample: writes an invented world into a folder.

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include <CLI/App.hpp>

#include "services/base/status.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/sample/file_sink.h"
#include "services/leyectl/sample/world.h"

namespace leye::ctl {
namespace {

struct SampleFlags {
  sample::WorldOptions world;
  double seekers = 0.3;
  std::string date = "2026-11-01";
  std::string places;
  std::string out;
  std::string format = "jsonl";
};

bool ParseDate(const std::string& text, absl::CivilDay& day) {
  int year = 0, month = 0, date = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2d", &year, &month, &date) != 3) return false;
  day = absl::CivilDay(year, month, date);
  return sample::DateText(day) == text;
}

absl::Status Write(const SampleFlags& flags, sample::FileSink& sink) {
  LEYE_ASSIGN_OR_RETURN(const sample::Places places, flags.places.empty()
                                                         ? sample::BuiltInPlaces()
                                                         : sample::ReadPlaces(flags.places));
  LEYE_RETURN_IF_ERROR(sample::GenerateWorld(flags.world, places, sink));
  return sink.Close();
}

ExitCode Sample(Session& session, SampleFlags flags) {
  if (!ParseDate(flags.date, flags.world.date)) {
    return session.Fail(ExitCode::kUsage, session.Say("--date: YYYY-MM-DD", "--date：YYYY-MM-DD"));
  }
  flags.world.region = session.settings.region;
  flags.world.seekers_permille = static_cast<int>(std::lround(flags.seekers * 1000));
  std::error_code error;
  std::filesystem::create_directories(flags.out, error);
  if (error) return session.Fail(ExitCode::kFile, flags.out + ": " + error.message());
  sample::FileSink sink(
      flags.out, flags.format == "binary" ? RecordFormat::kBinary : RecordFormat::kJsonLines);
  const absl::Status status = Write(flags, sink);
  if (!status.ok()) {
    const bool usage = status.code() == absl::StatusCode::kInvalidArgument;
    return session.Fail(usage ? ExitCode::kUsage : ExitCode::kFile, status.message());
  }
  for (const auto& count : sink.counts()) {
    session.out << count.first << " " << Grouped(count.second) << "\n";
  }
  return ExitCode::kOk;
}

void AddSizes(CLI::App* sub, const Session& session, SampleFlags& flags) {
  sub->add_option("--areas", flags.world.areas,
                  std::string(session.Say("Settlement areas; beyond those known, invented ones",
                                          "安置区数量；超出已知的部分为虚构")))
      ->capture_default_str();
  sub->add_option("--candidates", flags.world.candidates,
                  std::string(session.Say("People", "求职者数量")))
      ->capture_default_str();
  sub->add_option("--households", flags.world.households,
                  std::string(session.Say("At least so many; else one for 2.31 people",
                                          "至少这么多户；默认每 2.31 人一户")));
  sub->add_option("--postings", flags.world.postings,
                  std::string(session.Say("Postings, a third of each channel",
                                          "岗位数量，三类渠道各三分之一")))
      ->capture_default_str();
  sub->add_option("--seekers", flags.seekers,
                  std::string(session.Say("Share of the people who look for work", "求职人员占比")))
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
}

}  // namespace

void AddSampleCommand(CLI::App& app, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<SampleFlags>();
  CLI::App* sub = app.add_subcommand(
      "sample",
      std::string(session.Say("Writes invented people and work at real places: the same "
                              "bytes for the same options",
                              "在真实地点上生成虚构的人员与岗位；参数相同则结果逐字节相同")));
  AddSizes(sub, session, *flags);
  sub->add_option("--seed", flags->world.seed,
                  std::string(session.Say("Another seed, other people", "种子不同则人员不同")))
      ->capture_default_str();
  sub->add_option(
         "--date", flags->date,
         std::string(session.Say("Day to which all dates are relative", "各日期以此日为准")))
      ->capture_default_str();
  sub->add_option("--places", flags->places,
                  std::string(session.Say("Folder with areas.tsv and workplaces.tsv; else Hebei",
                                          "含 areas.tsv、workplaces.tsv 的目录；默认河北")));
  sub->add_option("--out", flags->out, std::string(session.Say("Folder to write to", "输出目录")))
      ->required();
  sub->add_option("--format", flags->format,
                  std::string(session.Say("jsonl or binary", "jsonl 或 binary")))
      ->check(CLI::IsMember({"jsonl", "binary"}))
      ->capture_default_str();
  sub->callback(
      [&invocation, flags] { invocation.exit_code = Sample(invocation.session, *flags); });
}

}  // namespace leye::ctl
