#include "services/app/posting_rules.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"

#include "leye/v1/posting.pb.h"
#include "services/app/posting_publication.h"
#include "services/app/referral_release.h"
#include "services/app/resource_checks.h"

namespace leye::app {
namespace {

RecordKind PostingKind() {
  return {.kind = store::Kind::kPosting,
          .collection = "postings",
          .noun_zh = "岗位",
          .prototype = &v1::Posting::default_instance(),
          .filter_fields = {{"employer"},
                            {"title"},
                            {"state"},
                            {.path = "channel", .choices = v1::Channel_descriptor()},
                            {"trade_code"},
                            {"openings"},
                            {"place.division_code"},
                            {"apply_from"},
                            {"apply_until"},
                            {"notice_id"},
                            {"create_time"},
                            {"update_time"},
                            {"external_id.source"},
                            {"external_id.id"},
                            {"publication"},
                            {"publication_time"},
                            {"findings.code"},
                            {"awaits_review"}},
          .order_fields = {"name", "title", "openings", "apply_until", "create_time", "update_time",
                           "publication_time"}};
}

template <typename T>
std::optional<double> If(bool has, T value) {
  if (!has) return std::nullopt;
  return static_cast<double>(value);
}

void CheckPlace(const v1::Posting& posting, const Checks& checks) {
  const bool at_home = posting.schedule().form() == v1::WORK_FORM_HOME_BASED;
  if (posting.place().has_location()) {
    checks.PointIsSet(posting.place().location(), "place.location");
  } else if (posting.has_place() && !at_home) {
    checks.Add("place.location", "REQUIRED", "must be given unless the work is done at home",
               "非居家岗位须填写坐标");
  }
}

void CheckOpenings(const v1::Posting& posting, const Checks& checks) {
  if (posting.openings() < 1) return;  // That is wrong already: nothing to compare with.
  const auto most = If(posting.has_max_openings(), posting.max_openings());
  checks.InOrder(posting.openings(), most, "max_openings", "openings");
  double parts = 0;
  for (const v1::OpeningsPart& part : posting.openings_parts()) parts += part.count();
  if (parts > most.value_or(posting.openings())) {
    checks.Add("openings_parts", "CONTRADICTION",
               "must not sum to more than max_openings, or else openings",
               "各部分人数之和不得多于招聘人数");
  }
  if (posting.reserved().count() > posting.openings()) {
    checks.Add("reserved.count", "CONTRADICTION", "must not be more than openings",
               "不得多于招聘人数");
  }
  if (posting.filled_openings() > posting.openings()) {
    checks.Add("filled_openings", "CONTRADICTION", "must not be more than openings",
               "不得多于招聘人数");
  }
}

void CheckAge(const v1::AgeRange& age, const std::string& path, const Checks& checks) {
  const auto min = If(age.has_min_years(), age.min_years());
  const auto max = If(age.has_max_years(), age.max_years());
  const auto relaxable = If(age.has_relaxable_to_years(), age.relaxable_to_years());
  checks.InOrder(min, max, absl::StrCat(path, ".max_years"), absl::StrCat(path, ".min_years"));
  checks.InOrder(max.has_value() ? max : min, relaxable, absl::StrCat(path, ".relaxable_to_years"),
                 absl::StrCat(path, ".max_years"));
}

// A way in that asks for a group which is shut out is open to nobody.
void CheckGroups(const v1::Conditions& conditions, const Checks& checks) {
  for (int i = 0; i < conditions.eligible_groups_size(); ++i) {
    for (const int group : conditions.eligible_groups(i).groups()) {
      const auto& excluded = conditions.excluded_groups();
      if (std::find(excluded.begin(), excluded.end(), group) == excluded.end()) continue;
      checks.Add(absl::StrCat("conditions.eligible_groups[", i, "].groups"), "CONTRADICTION",
                 "must not name one of excluded_groups", "不得包含 excluded_groups 中的人群");
    }
  }
}

void CheckConditions(const v1::Posting& posting, const Checks& checks) {
  const v1::Conditions& conditions = posting.conditions();
  for (int i = 0; i < conditions.ages_size(); ++i) {
    CheckAge(conditions.ages(i), absl::StrCat("conditions.ages[", i, "]"), checks);
  }
  for (int i = 0; i < conditions.eligible_groups_size(); ++i) {
    const v1::EligibleGroup& group = conditions.eligible_groups(i);
    if (!group.has_age()) continue;
    CheckAge(group.age(), absl::StrCat("conditions.eligible_groups[", i, "].age"), checks);
  }
  if (conditions.disabled_only() && conditions.suitable_disabilities().empty()) {
    checks.Add("conditions.suitable_disabilities", "REQUIRED",
               "must name the disabilities when disabled_only is set", "须列明适合的残疾类别");
  }
  CheckGroups(conditions, checks);
}

// What the rules ask only of public-welfare posts would silently hold for nobody elsewhere.
void CheckChannel(const v1::Posting& posting, const Checks& checks) {
  if (posting.channel_case() == v1::Posting::CHANNEL_NOT_SET) {
    checks.Add("channel", "REQUIRED",
               "must be one of enterprise, public_welfare and work_for_relief",
               "须填写 enterprise、public_welfare、work_for_relief 之一");
    return;
  }
  if (posting.has_public_welfare()) return;
  const auto add = [&](absl::string_view field) {
    checks.Add(field, "CONTRADICTION", "goes only with a public-welfare post",
               "仅适用于公益性岗位");
  };
  if (posting.conditions().has_household_cap()) add("conditions.household_cap");
  if (posting.conditions().first_placement_only()) add("conditions.first_placement_only");
}

void CheckLabourShare(const v1::WorkForReliefProject& project, const Checks& checks) {
  const bool all = project.has_labour_pay_percent() && project.has_labour_pay_yuan() &&
                   project.has_central_funds_yuan();
  if (!all) return;
  const auto funds = static_cast<double>(project.central_funds_yuan());
  const auto said = project.labour_pay_percent() / 100 * funds;
  if (std::abs(said - static_cast<double>(project.labour_pay_yuan())) <= funds / 100) return;
  checks.Add("work_for_relief.labour_pay_percent", "CONTRADICTION",
             "must be labour_pay_yuan in per cent of central_funds_yuan, to within 1",
             "须为劳务报酬占中央资金的百分比，误差不超过 1");
}

void CheckPay(const v1::Posting& posting, const Checks& checks) {
  const v1::Pay& pay = posting.pay();
  checks.InOrder(If(pay.has_min_yuan(), pay.min_yuan()), If(pay.has_max_yuan(), pay.max_yuan()),
                 "pay.max_yuan", "pay.min_yuan");
  const bool amount = pay.has_min_yuan() || pay.has_max_yuan();
  if (amount && pay.unit() == v1::PAY_UNIT_UNSPECIFIED) {
    checks.Add("pay.unit", "REQUIRED", "must be given with an amount", "填写金额时须注明计薪单位");
  }
  if (pay.unit() == v1::PAY_UNIT_MEASURE && pay.measure().empty()) {
    checks.Add("pay.measure", "REQUIRED", "must be given when the unit is a measure",
               "按量计薪时须注明计量单位");
  }
}

void CheckSkills(const v1::Posting& posting, const Checks& checks) {
  for (int i = 0; i < posting.required_skills_size(); ++i) {
    const v1::SkillGroup& group = posting.required_skills(i);
    for (int j = 0; j < group.skills_size(); ++j) {
      checks.SkillIs(group.skills(j).skill(), Checks::Wanted::kSkill, [i, j] {
        return absl::StrCat("required_skills[", i, "].skills[", j, "].skill");
      });
    }
  }
  for (int i = 0; i < posting.preferred_skills_size(); ++i) {
    checks.SkillIs(posting.preferred_skills(i).skill(), Checks::Wanted::kSkill,
                   [i] { return absl::StrCat("preferred_skills[", i, "].skill"); });
  }
  for (int i = 0; i < posting.conditions().eligible_groups_size(); ++i) {
    const v1::EligibleGroup& group = posting.conditions().eligible_groups(i);
    for (int j = 0; j < group.required_certificates_size(); ++j) {
      checks.SkillIs(group.required_certificates(j), Checks::Wanted::kPaper, [i, j] {
        return absl::StrCat("conditions.eligible_groups[", i, "].required_certificates[", j, "]");
      });
    }
  }
  for (int i = 0; i < posting.required_certificates_size(); ++i) {
    checks.SkillIs(posting.required_certificates(i), Checks::Wanted::kPaper,
                   [i] { return absl::StrCat("required_certificates[", i, "]"); });
  }
}

void CheckTimes(const v1::Posting& posting, const Checks& checks) {
  const v1::Schedule& schedule = posting.schedule();
  checks.DatesInOrder(posting.apply_from(), posting.apply_until(), "apply_until", "apply_from");
  checks.DatesInOrder(schedule.start_date(), schedule.end_date(), "schedule.end_date",
                      "schedule.start_date");
  checks.InOrder(If(schedule.has_min_hours_per_day(), schedule.min_hours_per_day()),
                 If(schedule.has_max_hours_per_day(), schedule.max_hours_per_day()),
                 "schedule.max_hours_per_day", "schedule.min_hours_per_day");
}

class PostingRules final : public RecordRules {
 public:
  explicit PostingRules(const RulesetSource& rulesets)
      : RecordRules(PostingKind()), rulesets_(rulesets) {}

