// Records, the mutations that write them, and the changes that a log tells of.
//
//   commit.mutations = {
//       Mutation::Put(Kind::kPosting, name, envelope, Precondition::Absent()),
//       Mutation::Check(Kind::kEmployer, employer, Precondition::AtVersion(41))};

#ifndef LEYE_SERVICES_STORE_RECORD_H_
#define LEYE_SERVICES_STORE_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

#include "leye/storage/v1/envelope.pb.h"

namespace leye::store {

using storage::v1::Envelope;

// What a record is. The numbers are on disk: add at the end, never renumber or reuse.
enum class Kind : uint8_t {
  kSettlementArea = 1,
  kHousehold = 2,
  kCandidate = 3,
  kEmployer = 4,
  kPosting = 5,
  kAlias = 6,  // A foreign id that must be unique, such as a posting's external_id.
  kReferral = 7,
  kPlan = 8,
  kRuleset = 9,
  kTravelTimes = 10,
  kClaim = 11,      // Whom somebody is about to place; in the person's region (app/claims.h).
  kPlacement = 12,  // Who is placed; in the person's region.
  kHolds = 13,      // What claims hold of a posting or a household; in its region.
  kDue = 14,        // That a referral's time is over then; named by time (app/referral_ledger.h).
  kRulesetSchedule = 15,  // Which rulesets are in force from when, one record a region.
  kPlanRun = 16,          // That a plan waits or runs, and how far it is; under the plan's name.
  kPlanPart = 17,         // A piece of what a plan found (app/plan_records.h).
  kPostingTwins = 18,     // Open postings of one employer, place and title (app/posting_twins.h).
  kShowings = 19,         // For which postings a person was shown; in its region (app/showings.h).
};

// "candidate", "posting", ...: for messages and metadata. "kind <n>" for an unknown number.
std::string KindName(Kind kind);

// Whether a number from outside is that of a kind this program knows.
bool IsKind(uint32_t number);

// Identifies a record within its region.
struct RecordKey {
  Kind kind = Kind::kCandidate;
  std::string name;  // The full resource name.

  friend auto operator<=>(const RecordKey&, const RecordKey&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const RecordKey& key) {
    return H::combine(std::move(state), key.kind, key.name);
  }
};

struct Record {
  Kind kind = Kind::kCandidate;
  std::string name;

  // Given by the store when the record is created: unique in the region whatever the kind,
  // ascending in order of creation, never given again even after a deletion, below 2^48.
  uint64_t number = 0;

  // The region's sequence number of the commit that last wrote the record.
  uint64_t version = 0;

  Envelope envelope;
};

// A record's personal part, to be sealed anew.
struct ResealedPart {
  RecordKey key;
  storage::v1::Sealed before;  // As it was read.
  storage::v1::Sealed after;
};

// What must be true of a record when a commit is applied.
class Precondition {
 public:
  enum class Type : uint8_t { kAny, kAbsent, kExists, kAtVersion };

  static Precondition Any() { return Precondition(Type::kAny, 0); }
  static Precondition Absent() { return Precondition(Type::kAbsent, 0); }
  static Precondition Exists() { return Precondition(Type::kExists, 0); }
  static Precondition AtVersion(uint64_t version) {
    return Precondition(Type::kAtVersion, version);
  }

  Type type() const { return type_; }
  uint64_t version() const { return version_; }

 private:
  Precondition(Type type, uint64_t version) : type_(type), version_(version) {}

  Type type_;
  uint64_t version_;
};

// One step of a commit.
struct Mutation {
  enum class Type : uint8_t {
    kPut,     // Creates the record, or replaces its whole envelope.
    kDelete,  // Removes the record and its personal part; NOT_FOUND when it is absent.
    kCheck,   // Changes nothing: only the precondition counts.
  };

  static Mutation Put(Kind kind, std::string name, Envelope envelope, Precondition precondition) {
    return {Type::kPut, {kind, std::move(name)}, precondition, std::move(envelope)};
  }
  static Mutation Delete(Kind kind, std::string name, Precondition precondition) {
    return {Type::kDelete, {kind, std::move(name)}, precondition, Envelope()};
  }
  static Mutation Check(Kind kind, std::string name, Precondition precondition) {
    return {Type::kCheck, {kind, std::move(name)}, precondition, Envelope()};
  }

  Type type;
  RecordKey key;
  Precondition precondition;
  Envelope envelope;  // For kPut.
};

// One record written or deleted by a commit.
struct Change {
  RecordKey key;
  uint64_t number = 0;
  std::optional<Envelope> put = {};  // Without the personal part; absent: the record was deleted.
};

}  // namespace leye::store

#endif  // LEYE_SERVICES_STORE_RECORD_H_
