#include "services/leyectl/resource.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "leye/v1/candidate.pb.h"
#include "leye/v1/employer.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/plan.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/referral.pb.h"
#include "leye/v1/ruleset.pb.h"
#include "leye/v1/settlement_area.pb.h"
#include "leye/v1/skill.pb.h"
#include "leye/v1/travel.pb.h"

namespace leye::ctl {

namespace {

const ResourceKind kKinds[] = {
    {"settlementAreas",
     "SettlementAreas",
     "SettlementArea",
     "areas",
     "leye.v1.SettlementAreaService",
     true,
     &v1::SettlementArea::descriptor,
     {"name", "display_name", "division_code", "kind", "planned_households", "planned_residents"}},
    {"households",
     "Households",
     "Household",
     "households",
     "leye.v1.HouseholdService",
     true,
     &v1::Household::descriptor,
     {"name", "settlement_area", "category", "monitoring", "figures.members", "figures.earners"}},
    {"employers",
     "Employers",
     "Employer",
     "employers",
     "leye.v1.EmployerService",
     true,
     &v1::Employer::descriptor,
     {"name", "display_name", "kind", "division_code", "state", ""}},
    {"candidates",
     "Candidates",
     "Candidate",
     "candidates",
     "leye.v1.CandidateService",
     true,
     &v1::Candidate::descriptor,
     {"name", "birth_date", "sex", "education", "employment.state", "settlement_area"}},
    {"postings",
     "Postings",
     "Posting",
     "postings",
     "leye.v1.PostingService",
     true,
     &v1::Posting::descriptor,
     {"name", "title", "channel", "place.division_code", "openings", "state"}},
    {"referrals",
     "Referrals",
     "Referral",
     "referrals",
     "leye.v1.ReferralService",
     true,
     &v1::Referral::descriptor,
     {"name", "candidate", "posting", "state", "clerk", "due_time"}},
    {"plans",
     "Plans",
     "Plan",
     "plans",
     "leye.v1.PlanService",
     true,
     &v1::Plan::descriptor,
     {"name", "display_name", "state", "figures.filled", "lines", "create_time"}},
    {"rulesets",
     "Rulesets",
     "Ruleset",
     "rulesets",
     "leye.v1.RulesetService",
     true,
     &v1::Ruleset::descriptor,
     {"name", "display_name", "base", "create_time", "", ""}},
    {"travelPlaces",
     "TravelPlaces",
     "TravelPlace",
     "places",
     "leye.v1.SettlementAreaService",
     true,
     &v1::TravelPlace::descriptor,
     {"name", "display_name", "location.latitude", "location.longitude", "radius_m", ""}},
    {"skills",
     "Skills",
     "Skill",
     "skills",
     "leye.v1.SkillService",
     false,
     &v1::Skill::descriptor,
     {"name", "display_name_zh", "display_name_en", "kind", "trade_code", "max_level"}},
    {"trades",
     "Trades",
     "Trade",
     "trades",
     "leye.v1.SkillService",
     false,
     &v1::Trade::descriptor,
     {"code", "display_name_zh", "level", "", "", ""}},
};

}  // namespace

absl::Span<const ResourceKind> AllKinds() { return kKinds; }

const ResourceKind* FindKind(absl::string_view word) {
  for (const ResourceKind& kind : AllKinds()) {
    for (absl::string_view name : {kind.collection, kind.word, kind.plural, kind.singular}) {
      if (absl::EqualsIgnoreCase(word, name)) return &kind;
    }
    if (absl::EqualsIgnoreCase(absl::StrCat(word, "s"), kind.word)) return &kind;
  }
  return nullptr;
}

const ResourceKind* KindOfMessage(const google::protobuf::Descriptor* message) {
  for (const ResourceKind& kind : AllKinds()) {
    if (kind.message() == message) return &kind;
  }
  return nullptr;
}

const google::protobuf::MethodDescriptor& Rpc(absl::string_view name) {
  return *google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrCat("leye.v1.", name));
}

const google::protobuf::MethodDescriptor* FindMethod(const ResourceKind& kind,
                                                     absl::string_view verb) {
  const google::protobuf::ServiceDescriptor* service =
      kind.message()->file()->pool()->FindServiceByName(std::string(kind.service));
  if (service == nullptr) return nullptr;
  const absl::string_view noun = verb == "List" ? kind.plural : kind.singular;
  return service->FindMethodByName(absl::StrCat(verb, noun));
}

std::string RegionName(absl::string_view region) {
  return absl::StrCat("regions/", absl::StripPrefix(region, "regions/"));
}

std::string FullName(absl::string_view name, absl::string_view collection,
                     absl::string_view region) {
  const ResourceKind* kind = FindKind(collection);
  const bool regional = kind == nullptr || kind->regional;
  if (absl::StartsWith(name, "regions/")) return std::string(name);
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (!regional) {
    return parts.size() == 1 ? absl::StrCat(collection, "/", name) : std::string(name);
  }
  if (parts.size() == 1) return absl::StrCat(RegionName(region), "/", collection, "/", name);
  if (parts.size() == 2) {
    return absl::StrCat(RegionName(region), "/", collection, "/", parts[1]);
  }
  return absl::StrCat("regions/", name);
}

const ResourceKind* KindOfName(absl::string_view name) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(absl::StripPrefix(name, "regions/"), '/');
  if (parts.size() < 2) return nullptr;
  return FindKind(parts[parts.size() - 2]);
}

std::string ShortName(absl::string_view name, absl::string_view region) {
  const std::string prefix = absl::StrCat(RegionName(region), "/");
  if (absl::StartsWith(name, prefix) || !absl::StartsWith(name, "regions/")) {
    return std::string(IdOf(name));
  }
  return std::string(absl::StripPrefix(name, "regions/"));
}

absl::string_view IdOf(absl::string_view name) {
  const size_t slash = name.rfind('/');
  return slash == absl::string_view::npos ? name : name.substr(slash + 1);
}

}  // namespace leye::ctl
