#include "services/store/redis_page.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/base/status.h"
#include "services/store/errors.h"
#include "services/store/redis_keys.h"

namespace leye::store::redis {
namespace {

uint64_t BigEndian(absl::string_view bytes) {
  uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<uint8_t>(byte);
  return value;
}

// Adds the record of `member` to a page.
template <typename Records>
absl::Status AppendMember(absl::string_view member, absl::string_view value, Records& records) {
  LEYE_ASSIGN_OR_RETURN(const Member parts, ParseMember(member));
  LEYE_ASSIGN_OR_RETURN(const StoredRecord record, RecordIn(parts.kind, parts.name, value));
  return Append(record, records);
}

// A page by plain commands. Names are asked for in batches; a batch's records are asked for after
// the next batch's names, which come first then: so one batch is on its way while another is taken
// apart. One object a page.
template <typename Records>
class PageStream {
 public:
  PageStream(Connection& connection, absl::Duration patience, Region region,
             const PageBounds& bounds)
      : connection_(connection),
        patience_(patience),
        region_(region),
        bounds_(bounds),
        record_prefix_(RecordPrefix(region)),
        names_left_(static_cast<size_t>(std::min(bounds.limit, kMaxPageSize)) + 1) {}

  // Nullopt when the answer is not such a page.
  absl::StatusOr<std::optional<Page<Records>>> Read() && {
    AskRevision();
    AskNames(bounds_.from);
    page_.revision = TakeRevision();
    while (!failed_ && (asked_names_ > 0 || !batches_.empty())) {
      const bool names_asked = asked_names_ > 0;
      if (names_asked) TakeNames();
      if (!names_asked || batches_.size() > 1) TakeRecords();
    }
    AskRevision();
    const Revision after = TakeRevision();
    if (failed_ || incomplete_ || !MayBecome(after)) return std::nullopt;
    LEYE_RETURN_IF_ERROR(unreadable_);
    page_.revision = after;
    return std::move(page_);
  }

 private:
  static constexpr size_t kBatch = 512;

  // Names whose records are asked for.
  struct Batch {
    Reply names;
    size_t size;
  };

  // Whether the revision may be another after the page than before it.
  bool MayBecome(Revision after) const {
    const bool middle = !bounds_.first && page_.more;
    return after == page_.revision || (middle && after.epoch == page_.revision.epoch);
  }

  void AskRevision() { Send({"HMGET", MetaKey(region_), "epoch", "head"}); }

  // One more than the page may have, to know whether there are more.
  void AskNames(absl::string_view from) {
    asked_names_ = std::min(kBatch, names_left_);
    Send({"ZRANGEBYLEX", NamesKey(region_), std::string(from), bounds_.to, "LIMIT", "0",
          absl::StrCat(asked_names_)});
  }

  void AskRecords(const Batch& batch) {
    connection_.Begin(1 + batch.size);
    connection_.Argument("MGET");
    for (size_t i = 0; i < batch.size; ++i) {
      connection_.Argument(record_prefix_, batch.names.view()[i].text());
    }
    Flush();
  }

  void Send(const Command& command) {
    if (!failed_) failed_ = !connection_.Send(command, SteadyDeadline(patience_)).ok();
  }
  void Flush() {
    if (!failed_) failed_ = !connection_.Flush(SteadyDeadline(patience_)).ok();
  }

  Revision TakeRevision() {
    const Reply reply = Take();
    return {reply.view()[0].number(), reply.view()[1].number()};
  }

  void TakeNames() {
    Batch batch{.names = Take(), .size = 0};
    batch.size = batch.names.view().size();
    const bool last = batch.size < asked_names_;
    asked_names_ = 0;
    if (failed_ || full_) return;
    names_left_ -= batch.size;
    if (!last && names_left_ > 0) {
      AskNames(absl::StrCat("(", batch.names.view()[batch.size - 1].text()));
    }
    if (names_left_ == 0) {
      page_.more = true;
      --batch.size;
    }
    if (batch.size == 0) return;
    AskRecords(batch);
    batches_.push_back(std::move(batch));
  }

  void TakeRecords() {
    const Batch batch = std::move(batches_.front());
    batches_.pop_front();
    const Reply values = Take();
    for (size_t i = 0; i < batch.size && !failed_ && !full_; ++i) {
      if (bytes_ > kMaxPageBytes) {
        full_ = page_.more = true;
      } else {
        TakeRecord(batch.names.view()[i].text(), values.view()[i]);
      }
    }
  }

