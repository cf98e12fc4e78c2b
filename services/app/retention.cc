#include "services/app/retention.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"

#include "leye/storage/v1/claim.pb.h"
#include "leye/v1/posting.pb.h"
#include "services/access/consent.h"
#include "services/app/clock_context.h"
#include "services/app/digest.h"
#include "services/app/formats.h"
#include "services/app/names.h"
#include "services/app/page_token.h"
#include "services/app/record_codec.h"
#include "services/app/record_service.h"
#include "services/app/referral_ledger.h"
#include "services/app/scan.h"
#include "services/app/working_set.h"
#include "services/base/status.h"

namespace leye::app {

using store::Kind;
using store::Region;

namespace {

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 1'000;

// The first day on which the consent was no longer in force; nullopt: it is, or never was.
std::optional<absl::CivilDay> ConsentEnd(const v1::Consent& consent, absl::CivilDay day) {
  std::optional<absl::CivilDay> end = ParseDate(consent.withdrawn_date());
  if (const auto last = ParseDate(consent.expire_date())) {
    end = end.has_value() ? std::min(*end, *last + 1) : *last + 1;
  }
  return end.has_value() && *end <= day ? end : std::nullopt;
}

// Whether a person's record serves nothing but its being kept. That of a person in work says that
// the household has an earner.
bool IsIdle(const v1::Candidate& person, absl::CivilDay day) {
  const v1::EmploymentState state = person.employment().state();
  if (state == v1::EMPLOYMENT_STATE_EMPLOYED || state == v1::EMPLOYMENT_STATE_SELF_EMPLOYED) {
    return false;
  }
  return !person.preferences().willing() ||
         !access::IsInForce(person.consent(), v1::CONSENT_SCOPE_MATCHING, day);
}

// What a person's referrals say about how long the record is needed.
struct Use {
  bool open = false;
  std::optional<absl::CivilDay> last_end = {};

  void Add(const v1::Referral& referral) {
    open = open || !referral.has_end_time();
    if (!referral.has_end_time()) return;
    const absl::CivilDay end = DayInChina(ToTime(referral.end_time()));
    last_end = last_end.has_value() ? std::max(*last_end, end) : end;
  }
};

std::optional<absl::CivilDay> OverAfterUse(const v1::Candidate& person, const Use& use,
                                           absl::CivilDay day) {
  if (use.open || !IsIdle(person, day)) return std::nullopt;
  absl::CivilDay over = DayInChina(ToTime(person.update_time()));
  if (use.last_end.has_value()) over = std::max(over, *use.last_end);
  if (const auto end = ConsentEnd(person.consent(), day)) over = std::max(over, *end);
  return over;
}

// Visits all records of a kind, some at a time, each with its etag.
template <typename M>
absl::Status ForEachDecoded(store::Store& store, Region region, Kind kind,
                            absl::FunctionRef<absl::Status(const std::vector<M>&)> visit) {
  return ForEachPage(store, region, kind,
                     [visit](const std::vector<store::Record>& records) -> absl::Status {
                       std::vector<M> messages(records.size());
                       for (size_t i = 0; i < messages.size(); ++i) {
                         LEYE_RETURN_IF_ERROR(DecodeOpenInto(records[i], messages[i]));
                       }
                       return visit(messages);
                     });
}

}  // namespace

std::optional<absl::CivilDay> OverSince(const v1::Candidate& person,
                                        const std::vector<v1::Referral>& referrals,
                                        absl::CivilDay day) {
  Use use;
  for (const v1::Referral& referral : referrals) use.Add(referral);
  return OverAfterUse(person, use, day);
}

struct Retention::Expired {
  Kind kind;
  std::string name;
  std::string etag;
  absl::CivilDay over;
  absl::CivilDay erase;
};

// One look at a region. Referrals come first: they say which people and postings are needed.
class Retention::Search {
 public:
  Search(const Dependencies& dependencies, Region region, absl::CivilDay day,
         const matcher::RetentionParameters& periods, const CallContext& context)
      : dependencies_(dependencies),
        region_(region),
        day_(day),
        periods_(periods),
        context_(context),
        reach_(ReachOf(context, dependencies, region)) {}

