#include "services/leyectl/match_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include "services/leyectl/resource.h"
#include "services/leyectl/table.h"
#include "services/leyectl/words.h"

namespace leye::ctl {
namespace {

constexpr int kBarColumns = 10;
constexpr int kReasons = 3;  // Shown beside each result; explain shows all.

int Ordering(const v1::Scores& scores, v1::ScoreSide side) {
  switch (side) {
    case v1::SCORE_SIDE_REVERSE:
      return scores.reverse_micros();
    case v1::SCORE_SIDE_MUTUAL:
      return scores.mutual_micros();
    default:
      return scores.forward_micros();
  }
}

// The reasons that count most, each in words of the server's.
std::string Reasons(const google::protobuf::RepeatedPtrField<v1::Criterion>& criteria,
                    const google::protobuf::RepeatedPtrField<std::string>& notes,
                    Language language) {
  std::vector<std::string> words;
  for (const v1::Criterion& criterion : criteria) {
    if (words.size() == kReasons || criterion.contribution_micros() == 0) break;
    words.push_back(criterion.evidence().empty() ? WordOf(criterion.criterion(), language)
                                                 : criterion.evidence());
  }
  for (const std::string& note : notes) words.push_back(absl::StrCat("※ ", note));
  return absl::StrJoin(words, Say(language, "; ", "；"));
}

// Such as "-5.0 %: shown for 10 other postings within 30 days".
std::string DiscountText(const v1::Congestion& congestion, Language language) {
  return absl::StrCat("-", Percent(congestion.discount_micros()), Say(language, ": ", "："),
                      congestion.evidence());
}

std::string FunnelText(const v1::Funnel& funnel, Language language) {
  std::string text =
      absl::StrCat(Say(language, "considered ", "共考察 "), Grouped(funnel.considered()),
                   Say(language, ", eligible ", "，符合条件 "), funnel.eligible_exact() ? "" : "≥ ",
                   Grouped(funnel.eligible()));
  std::vector<const v1::RuleCount*> counts;
  for (const v1::RuleCount& count : funnel.turned_away()) {
    if (count.count() > 0) counts.push_back(&count);
  }
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto* a, const auto* b) { return a->count() > b->count(); });
  std::vector<std::string> parts;
  for (const v1::RuleCount* count : counts) {
    parts.push_back(absl::StrCat(WordOf(count->rule(), language), " ", count->exact() ? "" : "≥ ",
                                 Grouped(count->count())));
  }
  if (!parts.empty()) {
    absl::StrAppend(&text, Say(language, "; turned away by: ", "；未通过："),
                    absl::StrJoin(parts, Say(language, ", ", "、")));
  }
  return text + "\n";
}

std::string BasisText(const v1::MatchBasis& basis, const Settings& settings) {
  return absl::StrCat(
      Say(settings.language, "rules ", "规则 "), ShortName(basis.ruleset(), settings.region),
      Say(settings.language, ", as of ", "，日期 "), basis.date(),
      Say(settings.language, ", ordered by ", "，排序依据 "),
      WordOf(basis.side(), settings.language), Say(settings.language, ", revision ", "，修订号 "),
      absl::StrJoin(basis.revisions(), " "), "\n");
}

// Table, funnel, basis; says so when nobody fits.
template <typename Response>
std::string Framed(const Response& response, const Table& table, const Settings& settings) {
  std::string text =
      table.empty()
          ? absl::StrCat(Say(settings.language, "nothing fits", "没有符合条件的结果"), "\n")
          : table.Render({.color = settings.color});
  text += "\n";
  if (response.has_funnel()) text += FunnelText(response.funnel(), settings.language);
  return text + BasisText(response.basis(), settings);
}

std::vector<std::string> ScoreCells(int rank, int micros) {
  return {std::to_string(rank), Percent(micros), Bar(micros, kBarColumns)};
}

