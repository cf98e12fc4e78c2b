#include "services/app/match_reach.h"

#include <optional>
#include <string>

#include "absl/strings/str_format.h"

namespace leye::app {
namespace {

template <typename Id>
std::string RegionCodeOf(Id id) {
  return absl::StrFormat("%02d", matcher::RegionOf(id).value());
}

// Six digits; "" when not known.
std::string Digits(matcher::DivisionCode division) {
  if (!division.known()) return "";
  return absl::StrFormat("%06d", division.twelve_digits() / 1'000'000);
}

}  // namespace

bool MatchReach::whole() const {
  return caller_.principal.role == access::Role::kOperator ||
         caller_.scope == access::Scope::kEverywhere;
}

bool MatchReach::Covers(const matcher::CandidateProfile& person) const {
  if (whole()) return true;
  const std::optional<matcher::AreaProfile> area = world_.people().FindArea(person.area);
  return access::Covers(caller_.principal,
                        {.region = RegionCodeOf(person.id),
                         .division = area.has_value() ? Digits(area->division) : "",
                         .employer = "",
                         .candidate = world_.NameOf(person.id)});
}

bool MatchReach::Covers(const matcher::PostingProfile& posting) const {
  if (whole()) return true;
  return access::Covers(caller_.principal, {.region = RegionCodeOf(posting.id),
                                            .division = Digits(posting.division),
                                            .employer = world_.EmployerOf(posting.id),
                                            .candidate = ""});
}

bool MatchReach::MayList(matcher::CandidateId person) const {
  if (whole()) return true;
  const std::optional<matcher::CandidateRecord> record = world_.people().Find(person);
  if (!record.has_value()) return false;
  return caller_.principal.role == access::Role::kEnterprise ? record->candidate.shown_to_employers
                                                             : Covers(record->candidate);
}

}  // namespace leye::app