  absl::StatusOr<std::vector<Expired>> Run() {
    LEYE_RETURN_IF_ERROR(Look<v1::Referral>(
        Kind::kReferral, periods_.referral_days, [this](const v1::Referral& referral) {
          uses_[referral.candidate()].Add(referral);
          if (!referral.has_end_time()) needed_postings_.insert(referral.posting());
          return referral.has_end_time() ? std::optional(DayInChina(ToTime(referral.end_time())))
                                         : std::nullopt;
        }));
    LEYE_RETURN_IF_ERROR(Look<v1::Candidate>(
        Kind::kCandidate, periods_.candidate_days, [this](const v1::Candidate& person) {
          const auto use = uses_.find(person.name());
          return OverAfterUse(person, use == uses_.end() ? Use() : use->second, day_);
        }));
    LEYE_RETURN_IF_ERROR(Look<v1::Posting>(
        Kind::kPosting, periods_.posting_days, [this](const v1::Posting& posting) {
          const bool over = posting.state() == v1::POSTING_STATE_CLOSED &&
                            !needed_postings_.contains(posting.name());
          return over ? std::optional(DayInChina(ToTime(posting.update_time()))) : std::nullopt;
        }));
    return std::move(found_);
  }

 private:
  template <typename M>
  absl::Status Look(Kind kind, int days,
                    absl::FunctionRef<std::optional<absl::CivilDay>(const M&)> over) {
    const auto visit = [&](const std::vector<M>& page) -> absl::Status {
      LEYE_RETURN_IF_ERROR(CheckAlive(context_, dependencies_.clock));
      std::vector<const google::protobuf::Message*> records;
      std::vector<Expired> expired;
      for (const M& record : page) {
        const std::optional<absl::CivilDay> since = over(record);
        if (!since.has_value() || days == 0 || *since + days > day_) continue;
        expired.push_back({kind, record.name(), record.etag(), *since, *since + days});
        records.push_back(&record);
      }
      LEYE_ASSIGN_OR_RETURN(const std::vector<bool> covered, reach_.Covers(records));
      for (size_t i = 0; i < covered.size(); ++i) {
        if (covered[i]) found_.push_back(std::move(expired[i]));
      }
      return absl::OkStatus();
    };
    return ForEachDecoded<M>(dependencies_.store, region_, kind, visit);
  }