  void TakeRecord(absl::string_view member, ReplyView value) {
    if (value.type() == ReplyType::kNil) incomplete_ = true;
    if (!incomplete_) unreadable_ = AppendMember(member, value.text(), page_.records);
    full_ = incomplete_ || !unreadable_.ok();
    bytes_ += member.size() + value.text().size();
    page_.last_member.assign(member.data(), member.size());
  }

  // The next reply; nil when there is none, or an error.
  Reply Take() {
    if (failed_) return Reply();
    absl::StatusOr<std::optional<Reply>> reply = connection_.Receive(SteadyDeadline(patience_));
    failed_ = !reply.ok() || !reply->has_value();
    if (failed_) return Reply();
    if (!(*reply)->view().is_error()) return **std::move(reply);
    full_ = incomplete_ = true;
    return Reply();
  }

  Connection& connection_;
  const absl::Duration patience_;
  const Region region_;
  const PageBounds& bounds_;
  const std::string record_prefix_;
  Page<Records> page_;
  size_t bytes_ = 0;
  std::deque<Batch> batches_;
  size_t names_left_;        // To be asked for.
  size_t asked_names_ = 0;   // On their way.
  bool full_ = false;        // What is still on its way is left out.
  bool incomplete_ = false;  // A record was gone, or the server said an error.
  bool failed_ = false;      // Nothing more will come.
  absl::Status unreadable_;
};

}  // namespace

absl::StatusOr<StoredRecord> RecordIn(Kind kind, absl::string_view name, absl::string_view value) {
  constexpr size_t kHeaderBytes = 16;
  if (value.size() < kHeaderBytes) return StoreCorrupt("a record has no header");
  const absl::string_view content = value.substr(kHeaderBytes);
  const uint64_t open_bytes = BigEndian(value.substr(12, 4));
  if (open_bytes > content.size()) return StoreCorrupt("a record is cut off");
  return StoredRecord{.kind = kind,
                      .name = name,
                      .number = BigEndian(value.substr(0, 6)),
                      .version = BigEndian(value.substr(6, 6)),
                      .open = content.substr(0, open_bytes),
                      .sealed = content.substr(open_bytes)};
}

template <typename Records>
absl::StatusOr<Page<Records>> ReadPage(Client& client, Region region, const PageBounds& bounds) {
  LEYE_ASSIGN_OR_RETURN(
      const Answer answer,
      client.Read(
          {.region = region,
           .script = &kPageScript,
           .keys = {MetaKey(region), NamesKey(region)},
           .arguments = {bounds.from, bounds.to, absl::StrCat(std::min(bounds.limit, kMaxPageSize)),
                         absl::StrCat(kMaxPageBytes), RecordPrefix(region)}}));
  constexpr size_t kFirstRecord = 3;
  const ReplyView reply = answer.reply.view();
  Page<Records> page;
  page.revision = {reply[0].number(), reply[1].number()};
  page.more = reply[2].number() != 0;
  for (size_t i = kFirstRecord; i + 1 < reply.size(); i += 2) {
    LEYE_RETURN_IF_ERROR(AppendMember(reply[i].text(), reply[i + 1].text(), page.records));
    page.last_member = std::string(reply[i].text());
  }
  return page;
}

template <typename Records>
absl::StatusOr<Page<Records>> ReadPageQuickly(Client& client, Region region,
                                              const PageBounds& bounds) {
  if (const absl::StatusOr<Pool::Lease> lease = client.BorrowFor(region); lease.ok()) {
    LEYE_ASSIGN_OR_RETURN(
        std::optional<Page<Records>> page,
        PageStream<Records>(**lease, client.call_timeout(), region, bounds).Read());
    if (page.has_value()) return *std::move(page);
  }
  return ReadPage<Records>(client, region, bounds);
}

template absl::StatusOr<Page<std::vector<Record>>> ReadPage(Client&, Region, const PageBounds&);
template absl::StatusOr<Page<std::vector<Record>>> ReadPageQuickly(Client&, Region,
                                                                   const PageBounds&);
template absl::StatusOr<Page<OpenPage>> ReadPageQuickly(Client&, Region, const PageBounds&);

}  // namespace leye::store::redis