  void Normalise(Message& message) const override {
    auto& posting = static_cast<v1::Posting&>(message);
    if (posting.place().has_location()) {
      NormalisePoint(*posting.mutable_place()->mutable_location());
    }
  }

  void Initialise(Message& message) const override {
    static_cast<v1::Posting&>(message).set_state(v1::POSTING_STATE_OPEN);
  }

  void Check(const Message& message, const CheckScope& scope,
             Violations& violations) const override {
    const auto& posting = static_cast<const v1::Posting&>(message);
    const Checks checks(scope, violations);
    CheckChannel(posting, checks);
    CheckPlace(posting, checks);
    CheckOpenings(posting, checks);
    CheckConditions(posting, checks);
    CheckPay(posting, checks);
    CheckSkills(posting, checks);
    CheckTimes(posting, checks);
    if (posting.has_work_for_relief()) CheckLabourShare(posting.work_for_relief(), checks);
    checks.Phone(posting.contact().phone(), "contact.phone");
  }

  std::unique_ptr<Settlement> NewSettlement(store::Store& store, store::Region region,
                                            const Clock& clock) const override {
    return NewPostingSettlement(rulesets_, store, region, clock);
  }

  void AddToReceipt(const Message& message, v1::ImportReceipt& receipt) const override {
    const auto& posting = static_cast<const v1::Posting&>(message);
    receipt.set_publication(posting.publication());
    *receipt.mutable_findings() = posting.findings();
  }

  absl::Status Release(store::Store& store, store::Region region, const std::string& name,
                       std::vector<store::Mutation>& mutations) const override {
    return ReleasePosting(store, region, name, mutations);
  }

 private:
  const RulesetSource& rulesets_;
};

}  // namespace

std::unique_ptr<RecordRules> NewPostingRules(const RulesetSource& rulesets) {
  return std::make_unique<PostingRules>(rulesets);
}

}  // namespace leye::app
