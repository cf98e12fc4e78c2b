#include "services/app/ruleset_codec.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/message.h"

#include "services/app/lint_codec.h"
#include "services/app/ruleset_enums.h"

namespace leye::app {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using matcher::EnumSet;
using matcher::Group;
using matcher::Hazard;
using matcher::Kilometres;
using matcher::LabourClass;
using matcher::LintCode;
using matcher::PriorityTier;
using matcher::RetirementCategory;
using matcher::RetirementSchedule;
using matcher::RuleId;
using matcher::Score;
using matcher::Side;
using matcher::TieBreak;
using matcher::TravelMode;

namespace {

using ruleset_codec::Enumerators;

// --- The table -----------------------------------------------------------------------------------

struct RulesOff {
  matcher::RuleSet* enabled;
};

using Target =
    std::variant<int*, bool*, double*, Score*, Kilometres*, EnumSet<Hazard>*, EnumSet<Group>*,
                 EnumSet<LabourClass>*, EnumSet<LintCode>*, EnumSet<TravelMode>*, RulesOff,
                 std::vector<PriorityTier>*, std::vector<int>*, std::vector<std::string>*,
                 std::vector<matcher::MinimumWage>*, std::vector<matcher::LabourPayShare>*,
                 std::vector<matcher::LintSource>*, RetirementCategory*, Side*, TieBreak*>;

struct Field {
  std::string path;  // In leye.v1.Ruleset.
  Target target;
};

void AddSchedule(absl::string_view path, RetirementSchedule& schedule, std::vector<Field>& fields) {
  fields.push_back({absl::StrCat(path, ".base_years"), &schedule.base_years});
  fields.push_back({absl::StrCat(path, ".start_year"), &schedule.start_year});
  fields.push_back({absl::StrCat(path, ".start_month"), &schedule.start_month});
  fields.push_back({absl::StrCat(path, ".step_months"), &schedule.step_months});
  fields.push_back({absl::StrCat(path, ".cap_months"), &schedule.cap_months});
}

void AddWeights(absl::string_view path, matcher::Weights& weights, std::vector<Field>& fields) {
  constexpr const char* kNames[matcher::kCriterionCount] = {
      "skills", "proximity", "priority", "wage", "wish", "waiting", "channel"};
  for (size_t i = 0; i < weights.scores.size(); ++i) {
    fields.push_back({absl::StrCat(path, ".", kNames[i]), &weights.scores[i]});
  }
}

void AddPeople(matcher::Ruleset& rules, std::vector<Field>& fields) {
  fields.insert(
      fields.end(),
      {{"rules_off", RulesOff{&rules.enabled}},
       {"age.min_years", &rules.age.min_years},
       {"age.adult_years", &rules.age.adult_years},
       {"age.minors_barred_hazards", &rules.age.minors_barred_hazards},
       {"age.minors_barred_intensity", &rules.age.minors_barred_intensity},
       {"age.retired_barred_hazards", &rules.age.retired_barred_hazards},
       {"age.older_women_years", &rules.age.older_women_years},
       {"age.older_men_years", &rules.age.older_men_years},
       {"protection.women_barred_hazards", &rules.protection.women_barred_hazards},
       {"protection.women_barred_intensity", &rules.protection.women_barred_intensity},
       {"protection.maternity_barred_hazards", &rules.protection.maternity_barred_hazards},
       {"protection.maternity_barred_intensity", &rules.protection.maternity_barred_intensity},
       {"retirement.unrecorded_women", &rules.retirement.unrecorded_women},
       {"health.heavy_intensity", &rules.health.heavy_intensity},
       {"health.barred_classes", &rules.health.barred_classes},
       {"health.disabled_barred_hazards", &rules.health.disabled_barred_hazards},
       {"health.disabled_barred_intensity", &rules.health.disabled_barred_intensity}});
  AddSchedule("retirement.men", rules.retirement.men, fields);
  AddSchedule("retirement.women55", rules.retirement.women55, fields);
  AddSchedule("retirement.women50", rules.retirement.women50, fields);
}

void AddWork(matcher::Ruleset& rules, std::vector<Field>& fields) {
  matcher::PublicWelfareParameters& welfare = rules.public_welfare;
  fields.insert(
      fields.end(),
      {{"skills.same_trade_credit", &rules.skills.credits.same_trade},
       {"skills.same_small_class_credit", &rules.skills.credits.same_small_class},
       {"skills.cost_per_missing_level", &rules.skills.cost_per_missing_level},
       {"skills.unknown_level_credit", &rules.skills.unknown_level_credit},
       {"skills.unknown_level_meets_required", &rules.skills.unknown_level_meets_required},
       {"travel.detour_factor", &rules.travel.detour_factor},
       {"travel.modes", &rules.travel.modes},
       {"reach.unstated_limit_km", &rules.reach.unstated_limit},
       {"reach.walking_limit_km", &rules.reach.walking_limit},
       {"proximity.half_distance_km", &rules.proximity.half_distance},
       {"proximity.half_minutes", &rules.proximity.half_minutes},
       {"time.late_start_days", &rules.time.late_start_days},
       {"public_welfare.rural_groups", &welfare.rural_groups},
       {"public_welfare.urban_groups", &welfare.urban_groups},
       {"public_welfare.retired_barred", &welfare.retired_barred},
       {"public_welfare.max_term_months", &welfare.max_term_months},
       {"public_welfare.near_retirement_months", &welfare.near_retirement_months},
       {"public_welfare.max_placements", &welfare.max_placements},
       {"public_welfare.again_groups", &welfare.again_groups},
       {"banned.window_days", &rules.banned.window_days},
       {"congestion.window_days", &rules.congestion.window_days},
       {"congestion.half_postings", &rules.congestion.half_postings},
       {"congestion.most", &rules.congestion.most},
       {"congestion.spared_from_priority", &rules.congestion.spared_from_priority},
       {"referral.answer_days", &rules.referral.answer_days},
       {"referral.step_days", &rules.referral.step_days},
       {"referral.publicity_days", &rules.referral.publicity_days},
       {"referral.stable_days", &rules.referral.stable_days},
       {"referral.follow_up", &rules.referral.follow_up_days},
       {"referral.monitored_every_days", &rules.referral.monitored_every_days},
       {"referral.first_help_days", &rules.referral.first_help_days},
       {"referral.work_again_days", &rules.referral.work_again_days},
       {"retention.candidate_days", &rules.retention.candidate_days},
       {"retention.referral_days", &rules.retention.referral_days},
       {"retention.posting_days", &rules.retention.posting_days}});
}

void AddCriteria(matcher::Ruleset& rules, std::vector<Field>& fields) {
  fields.insert(fields.end(), {{"priority.tiers", &rules.priority.tiers},
                               {"priority.otherwise", &rules.priority.otherwise},
                               {"wage.worthless_part", &rules.wage.worthless_part},
                               {"wage.unstated_pay", &rules.wage.unstated_pay},
                               {"wage.unstated_wish", &rules.wage.unstated_wish},
                               {"wish.trade_part", &rules.wish.trade_part},
                               {"wish.form_part", &rules.wish.form_part},
                               {"wish.place_part", &rules.wish.place_part},
                               {"wish.same_small_class", &rules.wish.same_small_class},
                               {"wish.unstated", &rules.wish.unstated},
                               {"waiting.saturation_months", &rules.waiting.saturation_months},
                               {"channel.near_km", &rules.channel.near},
                               {"channel.enterprise_near", &rules.channel.enterprise_near},
                               {"channel.enterprise_far", &rules.channel.enterprise_far},
                               {"channel.work_for_relief", &rules.channel.work_for_relief},
                               {"channel.public_welfare", &rules.channel.public_welfare},
                               {"rank_candidates_by", &rules.rank_candidates_by},
                               {"recommend_postings_by", &rules.recommend_postings_by},
                               {"candidate_ties", &rules.candidate_ties}});
  // In the order of matcher::Channel.
  constexpr const char* kWeights[] = {"enterprise_weights", "public_welfare_weights",
                                      "work_for_relief_weights"};
  for (size_t i = 0; i < rules.forward_weights.size(); ++i) {
    AddWeights(kWeights[i], rules.forward_weights[i], fields);
  }
  AddWeights("reverse_weights", rules.reverse_weights, fields);
}

void AddLint(matcher::LintParameters& lint, std::vector<Field>& fields) {
  fields.insert(fields.end(), {{"lint.off", &lint.off},
                               {"lint.blocking", &lint.blocking},
                               {"lint.holding", &lint.holding},
                               {"lint.sex_words", &lint.sex_words},
                               {"lint.ethnic_words", &lint.ethnic_words},
                               {"lint.residence_words", &lint.residence_words},
                               {"lint.bait_words", &lint.bait_words},
                               {"lint.training_loan_words", &lint.training_loan_words},
                               {"lint.denials", &lint.denials},
                               {"lint.minimum_wages", &lint.minimum_wages},
                               {"lint.labour_pay_shares", &lint.labour_pay_shares},
                               {"lint.sources", &lint.sources}});
}

std::vector<Field> FieldsOf(matcher::Ruleset& rules) {
  std::vector<Field> fields;
  AddPeople(rules, fields);
  AddWork(rules, fields);
  AddCriteria(rules, fields);
  AddLint(rules.lint, fields);
  return fields;
}

// --- One field -----------------------------------------------------------------------------------

// Takes what a field says into the matcher's. `from` has the field.
class Reader {
 public:
  Reader(const Message& from, const FieldDescriptor& field, std::string path,
         Violations& violations)
      : from_(from), field_(field), path_(std::move(path)), violations_(violations) {}