std::string CriteriaTable(const v1::PairMatch& match, const Settings& settings) {
  const Language language = settings.language;
  Table table({{.title = std::string(Say(language, "criterion", "指标"))},
               {.title = std::string(Say(language, "value", "得值")), .align = Align::kRight},
               {},
               {.title = std::string(Say(language, "weight", "权重")), .align = Align::kRight},
               {.title = std::string(Say(language, "adds", "贡献")), .align = Align::kRight},
               {.title = std::string(Say(language, "why", "依据"))}});
  for (const v1::Criterion& criterion : match.criteria()) {
    table.Add({WordOf(criterion.criterion(), language), Percent(criterion.value_micros()),
               Bar(criterion.value_micros(), kBarColumns),
               Percent(criterion.forward_weight_micros()), Percent(criterion.contribution_micros()),
               criterion.evidence()});
  }
  return table.empty() ? "" : table.Render({.color = settings.color, .indent = "  "});
}

std::string VerdictText(const v1::PairMatch& match, const Settings& settings) {
  const Language language = settings.language;
  if (match.eligible()) {
    return absl::StrCat(Say(language, "FITS: posting's side ", "符合条件：岗位一侧 "),
                        Percent(match.scores().forward_micros()),
                        Say(language, ", person's side ", "，求职者一侧 "),
                        Percent(match.scores().reverse_micros()),
                        Say(language, ", mutual ", "，双方 "),
                        Percent(match.scores().mutual_micros()), "\n");
  }
  std::string text = absl::StrCat(Say(language, "DOES NOT FIT:", "不符合条件："), "\n");
  for (const v1::RuleFailure& failure : match.failures()) {
    absl::StrAppend(&text, "  ✗ ", WordOf(failure.rule(), language), ": ", failure.evidence(), " (",
                    failure.reason(), ")\n");
  }
  return text;
}

}  // namespace

std::string DistanceText(const v1::Travel& travel) {
  std::string text =
      travel.has_distance_km() ? absl::StrFormat("%.1f km", travel.distance_km()) : "–";
  if (travel.has_travel_minutes()) absl::StrAppend(&text, " ", travel.travel_minutes(), " min");
  return text;
}

std::string PayText(const v1::PostingSummary& posting) {
  if (!posting.has_monthly_pay_min_yuan() && !posting.has_monthly_pay_max_yuan()) return "";
  const int least = posting.has_monthly_pay_min_yuan() ? posting.monthly_pay_min_yuan()
                                                       : posting.monthly_pay_max_yuan();
  const int greatest = posting.has_monthly_pay_max_yuan() ? posting.monthly_pay_max_yuan() : least;
  return least == greatest ? absl::StrCat(least) : absl::StrCat(least, "–", greatest);
}

std::string MatchText(const v1::RankCandidatesResponse& response, const Settings& settings) {
  const Language language = settings.language;
  Table table({{.title = "#", .align = Align::kRight},
               {.title = std::string(Say(language, "score", "得分")), .align = Align::kRight},
               {},
               {.title = std::string(Say(language, "distance", "距离")), .align = Align::kRight},
               {.title = std::string(Say(language, "person", "求职者"))},
               {.title = std::string(Say(language, "age", "年龄")), .align = Align::kRight},
               {.title = std::string(Say(language, "education", "文化程度"))},
               {.title = std::string(Say(language, "area", "安置区")), .max_width = 20},
               {.title = std::string(Say(language, "why", "理由"))}});
  int rank = 0;
  for (const v1::CandidateMatch& match : response.matches()) {
    std::vector<std::string> cells =
        ScoreCells(++rank, Ordering(match.scores(), response.basis().side()));
    const v1::CandidateSummary& person = match.candidate();
    const std::array<std::string, 6> rest = {
        DistanceText(match.travel()),
        ShortName(person.name(), settings.region),
        std::to_string(person.age()),
        WordOf(person.education(), language),
        person.settlement_area_display_name(),
        match.has_congestion()
            ? absl::StrCat(DiscountText(match.congestion(), language), Say(language, "; ", "；"),
                           Reasons(match.criteria(), match.notes(), language))
            : Reasons(match.criteria(), match.notes(), language)};
    cells.insert(cells.end(), rest.begin(), rest.end());
    table.Add(std::move(cells));
  }
  return Framed(response, table, settings);
}

