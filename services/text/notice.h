// What a recruitment notice says of the posting that it is about, or of several, each with the
// words that say it.
#ifndef LEYE_SERVICES_TEXT_NOTICE_H_
#define LEYE_SERVICES_TEXT_NOTICE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/text/normalized.h"

namespace leye::text {

// What is suggested. Behind each, which members of Suggestion say it.
enum class NoticeField : uint8_t {
  kTrade,         // `number`, the index of a trade.
  kCertificate,   // `number`, the index of a skill that is a paper.
  kOpenings,      // `least` and `most` people; without numbers the words: 若干.
  kReserved,      // `least` openings for the group `number`.
  kAges,          // `least` and `most` years, one of them may be absent; `sex`; `relaxable_to`.
  kMinEducation,  // `number`, of leye.v1.Education.
  kSexLimit,      // `sex`
  kEligible,      // `number`, of leye.v1.Group: those who alone are taken.
  kPriority,      // The same: those who go first.
  kHouseholdCap,  // `number`, people.
  kStartDate,     // `number`, 20260301.
  kEndDate,       // The same.
  kTerm,          // `number`, months.
  kPay,           // `least` and `most` fen, `unit`, `measure`; without amounts the words: 面议.
  kMinimumWage,   // `number`, per cent of it.
  kMeals,         // Nothing, as those below: it is given.
  kLodging,
  kSocialInsurance,
  kAccidentInsurance,
};

struct Suggestion {
  NoticeField field = NoticeField::kTrade;
  std::optional<int64_t> least = {};
  std::optional<int64_t> most = {};
  int64_t number = 0;
  Sex sex = Sex::kUnsaid;
  std::optional<int64_t> relaxable_to = {};  // Years.
  PayUnit unit = PayUnit::kUnsaid;
  std::string measure = {};  // Of pay by the piece: 件, 斤.
  bool by_ability = false;   // The amounts are those of the least and the most able.
  Percent confidence = 0;
  // The notice says otherwise too: all that it says is given, none of it surely.
  bool contradicted = false;
  Words words = {};

  friend bool operator==(const Suggestion&, const Suggestion&) = default;
};

// How sure what is contradicted is.
inline constexpr Percent kOfContradicted = 50;

// One of several posts that a notice lists.
struct NoticePost {
  Words words = {};  // Where it is listed.
  Words title = {};
  std::vector<Suggestion> suggestions = {};  // What is said of it alone.

  friend bool operator==(const NoticePost&, const NoticePost&) = default;
};

struct Notice {
  // By field, then in the order of the text. Where there are posts: what is said of all of them.
  std::vector<Suggestion> suggestions = {};
  std::vector<NoticePost> posts = {};  // In the order of the text. Two at least, or none.

  friend bool operator==(const Notice&, const Notice&) = default;
};

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_NOTICE_H_
