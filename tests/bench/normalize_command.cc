#include "tests/bench/normalize_command.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <functional>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <fmt/core.h>

#include "services/app/catalogue.h"
#include "services/app/phrase_normalizer.h"
#include "services/base/status.h"
#include "services/text/folding.h"

namespace leye::bench {
namespace {

struct World {
  app::Catalogue catalogue;
  text::Normalizer normalizer;

  static absl::StatusOr<World> Load(const std::string& folder) {
    app::CatalogueTables tables = app::BuiltInTables();
    if (!folder.empty()) {
      LEYE_ASSIGN_OR_RETURN(tables, app::ReadTables(folder));
    }
    LEYE_ASSIGN_OR_RETURN(app::Catalogue catalogue, app::Catalogue::Parse(tables));
    LEYE_ASSIGN_OR_RETURN(text::Normalizer normalizer, app::BuildNormalizer(catalogue, tables));
    return World{std::move(catalogue), std::move(normalizer)};
  }
};

absl::StatusOr<std::vector<std::string>> ReadLines(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    return Error(absl::StatusCode::kNotFound, "FILE_UNREADABLE",
                 absl::StrCat("cannot read ", path));
  }
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

int Failed(const absl::Status& status) {
  fmt::print(stderr, "{}\n", status.ToString());
  return 2;
}

// Of this thread: other programs on the machine do not count.
double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// A labelled phrase and what the normaliser answers.
struct Case {
  std::string phrase;
  std::string label;
  std::string answer;  // The surest trade's code; empty: none.
  int confidence = 0;
};

bool IsOfPart(absl::string_view phrase, absl::string_view part) {
  if (part.empty()) return true;
  const bool is_odd = text::DecodeUtf8(phrase, 0).character % 2 == 1;
  return is_odd == (part == "odd");
}

std::vector<Case> AskAll(const World& world, const std::vector<std::string>& lines,
                         absl::string_view part) {
  std::vector<Case> cases;
  for (const std::string& line : lines) {
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    if (cells.size() < 2 || !IsOfPart(line, part)) continue;
    if (world.catalogue.FindTradeEntry(cells[1]) == nullptr) continue;
    Case each{cells[0], cells[1], "", 0};
    const text::Normalized read = world.normalizer.Normalize(each.phrase);
    if (!read.trades.empty()) {
      const matcher::TradeId id(static_cast<uint16_t>(read.trades[0].trade));
      each.answer = world.catalogue.trade(id).code();
      each.confidence = read.trades[0].confidence;
    }
    cases.push_back(std::move(each));
  }
  return cases;
}

void PrintCurve(absl::string_view title, const std::vector<Case>& cases,
                const std::function<bool(const Case&)>& counts) {
  fmt::print("{}\n  from  answered  right  precision  coverage\n", std::string(title));
  for (const int from : {1, 40, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95}) {
    int all = 0;
    int answered = 0;
    int right = 0;
    for (const Case& each : cases) {
      if (!counts(each)) continue;
      ++all;
      if (each.confidence < from) continue;
      ++answered;
      right += each.answer == each.label ? 1 : 0;
    }
    const double precision = answered == 0 ? 0 : static_cast<double>(right) / answered;
    const double coverage = all == 0 ? 0 : static_cast<double>(answered) / all;
    fmt::print("  {:>4}  {:>8}  {:>5}  {:>9.4f}  {:>8.4f}\n", from, answered, right, precision,
               coverage);
  }
}

void WriteErrors(const World& world, const std::vector<Case>& cases,
                 const EvaluateOptions& options) {
  std::ofstream file(options.errors);
  for (const Case& each : cases) {
    if (each.answer == each.label && each.confidence >= options.errors_from) continue;
    const v1::Trade* label = world.catalogue.FindTradeEntry(each.label);
    const v1::Trade* answer = world.catalogue.FindTradeEntry(each.answer);
    file << each.phrase << '\t' << each.label << '\t' << label->display_name_zh() << '\t'
         << each.answer << '\t' << (answer == nullptr ? "" : answer->display_name_zh()) << '\t'
         << each.confidence << '\n';
  }
}

}  // namespace

int RunNormalize(const NormalizeOptions& options) {
  const absl::StatusOr<World> world = World::Load(options.catalogue);
  if (!world.ok()) return Failed(world.status());
  absl::StatusOr<std::vector<std::string>> phrases = ReadLines(options.phrases);
  if (!phrases.ok()) return Failed(phrases.status());
  size_t bytes = 0;
  for (std::string& phrase : *phrases) {
    phrase.resize(std::min(phrase.size(), phrase.find('\t')));
    bytes += phrase.size();
  }
  std::vector<double> seconds;
  size_t found = 0;  // Trades, or suggestions.
  for (int round = 0; round < options.rounds; ++round) {
    const double begin = CpuSeconds();
    for (const std::string& phrase : *phrases) {
      found += options.notices ? world->normalizer.ReadNotice(phrase).suggestions.size()
                               : world->normalizer.Normalize(phrase).trades.size();
    }
    seconds.push_back(CpuSeconds() - begin);
  }
  std::nth_element(seconds.begin(), seconds.begin() + options.rounds / 2, seconds.end());
  const double rate = static_cast<double>(phrases->size()) / seconds[seconds.size() / 2];
  const double length = static_cast<double>(bytes) / static_cast<double>(phrases->size());
  fmt::print(
      "{} words, {} titles; {} {} of {:.1f} bytes, {} {}\n{:.0f} a second a core, {:.2f} MB/s\n",
      world->normalizer.word_count(), world->normalizer.title_count(), phrases->size(),
      options.notices ? "notices" : "phrases", length, found / static_cast<size_t>(options.rounds),
      options.notices ? "suggestions" : "trades", rate, rate * length / 1e6);
  if (options.json) {
    fmt::print("{{\"phrases\":{},\"mean_bytes\":{:.1f},\"phrases_per_second\":{:.0f}}}\n",
               phrases->size(), length, rate);
  }
  return 0;
}

int RunEvaluate(const EvaluateOptions& options) {
  const absl::StatusOr<World> world = World::Load(options.catalogue);
  if (!world.ok()) return Failed(world.status());
  const absl::StatusOr<std::vector<std::string>> lines = ReadLines(options.labelled);
  if (!lines.ok()) return Failed(lines.status());
  const std::vector<Case> cases = AskAll(*world, *lines, options.part);
  const auto is_level_4 = [&](const Case& each) {
    return world->catalogue.FindTrade(each.label).has_value();
  };
  PrintCurve("all classes, labels of level 4", cases, is_level_4);
  PrintCurve("classes 4 to 6, labels of level 4", cases, [&](const Case& each) {
    return is_level_4(each) && each.label[0] >= '4' && each.label[0] <= '6';
  });
  PrintCurve("classes 5 and 6, labels of level 4", cases, [&](const Case& each) {
    return is_level_4(each) && each.label[0] >= '5' && each.label[0] <= '6';
  });
  if (!options.errors.empty()) WriteErrors(*world, cases, options);
  return 0;
}

}  // namespace leye::bench
