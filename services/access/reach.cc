#include "services/access/reach.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "leye/storage/v1/claim.pb.h"
#include "leye/v1/candidate.pb.h"
#include "leye/v1/employer.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/plan.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/referral.pb.h"
#include "leye/v1/settlement_area.pb.h"
#include "leye/v1/travel.pb.h"
#include "services/access/consent.h"
#include "services/base/status.h"

namespace leye::access {

using google::protobuf::DynamicCastToGenerated;
using google::protobuf::Message;
using store::Kind;

namespace {

// Marks a name whose record has not been read.
constexpr char kUnread[] = "?";

const std::string& Found(const std::map<std::string, std::string>& names, const std::string& name) {
  static const std::string& none = *new std::string;
  const auto found = names.find(name);
  return found == names.end() ? none : found->second;
}

// Of a full name: the posting that holds a person may be of another region.
std::optional<store::Region> RegionIn(absl::string_view name) {
  if (!absl::ConsumePrefix(&name, "regions/")) return std::nullopt;
  const absl::StatusOr<store::Region> region = store::Region::Parse(name.substr(0, kRegionDigits));
  if (!region.ok()) return std::nullopt;
  return *region;
}

template <typename M>
M ParseOpen(const store::Record& record) {
  M message;
  message.ParseFromString(record.envelope.open());
  return message;
}

std::string DivisionIn(const store::Record& area) {
  return ParseOpen<v1::SettlementArea>(area).division_code();
}
std::string AreaIn(const store::Record& household) {
  return ParseOpen<v1::Household>(household).settlement_area();
}
std::string PostingIn(const store::Record& placement) {
  return ParseOpen<storage::v1::Claim>(placement).posting();
}
std::string ConsentIn(const store::Record& person) {
  return ParseOpen<v1::Candidate>(person).consent().SerializeAsString();
}
std::string EmployerIn(const store::Record& posting) {
  return ParseOpen<v1::Posting>(posting).employer();
}

template <typename M>
std::unique_ptr<Message> Named(const store::Record& record) {
  auto message = std::make_unique<M>(ParseOpen<M>(record));
  message->set_name(record.name);
  return message;
}

absl::StatusOr<std::unique_ptr<Message>> ResourceOf(const store::Record& record) {
  switch (record.kind) {
    case Kind::kSettlementArea:
      return Named<v1::SettlementArea>(record);
    case Kind::kHousehold:
      return Named<v1::Household>(record);
    case Kind::kCandidate:
      return Named<v1::Candidate>(record);
    case Kind::kEmployer:
      return Named<v1::Employer>(record);
    case Kind::kPosting:
      return Named<v1::Posting>(record);
    case Kind::kReferral:
      return Named<v1::Referral>(record);
    case Kind::kPlan:
      return Named<v1::Plan>(record);
    case Kind::kTravelTimes:
      return Named<v1::TravelPlace>(record);
    default:
      return Error(absl::StatusCode::kInternal, "NOT_A_RESOURCE",
                   absl::StrCat("nobody owns a ", store::KindName(record.kind)));
  }
}

}  // namespace

bool IsPublished(const v1::Posting& posting) {
  return posting.publication() == v1::POSTING_PUBLICATION_UNSPECIFIED ||
         posting.publication() == v1::POSTING_PUBLICATION_PUBLISHED;
}

bool Covers(const Principal& principal, const Belonging& record) {
  switch (principal.role) {
    case Role::kOperator:
      return true;
    case Role::kBureau:
      return record.region == RegionOf(principal) &&
             (principal.acts_for.size() == kRegionDigits ||
              absl::StartsWith(record.division, principal.acts_for));
    case Role::kEnterprise:
      return record.employer == principal.acts_for;
    case Role::kApp:
      return record.candidate == principal.acts_for;
    default:
      return false;
  }
}

absl::Status OutOfScope(absl::string_view what, absl::string_view what_zh) {
  return WithMessageZh(Error(absl::StatusCode::kPermissionDenied, "OUT_OF_SCOPE",
                             absl::StrCat(what, " lies outside of what you may touch"),
                             {{"field", std::string(what)}}),
                       absl::StrCat(what_zh, "超出您的管辖范围"));
}

Reach::Reach(const Principal& principal, Scope scope, store::Store& store, store::Region region,
             absl::CivilDay today)
    : principal_(principal),
      store_(store),
      region_(region),
      extent_(ExtentOf(principal, scope, region)),
      today_(today) {}

Reach::Extent Reach::ExtentOf(const Principal& principal, Scope scope, store::Region region) {
  if (scope == Scope::kNowhere) return Extent::kNothing;
  switch (principal.role) {
    case Role::kOperator:
      return Extent::kWhole;
    case Role::kBureau:
      if (scope == Scope::kEverywhere) return Extent::kWhole;
      if (RegionOf(principal) != region.code()) return Extent::kNothing;
      return principal.acts_for.size() == kRegionDigits ? Extent::kWhole : Extent::kSome;
    case Role::kEnterprise:
    case Role::kApp:
      return scope == Scope::kEverywhere ? Extent::kWhole : Extent::kSome;
    default:
      return Extent::kNothing;
  }
}

absl::Status Reach::Fill(Kind kind, std::string (*fact)(const store::Record&), Names& names) {
  std::map<store::Region, std::vector<store::RecordKey>> unread;
  for (const auto& [name, value] : names) {
    if (value != kUnread) continue;
    if (const auto region = RegionIn(name)) unread[*region].push_back({kind, name});
  }
  for (const auto& [region, keys] : unread) {
    LEYE_ASSIGN_OR_RETURN(const auto records, store_.BatchGet(region, keys));
    for (size_t i = 0; i < keys.size(); ++i) {
      names[keys[i].name] = records[i].has_value() ? fact(*records[i]) : "";
    }
  }
  return absl::OkStatus();
}

bool Reach::IsKeptFrom(const Message& record) const {
  if (principal_.role != Role::kApp) return false;
  const auto* posting = DynamicCastToGenerated<v1::Posting>(&record);
  return posting != nullptr && !IsPublished(*posting);
}

bool Reach::IsKeptFrom(const store::Record& record) const {
  return principal_.role == Role::kApp && record.kind == Kind::kPosting &&
         !IsPublished(ParseOpen<v1::Posting>(record));
}

absl::Status Reach::LearnPlaces(const std::vector<const Message*>& records) {
  for (const Message* record : records) {
    if (const auto* person = DynamicCastToGenerated<v1::Candidate>(record)) {
      households_.try_emplace(person->household(), kUnread);
    } else if (const auto* household = DynamicCastToGenerated<v1::Household>(record)) {
      areas_.try_emplace(household->settlement_area(), kUnread);
    } else if (const auto* referral = DynamicCastToGenerated<v1::Referral>(record)) {
      areas_.try_emplace(referral->settlement_area(), kUnread);
    }
  }
  LEYE_RETURN_IF_ERROR(Fill(Kind::kHousehold, AreaIn, households_));
  for (const auto& household : households_) areas_.try_emplace(household.second, kUnread);
  return Fill(Kind::kSettlementArea, DivisionIn, areas_);
}

// An employer is told of a person while one of its postings holds the person: from REFERRED on,
// which the person has accepted, until that ends.
absl::Status Reach::LearnEmployers(const std::vector<const Message*>& records) {
  for (const Message* record : records) {
    if (const auto* person = DynamicCastToGenerated<v1::Candidate>(record)) {
      placements_.try_emplace(person->name(), kUnread);
    }
  }
  LEYE_RETURN_IF_ERROR(Fill(Kind::kPlacement, PostingIn, placements_));
  for (const auto& placement : placements_) postings_.try_emplace(placement.second, kUnread);
  return Fill(Kind::kPosting, EmployerIn, postings_);
}

// Of a referral the person's own record says it, also once the referral has ended.
absl::Status Reach::LearnConsents(const std::vector<const Message*>& records) {
  for (const Message* record : records) {
    if (const auto* referral = DynamicCastToGenerated<v1::Referral>(record)) {
      consents_.try_emplace(referral->candidate(), kUnread);
    }
  }
  return Fill(Kind::kCandidate, ConsentIn, consents_);
}

bool Reach::MayBeShown(const Message& record) const {
  v1::Consent consent;
  if (const auto* person = DynamicCastToGenerated<v1::Candidate>(&record)) {
    consent = person->consent();
  } else if (const auto* referral = DynamicCastToGenerated<v1::Referral>(&record)) {
    consent.ParseFromString(Found(consents_, referral->candidate()));
  } else {
    return true;
  }
  return IsInForce(consent, v1::CONSENT_SCOPE_EMPLOYERS, today_);
}

std::string Reach::DivisionOf(const std::string& area) const { return Found(areas_, area); }

Belonging Reach::BelongingOf(const Message& record) const {
  Belonging is{.region = region_.code(), .division = "", .employer = "", .candidate = ""};
  if (const auto* area = DynamicCastToGenerated<v1::SettlementArea>(&record)) {
    is.division = area->division_code();
  } else if (const auto* household = DynamicCastToGenerated<v1::Household>(&record)) {
    is.division = DivisionOf(household->settlement_area());
  } else if (const auto* person = DynamicCastToGenerated<v1::Candidate>(&record)) {
    is.candidate = person->name();
    is.division = DivisionOf(Found(households_, person->household()));
    is.employer = Found(postings_, Found(placements_, person->name()));
  } else if (const auto* employer = DynamicCastToGenerated<v1::Employer>(&record)) {
    is.employer = employer->name();
    is.division = employer->division_code();
  } else if (const auto* posting = DynamicCastToGenerated<v1::Posting>(&record)) {
    is.employer = posting->employer();
    is.division = posting->place().division_code();
  } else if (const auto* referral = DynamicCastToGenerated<v1::Referral>(&record)) {
    is.candidate = referral->candidate();
    is.employer = referral->employer();
    is.division = DivisionOf(referral->settlement_area());
  } else if (const auto* plan = DynamicCastToGenerated<v1::Plan>(&record)) {
    is.division = plan->division_code();
  }
  return is;
}

absl::StatusOr<std::vector<bool>> Reach::Covers(const std::vector<const Message*>& records) {
  if (extent_ != Extent::kSome) {
    std::vector<bool> all(records.size(), whole());
    for (size_t i = 0; i < records.size(); ++i) all[i] = all[i] && !IsKeptFrom(*records[i]);
    return all;
  }
  if (principal_.role == Role::kBureau) LEYE_RETURN_IF_ERROR(LearnPlaces(records));
  const bool employer = principal_.role == Role::kEnterprise;
  if (employer) {
    LEYE_RETURN_IF_ERROR(LearnEmployers(records));
    LEYE_RETURN_IF_ERROR(LearnConsents(records));
  }
  std::vector<bool> covered;
  covered.reserve(records.size());
  for (const Message* record : records) {
    covered.push_back(access::Covers(principal_, BelongingOf(*record)) &&
                      (!employer || MayBeShown(*record)));
  }
  return covered;
}

absl::StatusOr<bool> Reach::Covers(const Message& record) {
  LEYE_ASSIGN_OR_RETURN(const std::vector<bool> covered,
                        Covers(std::vector<const Message*>{&record}));
  return covered.front();
}

absl::StatusOr<std::vector<bool>> Reach::Covers(
    const std::vector<std::optional<store::Record>>& records) {
  std::vector<std::unique_ptr<Message>> owned;
  std::vector<const Message*> resources;
  std::vector<bool> covered;
  covered.reserve(records.size());
  for (const std::optional<store::Record>& record : records) {
    covered.push_back(record.has_value() && whole() && !IsKeptFrom(*record));
    if (!record.has_value() || extent_ != Extent::kSome) continue;
    LEYE_ASSIGN_OR_RETURN(owned.emplace_back(), ResourceOf(*record));
    resources.push_back(owned.back().get());
  }
  if (extent_ != Extent::kSome) return covered;
  LEYE_ASSIGN_OR_RETURN(const std::vector<bool> found, Covers(resources));
  size_t next = 0;
  for (size_t i = 0; i < records.size(); ++i) {
    if (records[i].has_value()) covered[i] = found[next++];
  }
  return covered;
}

absl::StatusOr<bool> Reach::Covers(const store::Record& record) {
  if (extent_ != Extent::kSome) return whole() && !IsKeptFrom(record);
  LEYE_ASSIGN_OR_RETURN(const std::unique_ptr<Message> resource, ResourceOf(record));
  return Covers(*resource);
}

absl::StatusOr<bool> Reach::CoversTarget(const store::Record& record) {
  if (principal_.role == Role::kApp) return extent_ != Extent::kNothing;
  const bool offer = record.kind == Kind::kEmployer || record.kind == Kind::kPosting;
  if (offer && principal_.role == Role::kBureau) return extent_ != Extent::kNothing;
  return Covers(record);
}

bool Reach::AllowsContent(const Message& resource) const {
  if (extent_ != Extent::kSome) return whole();
  const bool says_where =
      resource.GetDescriptor() == v1::SettlementArea::descriptor() ||
      resource.GetDescriptor() == v1::Posting::descriptor() ||
      resource.GetDescriptor() == v1::Plan::descriptor() ||
      (resource.GetDescriptor() == v1::Employer::descriptor() && principal_.role == Role::kBureau);
  return !says_where || access::Covers(principal_, BelongingOf(resource));
}

}  // namespace leye::access
