// Which records of a region a principal reaches: may read, change, be told of.
//
//   access::Reach reach(principal, scope, store, region, today);       // one a call
//   LEYE_ASSIGN_OR_RETURN(const bool covered, reach.Covers(posting));
//
// A bureau reaches what lies in its division, an enterprise what is of its employer, an app what is
// of its person. Of a record the place, the employer and the person decide, which is little enough
// to be one function (Covers, below); the class finds them out where they stand in other records: a
// person lives where the household does, a household where its settlement area lies. Of people, and
// of referrals, whose person has not agreed today to be shown to employers an enterprise reaches
// none, whatever was before. What is not reached is, for the caller, not there: use cases answer as
// if there were no such record.
#ifndef LEYE_SERVICES_ACCESS_REACH_H_
#define LEYE_SERVICES_ACCESS_REACH_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/message.h"

#include "leye/v1/posting.pb.h"
#include "services/access/policy.h"
#include "services/access/principal.h"
#include "services/store/store.h"

namespace leye::access {

// What decides whose a record is. "" where it does not say or nothing is known.
struct Belonging {
  std::string region;     // Two digits.
  std::string division;   // Six digits: where it lies.
  std::string employer;   // Full name.
  std::string candidate;  // Full name.
};

// Whether a posting is shown to people who look for work.
bool IsPublished(const v1::Posting& posting);

// The one decision.
bool Covers(const Principal& principal, const Belonging& record);

// PERMISSION_DENIED (OUT_OF_SCOPE): what the request itself says lies outside.
absl::Status OutOfScope(absl::string_view what, absl::string_view what_zh);

// Of one principal in one region. Remembers the places it has read, so it is made anew for each
// call. Thread-compatible.
class Reach {
 public:
  using Message = google::protobuf::Message;

  // `store` outlives it.
  Reach(const Principal& principal, Scope scope, store::Store& store, store::Region region,
        absl::CivilDay today);

  // Nothing in the region is out of reach: nobody but an app needs to ask.
  bool whole() const { return extent_ == Extent::kWhole; }
  // Everything is.
  bool nothing() const { return extent_ == Extent::kNothing; }
  store::Region region() const { return region_; }

  // One for each of `records`, which are resources of leye.v1 with their names. Two or three reads
  // in all, however many records.
  absl::StatusOr<std::vector<bool>> Covers(const std::vector<const Message*>& records);
  absl::StatusOr<bool> Covers(const Message& record);

  // The same of stored records, by their open parts.
  // Absent ones are not covered.
  absl::StatusOr<std::vector<bool>> Covers(
      const std::vector<std::optional<store::Record>>& records);
  absl::StatusOr<bool> Covers(const store::Record& record);

  // Whether the principal's records may refer to `record`: a bureau's also to employers and
  // postings elsewhere in the region, since people find work beyond the county. What a person's
  // record refers to is not the person's to change, so an app is not asked.
  absl::StatusOr<bool> CoversTarget(const store::Record& record);

  // Whether a record that the principal writes may say this. What it refers to is asked by
  // CoversTarget.
  bool AllowsContent(const Message& resource) const;

 private:
  enum class Extent { kNothing, kSome, kWhole };
  using Names = std::map<std::string, std::string>;

  // Whether the record is kept from the principal though everything is within reach: a posting that
  // is not published from an app.
  bool IsKeptFrom(const Message& record) const;
  bool IsKeptFrom(const store::Record& record) const;

  static Extent ExtentOf(const Principal& principal, Scope scope, store::Region region);
  absl::Status LearnPlaces(const std::vector<const Message*>& records);
  absl::Status LearnEmployers(const std::vector<const Message*>& records);
  absl::Status LearnConsents(const std::vector<const Message*>& records);
  // Reads the records of `names`' keys that have no value yet, and gives them one.
  absl::Status Fill(store::Kind kind, std::string (*fact)(const store::Record&), Names& names);
  Belonging BelongingOf(const Message& record) const;
  std::string DivisionOf(const std::string& area) const;
  bool MayBeShown(const Message& record) const;

  const Principal principal_;
  store::Store& store_;
  const store::Region region_;
  const Extent extent_;
  const absl::CivilDay today_;
  Names areas_;       // Division of a settlement area.
  Names households_;  // Settlement area of a household.
  Names placements_;  // Posting that holds a person.
  Names postings_;    // Employer of a posting.
  Names consents_;    // Consent of a person, serialized.
};

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_REACH_H_