  void operator()(int* to) const { *to = Reflect().GetInt32(from_, &field_); }
  void operator()(bool* to) const { *to = Reflect().GetBool(from_, &field_); }
  void operator()(double* to) const {
    *to = Reflect().GetDouble(from_, &field_);
    if (!std::isfinite(*to)) {
      violations_.Add({path_, "OUT_OF_RANGE", "must be a number", "须为数值"});
    }
  }
  void operator()(Score* to) const { *to = ReadScore(Reflect().GetInt32(from_, &field_), path_); }
  void operator()(Kilometres* to) const {
    double km = 0;
    (*this)(&km);
    *to = Kilometres::Of(km);
  }
  template <typename E>
  void operator()(EnumSet<E>* to) const {
    const Message& set = Reflect().GetMessage(from_, &field_);
    const FieldDescriptor& members = *set.GetDescriptor()->field(0);
    *to = {};
    for (int i = 0; i < set.GetReflection()->FieldSize(set, &members); ++i) {
      Insert(set.GetReflection()->GetRepeatedEnumValue(set, &members, i), *to);
    }
  }
  void operator()(RulesOff off) const {
    matcher::RuleSet named;
    (*this)(&named);
    if (named.Contains(RuleId::kOptOut)) {
      violations_.Add({path_, "NOT_ALLOWED", "must not have RULE_ID_OPT_OUT: it is the person's",
                       "不得包含 RULE_ID_OPT_OUT，该规则由本人决定"});
    }
    *off.enabled = matcher::RuleSet::All();
    for (int i = 0; i < matcher::kEnumCount<RuleId>; ++i) {
      const auto rule = static_cast<RuleId>(i);
      if (named.Contains(rule)) off.enabled->Remove(rule);
    }
  }
  void operator()(std::vector<PriorityTier>* to) const {
    const auto& given = Given<v1::PriorityTiers>();
    to->clear();
    for (int i = 0; i < given.tiers_size(); ++i) {
      PriorityTier& tier = to->emplace_back();
      tier.value = ReadScore(given.tiers(i).value(), absl::StrCat(path_, ".tiers[", i, "].value"));
      for (const int group : given.tiers(i).all_of()) Insert(group, tier.all_of);
    }
  }
  template <typename T>
  void operator()(std::vector<T>* to) const {
    *to = FromApi(Given<ApiList<T>>());
  }
  template <typename E>
  void operator()(E* to) const {
    const auto value = Enumerators<E>::FromNumber(Reflect().GetEnumValue(from_, &field_));
    if (value.has_value()) {
      *to = *value;
    } else {
      violations_.Add({path_, "UNKNOWN_VALUE", "must be one of the values that the API names",
                       "须为接口所列的值"});
    }
  }

