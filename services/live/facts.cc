#include "services/live/facts.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

#include "leye/storage/v1/claim.pb.h"
#include "leye/storage/v1/showings.pb.h"
#include "leye/v1/employer.pb.h"
#include "matcher/ids.h"
#include "services/base/clock.h"
#include "services/base/status.h"
#include "services/live/directory.h"
#include "services/live/vocabulary.h"

namespace leye::live {
namespace {

absl::Status Unreadable(const RecordView& record, absl::string_view what) {
  return Error(absl::StatusCode::kDataLoss, "RECORD_UNREADABLE", what,
               {{"name", std::string(record.name)}});
}

// The message is good until the thread parses the next of its kind. One for all of them, because
// a load parses millions: its texts keep their memory, which on an arena each takes anew.
template <typename Message>
absl::StatusOr<Message*> ParseAs(const RecordView& record) {
  thread_local Message message;
  if (record.open.size() > std::numeric_limits<int>::max() ||
      !message.ParseFromArray(record.open.data(), static_cast<int>(record.open.size()))) {
    return Unreadable(record, absl::StrCat("the record is not a ", store::KindName(record.kind)));
  }
  return &message;
}

absl::StatusOr<Facts> ParseArea(const RecordView& record) {
  LEYE_ASSIGN_OR_RETURN(const v1::SettlementArea* area, ParseAs<v1::SettlementArea>(record));
  return AreaFacts{.display_name = area->display_name(), .profile = ToAreaProfile(*area)};
}

absl::StatusOr<Facts> ParseHousehold(const RecordView& record) {
  LEYE_ASSIGN_OR_RETURN(const v1::Household* household, ParseAs<v1::Household>(record));
  return HouseholdFacts{.area = household->settlement_area(),
                        .standing = ToHouseholdStanding(*household)};
}

// The id of a person by name and number; nullopt for a name that is none.
std::optional<matcher::CandidateId> PersonId(const storage::v1::Bar& bar) {
  const std::optional<NameParts> name = SplitName(bar.candidate(), "candidates");
  if (!name.has_value()) return std::nullopt;
  const matcher::RegionCode region(static_cast<uint8_t>(name->region.number()));
  return matcher::RegisteredId<matcher::CandidateId>(region, bar.candidate_number());
}

std::vector<matcher::BarredPerson> BarredBy(const storage::v1::Holds& holds) {
  std::vector<matcher::BarredPerson> barred;
  for (const storage::v1::Bar& bar : holds.bars()) {
    const std::optional<matcher::CandidateId> id = PersonId(bar);
    if (!id.has_value()) continue;
    matcher::BarredPerson& person = barred.emplace_back();
    person.candidate = *id;
    if (!bar.open_referral().empty()) continue;
    const absl::Time refused = absl::FromUnixSeconds(bar.refuse_time().seconds());
    person.refused = matcher::Day::FromCivil(DayInChina(refused));
  }
  std::ranges::sort(barred, {}, &matcher::BarredPerson::candidate);
  return barred;
}

absl::StatusOr<Facts> ParseHolds(const RecordView& record) {
  LEYE_ASSIGN_OR_RETURN(const storage::v1::Holds* holds, ParseAs<storage::v1::Holds>(record));
  HoldsFacts facts;
  facts.barred = BarredBy(*holds);
  facts.holders = holds->holds_size();
  for (const storage::v1::Hold& hold : holds->holds()) {
    if (const auto group = ToGroup(hold.reserved_group())) facts.holder_groups.push_back(*group);
    const auto kind = static_cast<size_t>(ToPublicWelfareKind(hold.public_welfare_kind()));
    if (facts.public_welfare_posts[kind] < 255) ++facts.public_welfare_posts[kind];
  }
  return facts;
}

absl::StatusOr<Facts> ParseShowings(const RecordView& record) {
  LEYE_ASSIGN_OR_RETURN(const storage::v1::Showings* showings,
                        ParseAs<storage::v1::Showings>(record));
  ShowingsFacts facts;
  facts.showings.reserve(static_cast<size_t>(showings->showings_size()));
  for (const storage::v1::Showing& showing : showings->showings()) {
    facts.showings.push_back({.posting = matcher::PostingId(showing.posting()),
                              .last_day = matcher::Day::FromNumber(showing.last_day())});
  }
  return facts;
}

absl::StatusOr<Facts> ParseEmployer(const RecordView& record) {
  LEYE_ASSIGN_OR_RETURN(const v1::Employer* employer, ParseAs<v1::Employer>(record));
  return EmployerFacts{.display_name = employer->display_name(),
                       .active = employer->state() == v1::EMPLOYER_STATE_ACTIVE};
}

absl::StatusOr<Facts> ParsePosting(const RecordView& record, const ProfileContext& context) {
  LEYE_ASSIGN_OR_RETURN(const v1::Posting* posting, ParseAs<v1::Posting>(record));
  return std::make_unique<PostingFacts>(PostingFacts{.employer = posting->employer(),
                                                     .title = posting->title(),
                                                     .published = IsPublished(*posting),
                                                     .profile = ToPostingProfile(*posting, context),
                                                     .posted = ToOpenings(*posting)});
}

absl::StatusOr<Facts> ParseTravelPlace(const RecordView& record) {
  LEYE_ASSIGN_OR_RETURN(v1::TravelPlace * place, ParseAs<v1::TravelPlace>(record));
  return std::make_unique<TravelFacts>(TravelFacts{.place = std::move(*place)});
}

absl::StatusOr<Facts> ParseNewPerson(const RecordView& record, const ProfileContext& context) {
  auto person = std::make_unique<PersonFacts>();
  LEYE_RETURN_IF_ERROR(ParsePerson(record, context, *person));
  return person;
}

absl::Status CheckNumber(const RecordView& record) {
  if (record.number <= kMostRecordNumber) return absl::OkStatus();
  return Unreadable(record, absl::StrCat("the record has number ", record.number,
                                         ", must be at most ", kMostRecordNumber));
}

absl::StatusOr<std::optional<Facts>> ParseFacts(const RecordView& record,
                                                const ProfileContext& context) {
  switch (record.kind) {
    case store::Kind::kSettlementArea:
      return ParseArea(record);
    case store::Kind::kHousehold:
      return ParseHousehold(record);
    case store::Kind::kCandidate:
      return ParseNewPerson(record, context);
    case store::Kind::kEmployer:
      return ParseEmployer(record);
    case store::Kind::kPosting:
      return ParsePosting(record, context);
    case store::Kind::kClaim:
    case store::Kind::kPlacement:
      return Facts(PlacementFacts{.kind = record.kind});
    case store::Kind::kHolds:
      return ParseHolds(record);
    case store::Kind::kShowings:
      return ParseShowings(record);
    case store::Kind::kTravelTimes:
      return ParseTravelPlace(record);
    default:
      return std::nullopt;
  }
}

}  // namespace

absl::Status ParsePerson(const RecordView& record, const ProfileContext& context,
                         PersonFacts& facts) {
  LEYE_ASSIGN_OR_RETURN(const v1::Candidate* candidate, ParseAs<v1::Candidate>(record));
  LEYE_RETURN_IF_ERROR(CheckNumber(record));
  facts.household = candidate->household();
  ToCandidateFacts(*candidate, context, facts.candidate);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<RecordFacts>> ParseRecord(const RecordView& record,
                                                       const ProfileContext& context) {
  LEYE_ASSIGN_OR_RETURN(std::optional<Facts> facts, ParseFacts(record, context));
  if (!facts.has_value()) return std::nullopt;
  LEYE_RETURN_IF_ERROR(CheckNumber(record));
  return RecordFacts{
      .name = std::string(record.name), .number = record.number, .facts = *std::move(facts)};
}

}  // namespace leye::live
