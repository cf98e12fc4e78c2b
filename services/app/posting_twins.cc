#include "services/app/posting_twins.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"

#include "leye/storage/v1/posting_twins.pb.h"
#include "services/access/digest.h"
#include "services/app/names.h"
#include "services/base/status.h"

namespace leye::app {

using store::Kind;
using store::RecordKey;

namespace {

constexpr int kMostKept = 20;
constexpr size_t kDigestDigits = 32;

// The address, or where there is none the point, to some ten metres.
std::string PlaceText(const v1::Place& place) {
  if (!place.address().empty()) return absl::StrCat(place.division_code(), " ", place.address());
  return absl::StrFormat("%s %.4f %.4f", place.division_code(), place.location().latitude(),
                         place.location().longitude());
}

std::string WithoutBlanks(absl::string_view text) {
  return absl::StrReplaceAll(text, {{" ", ""}, {"\t", ""}, {"\u3000", ""}});
}

}  // namespace

RecordKey PostingTwins::KeyOf(const v1::Posting& posting) const {
  const std::string three = absl::StrCat(posting.employer(), "\n", PlaceText(posting.place()), "\n",
                                         WithoutBlanks(posting.title()));
  return {Kind::kPostingTwins, FormatName(set_.region(), "postingTwins",
                                          access::Sha256Hex(three).substr(0, kDigestDigits))};
}

absl::Status PostingTwins::Read(const std::vector<const v1::Posting*>& postings) {
  std::vector<RecordKey> keys;
  keys.reserve(postings.size());
  for (const v1::Posting* posting : postings) keys.push_back(KeyOf(*posting));
  return set_.Read(keys);
}

absl::StatusOr<std::string> PostingTwins::Place(const std::string& name, const v1::Posting* before,
                                                const v1::Posting& posting) {
  const RecordKey key = KeyOf(posting);
  const bool open = posting.state() == v1::POSTING_STATE_OPEN;
  if (before != nullptr && (!open || KeyOf(*before) != key)) {
    LEYE_RETURN_IF_ERROR(Remove(name, *before));
  }
  if (!open) return "";
  LEYE_RETURN_IF_ERROR(set_.Read({key}));
  LEYE_ASSIGN_OR_RETURN(auto twins, set_.Parse<storage::v1::PostingTwins>(key));
  const auto& names = twins.postings();
  if (std::find(names.begin(), names.end(), name) == names.end() && names.size() < kMostKept) {
    twins.add_postings(name);
    set_.Put(key, twins);
  }
  return names[0] == name ? "" : names[0];
}

absl::Status PostingTwins::Remove(const std::string& name, const v1::Posting& posting) {
  const RecordKey key = KeyOf(posting);
  LEYE_RETURN_IF_ERROR(set_.Read({key}));
  LEYE_ASSIGN_OR_RETURN(auto twins, set_.Parse<storage::v1::PostingTwins>(key));
  auto& names = *twins.mutable_postings();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return absl::OkStatus();
  names.erase(found);
  if (names.empty()) {
    set_.Delete(key);
  } else {
    set_.Put(key, twins);
  }
  return absl::OkStatus();
}

void PostingTwins::Append(std::vector<store::Mutation>& mutations) const {
  for (store::Mutation& mutation : set_.Mutations()) mutations.push_back(std::move(mutation));
}

}  // namespace leye::app