 private:
  const Reflection& Reflect() const { return *from_.GetReflection(); }

  template <typename M>
  const M& Given() const {
    return static_cast<const M&>(Reflect().GetMessage(from_, &field_));
  }

  Score ReadScore(int32_t micros, const std::string& path) const {
    if (micros < 0 || micros > Score::kMicrosPerUnit) {
      violations_.Add({path, "OUT_OF_RANGE", "must be within 0..1000000 millionths",
                       "须在 0 至 1000000（百万分之一）之间"});
    }
    return Score::FromMicros(micros);
  }

  // What is no value is refused with the other rules of fields (validation.h).
  template <typename E>
  static void Insert(int number, EnumSet<E>& set) {
    const auto value = Enumerators<E>::FromNumber(number);
    if (value.has_value()) set.Insert(*value);
  }

  const Message& from_;
  const FieldDescriptor& field_;
  const std::string path_;
  Violations& violations_;
};

// Says what the matcher's field is.
class Writer {
 public:
  Writer(Message& to, const FieldDescriptor& field) : to_(to), field_(field) {}

  void operator()(const int* from) const { Reflect().SetInt32(&to_, &field_, *from); }
  void operator()(const bool* from) const { Reflect().SetBool(&to_, &field_, *from); }
  void operator()(const double* from) const { Reflect().SetDouble(&to_, &field_, *from); }
  void operator()(const Score* from) const { Reflect().SetInt32(&to_, &field_, from->micros()); }
  void operator()(const Kilometres* from) const { Reflect().SetDouble(&to_, &field_, from->km()); }
  template <typename E>
  void operator()(const EnumSet<E>* from) const {
    Message& set = *Reflect().MutableMessage(&to_, &field_);
    const FieldDescriptor& members = *set.GetDescriptor()->field(0);
    for (const E member : MembersOf(*from)) {
      set.GetReflection()->AddEnumValue(&set, &members, Enumerators<E>::ToNumber(member));
    }
  }
  void operator()(RulesOff off) const {
    matcher::RuleSet named = matcher::RuleSet::All();
    for (const RuleId rule : MembersOf(*off.enabled)) named.Remove(rule);
    (*this)(&named);
  }
  void operator()(const std::vector<PriorityTier>* from) const {
    auto& told = Told<v1::PriorityTiers>();
    for (const PriorityTier& tier : *from) {
      v1::PriorityTier& one = *told.add_tiers();
      one.set_value(tier.value.micros());
      for (const Group group : MembersOf(tier.all_of)) {
        one.add_all_of(static_cast<v1::Group>(Enumerators<Group>::ToNumber(group)));
      }
    }
  }
  template <typename T>
  void operator()(const std::vector<T>* from) const {
    Tell(*from, Told<ApiList<T>>());
  }
  template <typename E>
  void operator()(const E* from) const {
    Reflect().SetEnumValue(&to_, &field_, Enumerators<E>::ToNumber(*from));
  }

