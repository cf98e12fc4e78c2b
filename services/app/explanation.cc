#include "services/app/explanation.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/app/explanation_findings.h"

namespace leye::app {
namespace {

// More skills than these are counted, not named.
constexpr size_t kMostSkillsNamed = 3;

void AppendPay(std::string& text, const matcher::PostingProfile& posting) {
  const std::optional<int32_t>& low = posting.min_yuan_per_month;
  const std::optional<int32_t>& high = posting.max_yuan_per_month;
  if (low.has_value() && high.has_value() && *low != *high) {
    return absl::StrAppend(&text, *low, "–", *high);
  }
  absl::StrAppend(&text, low.has_value() ? *low : *high);
}

// The groups of the first tier that fits; empty when none does.
matcher::GroupSet TierOf(matcher::GroupSet groups, const matcher::PriorityParameters& priority) {
  for (const matcher::PriorityTier& tier : priority.tiers) {
    if (groups.ContainsAll(tier.all_of)) return tier.all_of;
  }
  return {};
}

}  // namespace

std::string Explainer::Evidence(matcher::Criterion criterion, const PairView& pair) const {
  switch (criterion) {
    case matcher::Criterion::kSkills:
      return Skills(pair);
    case matcher::Criterion::kProximity:
      return Proximity(pair);
    case matcher::Criterion::kPriority:
      return Priority(pair);
    case matcher::Criterion::kWage:
      return Wage(pair);
    case matcher::Criterion::kWish:
      return Wish(pair);
    case matcher::Criterion::kWaiting:
      return Waiting(pair);
    case matcher::Criterion::kChannel:
    case matcher::Criterion::kCount:
      break;
  }
  return Channel(pair);
}

std::string Explainer::Text(const matcher::Finding& finding) const {
  return FindingText(finding, basis_.catalogue, language_);
}

std::string Explainer::Skills(const PairView& pair) const {
  const std::vector<matcher::SkillMatch>& skills = pair.fit.skills;
  if (skills.empty()) return Said({"岗位不要求技能", "no skill is asked"});
  std::string text;
  text.reserve(96);
  const size_t named = std::min(skills.size(), kMostSkillsNamed);
  for (size_t i = 0; i < named; ++i) {
    if (i > 0) Say(text, {"；", "; "});
    AppendMatch(text, skills[i]);
  }
  if (skills.size() > named) {
    if (language_ == Language::kEnglish) {
      absl::StrAppend(&text, "; and ", skills.size() - named, " more");
    } else {
      absl::StrAppend(&text, "；另有 ", skills.size() - named, " 项");
    }
  }
  return text;
}

// "缝纫机操作 要求 3 级，本人 4 级"; of a related skill, which one it is.
void Explainer::AppendMatch(std::string& text, const matcher::SkillMatch& match) const {
  AppendSkill(text, match.asked.skill, basis_.catalogue, language_);
  if (match.asked.min_level.known()) {
    Say(text, {" 要求 ", ": "});
    AppendLevel(text, match.asked.min_level.value(), language_);
    Say(text, {"", " asked"});
  }
  if (!match.held.has_value()) {
    Say(text, {"，本人不具备", match.asked.min_level.known() ? ", not held" : ": not held"});
    return;
  }
  Say(text, {"，本人", match.asked.min_level.known() ? ", " : ": "});
  const bool related = match.held->skill != match.asked.skill;
  if (related) {
    Say(text, {"会相近的 ", "related "});
    AppendSkill(text, match.held->skill, basis_.catalogue, language_);
  }
  if (match.held->level.known()) {
    Say(text, {" ", related ? " " : ""});
    AppendLevel(text, match.held->level.value(), language_);
    Say(text, {"", " held"});
  } else {
    Say(text, {related ? "" : "具备", related ? " held" : "held"});
  }
}

// What counts: the time of the table, or the great circle and the detour.
void Explainer::AppendWay(std::string& text, const matcher::Travel& travel) const {
  const bool english = language_ == Language::kEnglish;
  if (travel.minutes.has_value()) {
    const absl::string_view mode = WordOf(travel.mode, language_);
    if (english) {
      absl::StrAppend(&text, ", ", *travel.minutes, " minutes one way ", mode);
    } else {
      absl::StrAppend(&text, "，", mode, "单程 ", *travel.minutes, " 分钟");
    }
    if (!travel.cost_fen.has_value()) return;
    const std::string yuan = absl::StrFormat("%.2f", *travel.cost_fen / 100.0);
    absl::StrAppend(&text, english ? ", " : "，", yuan, english ? " yuan" : " 元");
    return;
  }
  const double detour = basis_.ruleset.travel.detour_factor;
  if (detour == 1) return;
  std::string road;
  AppendKilometres(road, RoadOf(travel, basis_.ruleset).km());
  if (english) {
    absl::StrAppend(&text, ", taken as ", road, " km by road (great circle x ", detour, ")");
  } else {
    absl::StrAppend(&text, "，按路程 ", road, " 公里计（直线距离×", detour, "）");
  }
}

std::string Explainer::Proximity(const PairView& pair) const {
  if (pair.posting.home_based) return Said({"在家工作，无需通勤", "work at home"});
  std::string kilometres;
  AppendKilometres(kilometres, pair.fit.travel.distance.km());
  std::string text = language_ == Language::kEnglish
                         ? absl::StrCat(kilometres, " km from ", pair.area_name)
                         : absl::StrCat("距", pair.area_name, " ", kilometres, " 公里");
  AppendWay(text, pair.fit.travel);
  if (pair.posting.lodging_given && pair.candidate.wants_to_go_out) {
    absl::StrAppend(
        &text, In({"，提供住宿，本人愿意外出", "; lodging is given, and wishes to work away"}));
  }
  return text;
}

std::string Explainer::Priority(const PairView& pair) const {
  const matcher::GroupSet groups =
      matcher::EffectiveGroups(pair.candidate, pair.household, basis_.ruleset.age, basis_.day);
  const matcher::GroupSet tier = TierOf(groups, basis_.ruleset.priority);
  if (tier.empty()) return Said({"不属于优先对象", "no priority group"});
  std::string text(In({"优先对象：", "priority: "}));
  AppendSet(text, tier, language_);
  return text;
}

std::string Explainer::Wage(const PairView& pair) const {
  const bool pay_known =
      pair.posting.min_yuan_per_month.has_value() || pair.posting.max_yuan_per_month.has_value();
  const std::optional<int32_t>& wish = pair.candidate.wished_yuan_per_month;
  std::string text;
  text.reserve(64);
  if (pay_known) {
    Say(text, {"月薪约 ", "about "});
    AppendPay(text, pair.posting);
    Say(text, {" 元", " yuan a month"});
  } else {
    Say(text, {"岗位未说明工资", "pay is not said"});
  }
  if (!wish.has_value()) return absl::StrCat(text, In({"，本人未提要求", ", no wish stated"}));
  absl::StrAppend(&text, In({"，期望 ", ", "}), *wish, In({" 元", " wished"}));
  return text;
}

void Explainer::AppendTradeWish(std::string& text, const PairView& pair) const {
  const auto& wished = pair.candidate.wished_trades;
  if (wished.empty()) {
    Say(text, {"未提意向工种", "no trade wished"});
    return;
  }
  if (!pair.posting.trade.has_value()) {
    Say(text, {"岗位不限工种", "the posting names no trade"});
    return;
  }
  const matcher::TradeId trade = *pair.posting.trade;
  const auto& catalogue = basis_.catalogue.matcher_catalogue();
  if (std::ranges::find(wished, trade) != wished.end()) {
    Say(text, {"工种符合意向", "a wished trade"});
  } else if (std::ranges::any_of(
                 wished, [&](auto other) { return catalogue.SameSmallClass(other, trade); })) {
    Say(text, {"工种与意向相近", "close to a wished trade"});
  } else {
    Say(text, {"工种不在意向内", "not a wished trade"});
  }
  if (catalogue.Has(trade)) {
    const std::string& name = basis_.catalogue.trade(trade).display_name_zh();
    absl::StrAppend(&text, In({"（", " ("}), name, In({"）", ")"}));
  }
}

std::string Explainer::Wish(const PairView& pair) const {
  std::string text;
  text.reserve(64);
  AppendTradeWish(text, pair);
  const matcher::WorkFormSet forms = pair.candidate.work_forms;
  if (!forms.empty()) {
    const bool accepted = forms.Contains(pair.posting.work_form);
    absl::StrAppend(&text, accepted ? In({"，用工形式可接受", ", form of work accepted"})
                                    : In({"，用工形式不合意", ", form of work not wished"}));
  }
  const auto& places = pair.candidate.wished_divisions;
  if (!places.empty()) {
    const bool wished = std::ranges::any_of(
        places, [&](auto division) { return division.Contains(pair.posting.division); });
    absl::StrAppend(&text, wished ? In({"，地点合意", ", place wished"})
                                  : In({"，地点不在意向内", ", other place"}));
  }
  return text;
}

std::string Explainer::Waiting(const PairView& pair) const {
  const std::optional<matcher::Day>& since = pair.candidate.unemployed_since;
  if (!since.has_value()) return Said({"未登记待业起始时间", "no date of losing work on record"});
  const int months = matcher::WholeMonthsBetween(*since, basis_.day);
  if (language_ == Language::kEnglish) return absl::StrCat("without work for ", months, " months");
  return absl::StrCat("已待业 ", months, " 个月");
}

std::string Explainer::Channel(const PairView& pair) const {
  std::string text(WordOf(pair.posting.channel, language_));
  if (pair.posting.channel != matcher::Channel::kEnterprise) return text;
  const bool near =
      pair.posting.home_based || pair.fit.travel.distance <= basis_.ruleset.channel.near;
  absl::StrAppend(&text,
                  near ? In({"（就近）", " near home"}) : In({"（外出）", " away from home"}));
  return text;
}

std::string Explainer::Text(const matcher::Congestion& congestion) const {
  const int days = basis_.ruleset.congestion.window_days;
  const int shown = congestion.shown_for_others;
  std::string text =
      language_ == Language::kEnglish
          ? absl::StrCat("shown for ", shown, " other postings within ", days, " days")
          : absl::StrCat(days, " 天内已向其他 ", shown, " 个岗位展示");
  if (shown > 0 && congestion.spared) {
    Say(text, {"，属优先保障对象，不降序", ", not set back: in need of priority"});
  }
  return text;
}

}  // namespace leye::app
