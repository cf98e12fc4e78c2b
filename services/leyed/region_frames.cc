#include "services/leyed/region_frames.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "services/app/digest.h"

namespace leye {
namespace {

constexpr size_t kPartBytes = 8;

uint64_t PartOf(absl::string_view digest, size_t index) {
  uint64_t part = 0;
  for (size_t i = 0; i < kPartBytes; ++i) {
    part |= static_cast<uint64_t>(static_cast<uint8_t>(digest[index * kPartBytes + i])) << (8 * i);
  }
  return part;
}

}  // namespace

storage::v1::RegionRecord ToFrame(store::Record record) {
  storage::v1::RegionRecord frame;
  frame.set_kind(static_cast<uint32_t>(record.kind));
  frame.set_name(std::move(record.name));
  frame.set_number(record.number);
  frame.set_version(record.version);
  *frame.mutable_envelope() = std::move(record.envelope);
  return frame;
}

store::Record FromFrame(storage::v1::RegionRecord record) {
  return {static_cast<store::Kind>(record.kind()), std::move(*record.mutable_name()),
          record.number(), record.version(), std::move(*record.mutable_envelope())};
}

storage::v1::RegionRequest ToFrame(store::RememberedRequest request) {
  storage::v1::RegionRequest frame;
  frame.set_request_id(std::move(request.request_id));
  frame.set_fingerprint(std::move(request.fingerprint));
  frame.set_sequence(request.sequence);
  const int64_t millis = absl::ToUnixMillis(request.time);
  frame.mutable_time()->set_seconds(millis / 1'000);
  frame.mutable_time()->set_nanos(static_cast<int32_t>(millis % 1'000) * 1'000'000);
  for (store::Change& change : request.changes) {
    storage::v1::LogChange& to = *frame.mutable_changes()->add_changes();
    to.set_kind(static_cast<uint32_t>(change.key.kind));
    to.set_name(std::move(change.key.name));
    to.set_number(change.number);
    if (change.put) *to.mutable_put() = *std::move(change.put);
  }
  return frame;
}

store::RememberedRequest FromFrame(storage::v1::RegionRequest request) {
  store::RememberedRequest remembered{.request_id = std::move(*request.mutable_request_id()),
                                      .fingerprint = std::move(*request.mutable_fingerprint()),
                                      .time = absl::FromUnixSeconds(request.time().seconds()) +
                                              absl::Nanoseconds(request.time().nanos()),
                                      .sequence = request.sequence()};
  for (storage::v1::LogChange& from : *request.mutable_changes()->mutable_changes()) {
    store::Change change{{static_cast<store::Kind>(from.kind()), std::move(*from.mutable_name())},
                         from.number()};
    if (from.has_put()) change.put = std::move(*from.mutable_put());
    remembered.changes.push_back(std::move(change));
  }
  return remembered;
}

bool KnowsEveryKind(const storage::v1::RegionFrame& frame) {
  const auto known = [](const auto& of_kind) { return store::IsKind(of_kind.kind()); };
  return absl::c_all_of(frame.records().records(), known) &&
         absl::c_all_of(frame.requests().requests(), [&](const auto& request) {
           return absl::c_all_of(request.changes().changes(), known);
         });
}

bool RegionNumbers::Add(uint64_t number) {
  uint64_t& word = words_[number / 64];
  const uint64_t bit = uint64_t{1} << number % 64;
  const bool is_new = (word & bit) == 0;
  word |= bit;
  return is_new;
}

void RegionTally::Add(const storage::v1::RegionRecord& record) {
  const std::string digest = app::Sha256(record.SerializeAsString());
  for (size_t i = 0; i < sums_.size(); ++i) sums_[i] += PartOf(digest, i);
  ++records_;
}

void RegionTally::Add(const storage::v1::RegionFrame& frame) {
  for (const storage::v1::RegionRecord& record : frame.records().records()) Add(record);
  requests_ += static_cast<uint64_t>(frame.requests().requests_size());
}

storage::v1::RegionTotal RegionTally::Total() const {
  storage::v1::RegionTotal total;
  total.set_records(records_);
  total.set_requests(requests_);
  for (const uint64_t sum : sums_) {
    for (size_t i = 0; i < kPartBytes; ++i) {
      total.mutable_records_digest()->push_back(static_cast<char>(sum >> (8 * i) & 0xff));
    }
  }
  return total;
}

}  // namespace leye
