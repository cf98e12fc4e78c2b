#include "services/live/facts.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

#include "leye/v1/employer.pb.h"
#include "services/base/status.h"

namespace leye::live {
namespace {

template <typename Message>
absl::StatusOr<Message> ParseAs(const RecordView& record) {
  Message message;
  if (record.open.size() > std::numeric_limits<int>::max() ||
      !message.ParseFromArray(record.open.data(), static_cast<int>(record.open.size()))) {
    return Error(absl::StatusCode::kDataLoss, "RECORD_UNREADABLE",
                 absl::StrCat("the record is not a ", store::KindName(record.kind)),
                 {{"name", std::string(record.name)}});
  }
  return message;
}

absl::StatusOr<Facts> ParseArea(const RecordView& record) {
  LEYE_ASSIGN_OR_RETURN(v1::SettlementArea area, ParseAs<v1::SettlementArea>(record));
  return AreaFacts{.display_name = area.display_name(), .profile = ToAreaProfile(area)};
}

absl::StatusOr<Facts> ParseHousehold(const RecordView& record) {
  LEYE_ASSIGN_OR_RETURN(v1::Household household, ParseAs<v1::Household>(record));
  return HouseholdFacts{.area = household.settlement_area(),
                        .standing = ToHouseholdStanding(household)};
}

absl::StatusOr<Facts> ParsePerson(const RecordView& record, const ProfileContext& context) {
  LEYE_ASSIGN_OR_RETURN(v1::Candidate candidate, ParseAs<v1::Candidate>(record));
  return PersonFacts{.household = candidate.household(),
                     .candidate = ToCandidateFacts(candidate, context)};
}

absl::StatusOr<Facts> ParseEmployer(const RecordView& record) {
  LEYE_ASSIGN_OR_RETURN(v1::Employer employer, ParseAs<v1::Employer>(record));
  return EmployerFacts{.display_name = employer.display_name(),
                       .active = employer.state() == v1::EMPLOYER_STATE_ACTIVE};
}

absl::StatusOr<Facts> ParsePosting(const RecordView& record, const ProfileContext& context) {
  LEYE_ASSIGN_OR_RETURN(v1::Posting posting, ParseAs<v1::Posting>(record));
  return PostingFacts{.employer = posting.employer(),
                      .title = posting.title(),
                      .profile = ToPostingProfile(posting, context)};
}

absl::StatusOr<std::optional<Facts>> ParseFacts(const RecordView& record,
                                                const ProfileContext& context) {
  switch (record.kind) {
    case store::Kind::kSettlementArea:
      return ParseArea(record);
    case store::Kind::kHousehold:
      return ParseHousehold(record);
    case store::Kind::kCandidate:
      return ParsePerson(record, context);
    case store::Kind::kEmployer:
      return ParseEmployer(record);
    case store::Kind::kPosting:
      return ParsePosting(record, context);
    default:
      return std::nullopt;
  }
}

}  // namespace

absl::StatusOr<std::optional<RecordFacts>> ParseRecord(const RecordView& record,
                                                       const ProfileContext& context) {
  LEYE_ASSIGN_OR_RETURN(std::optional<Facts> facts, ParseFacts(record, context));
  if (!facts.has_value()) return std::nullopt;
  return RecordFacts{
      .name = std::string(record.name), .number = record.number, .facts = *std::move(facts)};
}

}  // namespace leye::live
