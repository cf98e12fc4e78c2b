// The numbers behind the names that records use for skills and trades.
//
// The catalogue (services/app/catalogue.h) gives these numbers; the matcher's catalogue has the
// same ones. This interface keeps live free of the catalogue's texts.
#ifndef LEYE_SERVICES_LIVE_CODE_BOOK_H_
#define LEYE_SERVICES_LIVE_CODE_BOOK_H_

#include <optional>

#include "absl/strings/string_view.h"

#include "matcher/ids.h"

namespace leye::live {

// Immutable, safe for concurrent use.
class CodeBook {
 public:
  virtual ~CodeBook() = default;

  // "skills/welding-arc"; nullopt when there is none.
  virtual std::optional<matcher::SkillId> FindSkill(absl::string_view name) const = 0;
  // "6-18-02-04"; nullopt when there is none.
  virtual std::optional<matcher::TradeId> FindTrade(absl::string_view code) const = 0;
};

// Stands for an asked skill that the catalogue does not have. Nobody holds it.
inline constexpr matcher::SkillId kUnknownSkill = matcher::SkillId(0xffff);

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_CODE_BOOK_H_