std::string MatchText(const v1::RecommendPostingsResponse& response, const Settings& settings) {
  const Language language = settings.language;
  Table table(
      {{.title = "#", .align = Align::kRight},
       {.title = std::string(Say(language, "score", "得分")), .align = Align::kRight},
       {},
       {.title = std::string(Say(language, "distance", "距离")), .align = Align::kRight},
       {.title = std::string(Say(language, "posting", "岗位"))},
       {.title = std::string(Say(language, "title", "名称")), .max_width = 32},
       {.title = std::string(Say(language, "channel", "渠道"))},
       {.title = std::string(Say(language, "yuan a month", "月薪")), .align = Align::kRight},
       {.title = std::string(Say(language, "why", "理由"))}});
  int rank = 0;
  for (const v1::PostingMatch& match : response.matches()) {
    std::vector<std::string> cells =
        ScoreCells(++rank, Ordering(match.scores(), response.basis().side()));
    const v1::PostingSummary& posting = match.posting();
    const std::array<std::string, 6> rest = {DistanceText(match.travel()),
                                             ShortName(posting.name(), settings.region),
                                             posting.title(),
                                             WordOf(posting.channel(), language),
                                             PayText(posting),
                                             Reasons(match.criteria(), match.notes(), language)};
    cells.insert(cells.end(), rest.begin(), rest.end());
    table.Add(std::move(cells));
  }
  return Framed(response, table, settings);
}

std::string MatchText(const v1::ExplainMatchResponse& response, const Settings& settings) {
  const Language language = settings.language;
  const v1::CandidateSummary& person = response.candidate();
  const v1::PostingSummary& posting = response.posting();
  std::string text = absl::StrCat(
      Say(language, "person   ", "求职者  "), ShortName(person.name(), settings.region), ", ",
      person.age(), Say(language, " years, ", " 岁, "), WordOf(person.education(), language), ", ",
      person.settlement_area_display_name(), "\n", Say(language, "posting  ", "岗位    "),
      ShortName(posting.name(), settings.region), ", ", posting.title(), ", ",
      posting.employer_display_name(), "\n", Say(language, "distance ", "距离    "),
      DistanceText(response.match().travel()), "\n\n", VerdictText(response.match(), settings));
  for (const std::string& note : response.match().notes()) {
    absl::StrAppend(&text, "  ※ ", note, "\n");
  }
  if (response.match().has_congestion()) {
    absl::StrAppend(&text, "  ", DiscountText(response.match().congestion(), language), "\n");
  }
  return absl::StrCat(text, "\n", CriteriaTable(response.match(), settings), "\n",
                      BasisText(response.basis(), settings));
}

std::string MatchText(const v1::ScorePairsResponse& response, const Settings& settings) {
  const Language language = settings.language;
  Table table(
      {{.title = std::string(Say(language, "person", "求职者"))},
       {.title = std::string(Say(language, "posting", "岗位"))},
       {.title = std::string(Say(language, "posting's side", "岗位侧")), .align = Align::kRight},
       {.title = std::string(Say(language, "person's side", "求职侧")), .align = Align::kRight},
       {.title = std::string(Say(language, "mutual", "双方")), .align = Align::kRight},
       {.title = std::string(Say(language, "turned away by", "未通过"))}});
  for (const v1::PairMatch& match : response.matches()) {
    std::vector<std::string> rules;
    for (const v1::RuleFailure& failure : match.failures()) {
      rules.push_back(WordOf(failure.rule(), language));
    }
    const bool fits = match.eligible();
    table.Add({ShortName(match.pair().candidate(), settings.region),
               ShortName(match.pair().posting(), settings.region),
               fits ? Percent(match.scores().forward_micros()) : "–",
               fits ? Percent(match.scores().reverse_micros()) : "–",
               fits ? Percent(match.scores().mutual_micros()) : "–",
               absl::StrJoin(rules, Say(language, ", ", "、"))});
  }
  return table.Render({.color = settings.color}) + "\n" + BasisText(response.basis(), settings);
}

}  // namespace leye::ctl
