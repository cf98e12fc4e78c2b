#include "services/app/ruleset_book.h"

#include <iterator>
#include <optional>
#include <utility>

#include "services/app/names.h"
#include "services/app/record_codec.h"
#include "services/app/record_service.h"
#include "services/app/ruleset_codec.h"
#include "services/base/status.h"

namespace leye::app {

using store::Kind;
using store::Region;

namespace {

absl::Status Broken(const std::string& name) {
  return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT", "a stored ruleset makes no sense",
               {{"name", name}});
}

}  // namespace

store::RecordKey RulesetScheduleKey(Region region) {
  return {Kind::kRulesetSchedule, FormatName(region, "rulesetSchedules", "current")};
}

std::string InForceOn(const v1::RulesetSchedule& schedule, absl::string_view date) {
  std::string name = kDefaultRulesetName;
  for (const v1::RulesetActivation& activation : schedule.activations()) {
    if (activation.from_date() <= date) name = activation.ruleset();
  }
  return name;
}

RulesetBook::RulesetBook(store::Store& store)
    : store_(store),
      default_(std::make_shared<const matcher::Ruleset>(matcher::DefaultRuleset())),
      regions_(std::make_shared<const Regions>()) {}

absl::Status RulesetBook::Refresh() {
  MutexLock refreshing(refreshing_);
  LEYE_ASSIGN_OR_RETURN(const store::Heads heads, store_.ListRegions());
  const std::shared_ptr<const Regions> before = Current();
  auto after = std::make_shared<Regions>(*before);
  absl::Status first_error;
  for (const auto& [region, head] : heads) {
    auto& known = (*after)[region];
    auto read = Read(region, known);
    first_error.Update(read.status());
    if (read.ok()) known = *std::move(read);
  }
  MutexLock lock(mutex_);
  regions_ = std::move(after);
  return first_error;
}

absl::StatusOr<std::shared_ptr<const RulesetBook::RegionRules>> RulesetBook::Read(
    Region region, const std::shared_ptr<const RegionRules>& known) const {
  LEYE_ASSIGN_OR_RETURN(const auto records, store_.BatchGet(region, {RulesetScheduleKey(region)}));
  const uint64_t version = records[0].has_value() ? records[0]->version : 0;
  if (known != nullptr && known->version == version) return known;
  auto rules = std::make_shared<RegionRules>();
  rules->version = version;
  v1::RulesetSchedule schedule;
  if (records[0].has_value() && !schedule.ParseFromString(records[0]->envelope.open())) {
    return Broken(records[0]->name);
  }
  for (const v1::RulesetActivation& activation : schedule.activations()) {
    absl::CivilDay from;
    if (!absl::ParseCivilTime(activation.from_date(), &from)) return Broken(activation.ruleset());
    LEYE_ASSIGN_OR_RETURN(rules->from[from], Find(activation.ruleset()));
  }
  return rules;
}

std::shared_ptr<const RulesetBook::Regions> RulesetBook::Current() const {
  MutexLock lock(mutex_);
  return regions_;
}

RulesetSource::Ruleset RulesetBook::InForce(Region region, absl::CivilDay day) const {
  const std::shared_ptr<const Regions> regions = Current();
  const auto found = regions->find(region);
  if (found == regions->end() || found->second == nullptr) return default_;
  const auto& from = found->second->from;
  const auto later = from.upper_bound(day);
  return later == from.begin() ? default_ : std::prev(later)->second;
}

absl::StatusOr<RulesetSource::Ruleset> RulesetBook::Find(const std::string& name) const {
  if (name == kDefaultRulesetName) return default_;
  const std::optional<ResourceName> parsed = ParseName(name, "rulesets");
  if (!parsed.has_value()) return NoSuchRecord(name, "规则集");
  LEYE_ASSIGN_OR_RETURN(const auto records,
                        store_.BatchGet(parsed->region, {{Kind::kRuleset, name}}));
  if (!records[0].has_value()) return NoSuchRecord(name, "规则集");
  v1::Ruleset stored;
  LEYE_RETURN_IF_ERROR(DecodeOpenInto(*records[0], stored));
  auto rules = std::make_shared<matcher::Ruleset>(matcher::DefaultRuleset());
  rules->version = name;
  Violations violations;
  ApplyRuleset(stored, "ruleset", *rules, violations);
  if (!violations.empty()) return Broken(name);
  return rules;
}

}  // namespace leye::app
