#include "services/app/referral_ledger.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

#include "services/app/formats.h"
#include "services/app/names.h"
#include "services/app/referral_errors.h"

namespace leye::app {

using storage::v1::Bar;
using storage::v1::Hold;
using storage::v1::Holds;

namespace {

// More than the longest window that a ruleset may have (matcher/ruleset_validation.cc).
constexpr absl::Duration kBarMemory = absl::Hours(24 * 3'661);

template <typename List, typename Matches>
void EraseIf(List& list, Matches matches) {
  list.erase(std::remove_if(list.begin(), list.end(), matches), list.end());
}

}  // namespace

v1::Channel PostingChannel(const v1::Posting& posting) {
  switch (posting.channel_case()) {
    case v1::Posting::kEnterprise:
      return v1::CHANNEL_ENTERPRISE;
    case v1::Posting::kPublicWelfare:
      return v1::CHANNEL_PUBLIC_WELFARE;
    case v1::Posting::kWorkForRelief:
      return v1::CHANNEL_WORK_FOR_RELIEF;
    case v1::Posting::CHANNEL_NOT_SET:
      break;
  }
  return v1::CHANNEL_UNSPECIFIED;
}

v1::Group ReservedGroupOf(const v1::Posting& posting) {
  const v1::Group group = posting.reserved().group();
  return group == v1::GROUP_UNSPECIFIED ? v1::GROUP_RELOCATED : group;
}

matcher::OpeningsLeft LeftOf(const v1::Posting& posting, const Holds& holds) {
  const v1::Group group = ReservedGroupOf(posting);
  const auto of_group =
      std::count_if(holds.holds().begin(), holds.holds().end(),
                    [&](const Hold& hold) { return hold.reserved_group() == group; });
  return matcher::LeftOf({.openings = posting.openings(),
                          .filled = posting.filled_openings(),
                          .reserved = posting.reserved().count()},
                         {.all = holds.holds_size(), .of_group = of_group});
}

absl::Status AddHold(const std::string& posting_name, const v1::Posting& posting, const Hold& hold,
                     Holds& holds) {
  const matcher::OpeningsLeft left = LeftOf(posting, holds);
  const bool of_group = hold.reserved_group() == ReservedGroupOf(posting);
  if (!left.OneFor(of_group)) return NoOpening(posting_name, left.reserved);
  SetHold(hold, holds);
  return absl::OkStatus();
}

void SetHold(const Hold& hold, Holds& holds) {
  for (Hold& before : *holds.mutable_holds()) {
    if (before.claim_id() != hold.claim_id()) continue;
    before = hold;
    return;
  }
  *holds.add_holds() = hold;
}

void RemoveHold(absl::string_view claim_id, Holds& holds) {
  EraseIf(*holds.mutable_holds(), [&](const Hold& hold) { return hold.claim_id() == claim_id; });
}

const Hold* FindHold(const Holds& holds, absl::string_view claim_id) {
  const auto found = std::find_if(holds.holds().begin(), holds.holds().end(),
                                  [&](const Hold& hold) { return hold.claim_id() == claim_id; });
  return found == holds.holds().end() ? nullptr : &*found;
}

std::vector<Hold> OverdueHolds(const Holds& holds, absl::Time now) {
  std::vector<Hold> overdue;
  for (const Hold& hold : holds.holds()) {
    if (hold.has_expire_time() && ToTime(hold.expire_time()) <= now) overdue.push_back(hold);
  }
  return overdue;
}

int HoldsOfKind(const Holds& holds, v1::PublicWelfareKind kind) {
  return static_cast<int>(
      std::count_if(holds.holds().begin(), holds.holds().end(),
                    [&](const Hold& hold) { return hold.public_welfare_kind() == kind; }));
}

std::string OpenReferralOf(const Holds& holds, absl::string_view candidate) {
  for (const Bar& bar : holds.bars()) {
    if (bar.candidate() == candidate) return bar.open_referral();
  }
  return "";
}

void SetBar(const Bar& bar, Holds& holds) {
  RemoveBar(bar.candidate(), holds);
  *holds.add_bars() = bar;
}

void RemoveBar(absl::string_view candidate, Holds& holds) {
  EraseIf(*holds.mutable_bars(), [&](const Bar& bar) { return bar.candidate() == candidate; });
}

void ForgetOldBars(absl::Time now, Holds& holds) {
  EraseIf(*holds.mutable_bars(), [&](const Bar& bar) {
    return bar.has_refuse_time() && ToTime(bar.refuse_time()) + kBarMemory < now;
  });
}

store::RecordKey DueKeyOf(store::Region region, absl::Time due, absl::string_view referral_id) {
  // Rounded up, so that nobody looks before the time is over.
  const int64_t seconds = absl::ToUnixSeconds(
      absl::Ceil(due - absl::UnixEpoch(), absl::Seconds(1)) + absl::UnixEpoch());
  return {store::Kind::kDue,
          FormatName(region, "due", absl::StrFormat("%011d-%s", seconds, referral_id))};
}

DueReferral ParseDueName(absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  const std::pair<absl::string_view, absl::string_view> id =
      absl::StrSplit(parts.back(), absl::MaxSplits('-', 1));
  int64_t seconds = 0;
  const bool number = absl::SimpleAtoi(id.first, &seconds);
  return {.due = number ? absl::FromUnixSeconds(seconds) : absl::InfinitePast(),
          .referral = absl::StrCat("regions/", parts[1], "/referrals/", id.second)};
}

}  // namespace leye::app