 private:
  const Reflection& Reflect() const { return *to_.GetReflection(); }

  template <typename M>
  M& Told() const {
    return static_cast<M&>(*Reflect().MutableMessage(&to_, &field_));
  }

  template <typename E>
  static std::vector<E> MembersOf(EnumSet<E> set) {
    std::vector<E> members;
    for (; !set.empty(); set.Remove(set.first())) members.push_back(set.first());
    return members;
  }

  Message& to_;
  const FieldDescriptor& field_;
};

// The API's name of a field that the matcher has found to be wrong.
std::string ApiPath(absl::string_view field) {
  return absl::StrReplaceAll(field,
                             {{"forward_weights[ENTERPRISE]", "enterprise_weights"},
                              {"forward_weights[PUBLIC_WELFARE]", "public_welfare_weights"},
                              {"forward_weights[WORK_FOR_RELIEF]", "work_for_relief_weights"},
                              {"wish.parts", "wish"},
                              {"reach.unstated_limit", "reach.unstated_limit_km"},
                              {"reach.walking_limit", "reach.walking_limit_km"},
                              {"proximity.half_distance", "proximity.half_distance_km"},
                              {"channel.near", "channel.near_km"},
                              {"lint.minimum_wages[", "lint.minimum_wages.wages["},
                              {"lint.labour_pay_shares[", "lint.labour_pay_shares.shares["},
                              {"priority.tiers[", "priority.tiers.tiers["}});
}

}  // namespace

void ApplyRuleset(const v1::Ruleset& given, absl::string_view path, matcher::Ruleset& rules,
                  Violations& violations) {
  for (const Field& field : FieldsOf(rules)) {
    const Message* message = &given;
    const std::vector<std::string> names = absl::StrSplit(field.path, '.');
    for (size_t i = 0; message != nullptr; ++i) {
      const FieldDescriptor* at = message->GetDescriptor()->FindFieldByName(names[i]);
      const Reflection& reflection = *message->GetReflection();
      if (!reflection.HasField(*message, at)) break;
      if (i + 1 < names.size()) {
        message = &reflection.GetMessage(*message, at);
        continue;
      }
      std::visit(Reader(*message, *at, absl::StrCat(path, ".", field.path), violations),
                 field.target);
      break;
    }
  }
  for (const matcher::RulesetViolation& wrong : Validate(rules)) {
    if (wrong.field == "version") continue;
    violations.Add({absl::StrCat(path, ".", ApiPath(wrong.field)), "INVALID_RULE", wrong.problem,
                    absl::StrCat("规则无效：", wrong.problem)});
  }
}

v1::Ruleset DescribeRuleset(const matcher::Ruleset& rules) {
  v1::Ruleset told;
  matcher::Ruleset copy = rules;
  for (const Field& field : FieldsOf(copy)) {
    Message* message = &told;
    const std::vector<std::string> names = absl::StrSplit(field.path, '.');
    for (size_t i = 0; i + 1 < names.size(); ++i) {
      message = message->GetReflection()->MutableMessage(
          message, message->GetDescriptor()->FindFieldByName(names[i]));
    }
    std::visit(Writer(*message, *message->GetDescriptor()->FindFieldByName(names.back())),
               field.target);
  }
  return told;
}

v1::Group ToApi(Group group) { return static_cast<v1::Group>(Enumerators<Group>::ToNumber(group)); }

std::string RulesetName(const matcher::Ruleset& rules) {
  return absl::StartsWith(rules.version, "regions/") ? rules.version
                                                     : absl::StrCat("rulesets/", rules.version);
}

}  // namespace leye::app