  const Dependencies& dependencies_;
  const Region region_;
  const absl::CivilDay day_;
  const matcher::RetentionParameters& periods_;
  const CallContext& context_;
  access::Reach reach_;
  std::map<std::string, Use> uses_;  // By person.
  std::set<std::string> needed_postings_;
  std::vector<Expired> found_;
};

absl::StatusOr<std::vector<Retention::Expired>> Retention::Find(Region region, absl::CivilDay day,
                                                                const CallContext& context) const {
  const RulesetSource::Ruleset rules = rulesets_.InForce(region, Today(dependencies_.clock));
  return Search(dependencies_, region, day, rules->retention, context).Run();
}

absl::StatusOr<v1::ListExpiredRecordsResponse> Retention::ListExpiredRecords(
    const v1::ListExpiredRecordsRequest& request, const CallContext& context) const {
  Violations violations;
  const Region region = RecordService::RegionOfParent(RequestView(request), violations);
  const std::optional<absl::CivilDay> day =
      request.date().empty() ? Today(dependencies_.clock) : ParseDate(request.date());
  if (!day.has_value()) {
    violations.Add(
        {"date", "INVALID_FORMAT", "must be a date such as 2026-12-01", "须为日期，如 2026-12-01"});
  }
  if (request.page_size() < 0) {
    violations.Add({"page_size", "OUT_OF_RANGE", "must not be negative", "不得为负"});
  }
  const std::string digest = Sha256(
      absl::StrCat(v1::ListExpiredRecordsRequest::descriptor()->full_name(), " ", request.parent(),
                   " ", absl::FormatCivilTime(day.value_or(absl::CivilDay()))));
  std::optional<PageCursor> after;
  if (!request.page_token().empty()) {
    after = DecodePageToken(digest, request.page_token());
    if (!after.has_value()) violations.Add(BadPageToken());
  }
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  LEYE_ASSIGN_OR_RETURN(const std::vector<Expired> found, Find(region, *day, context));
  // Kinds in the order of the search, each by name.
  const auto key = [](const Expired& expired) {
    return absl::StrCat(expired.kind == Kind::kReferral    ? 0
                        : expired.kind == Kind::kCandidate ? 1
                                                           : 2);
  };
  const auto size = static_cast<size_t>(
      request.page_size() == 0 ? kDefaultPage : std::min(request.page_size(), kLargestPage));
  v1::ListExpiredRecordsResponse response;
  response.set_ruleset_version(rulesets_.InForce(region, Today(dependencies_.clock))->version);
  const Expired* last = nullptr;
  for (const Expired& expired : found) {
    if (after.has_value() &&
        std::pair(key(expired), expired.name) <= std::pair(after->sort_key, after->name)) {
      continue;
    }
    if (static_cast<size_t>(response.records_size()) == size) {
      LEYE_ASSIGN_OR_RETURN(const store::Revision head, dependencies_.store.Head(region));
      response.set_next_page_token(
          EncodePageToken(digest, {.began = head, .sort_key = key(*last), .name = last->name}));
      break;
    }
    v1::ExpiredRecord& record = *response.add_records();
    record.set_name(expired.name);
    record.set_over_date(absl::FormatCivilTime(expired.over));
    record.set_erase_date(absl::FormatCivilTime(expired.erase));
    last = &expired;
  }
  return response;
}

absl::StatusOr<std::vector<std::string>> Retention::EraseExpired(Region region) const {
  const CallContext clock = ClockContext();
  LEYE_ASSIGN_OR_RETURN(const std::vector<Expired> found,
                        Find(region, Today(dependencies_.clock), clock));
  std::vector<std::string> erased;
  absl::Status first_error;
  for (const Expired& expired : found) {
    const absl::Status done = Erase(expired, region);
    if (done.ok()) {
      erased.push_back(expired.name);
    } else if (!absl::IsAborted(done) && !absl::IsFailedPrecondition(done) &&
               !absl::IsNotFound(done)) {
      first_error.Update(done);
    }
  }
  if (!first_error.ok()) return first_error;
  return erased;
}

absl::Status Retention::Erase(const Expired& expired, Region region) const {
  const CallContext clock = ClockContext();
  if (expired.kind == Kind::kReferral) return EraseReferral(expired, region);
  if (expired.kind == Kind::kCandidate) {
    v1::DeleteCandidateRequest request;
    request.set_name(expired.name);
    request.set_etag(expired.etag);
    return candidates_.DeleteCandidate(request, clock).status();
  }
  v1::DeletePostingRequest request;
  request.set_name(expired.name);
  request.set_etag(expired.etag);
  return postings_.DeletePosting(request, clock).status();
}

// With what the posting's ledger, of the same region, remembers of the pair.
absl::Status Retention::EraseReferral(const Expired& expired, Region region) const {
  WorkingSet set(dependencies_.store, region, dependencies_.clock.Now());
  const store::RecordKey key{Kind::kReferral, expired.name};
  LEYE_RETURN_IF_ERROR(set.Read({key}));
  if (!set.Has(key)) return NoSuchRecord(expired.name, "推荐");  // Another server was faster.
  LEYE_ASSIGN_OR_RETURN(const auto referral, set.Parse<v1::Referral>(key));
  set.Delete(key);
  if (RegionOfName(referral.posting()) == region) {
    const store::RecordKey ledger{Kind::kHolds, referral.posting()};
    LEYE_RETURN_IF_ERROR(set.Read({ledger}));
    LEYE_ASSIGN_OR_RETURN(auto holds, set.Parse<storage::v1::Holds>(ledger));
    const int before = holds.bars_size();
    if (OpenReferralOf(holds, referral.candidate()).empty()) {
      RemoveBar(referral.candidate(), holds);
    }
    if (holds.bars_size() < before) {
      if (holds.bars().empty() && holds.holds().empty()) {
        set.Delete(ledger);
      } else {
        set.Put(ledger, holds);
      }
    }
  }
  return dependencies_.store.Commit({.region = region, .mutations = set.Mutations()}).status();
}

}  // namespace leye::app
