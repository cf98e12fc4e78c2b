// Imports of every kind of resource: one batch of items, one commit (import_session.h).
//
// A batch is read (one BatchGet of the records that the items may be, one of what they refer to),
// decided item by item in order, and committed with a precondition on every record read. When
// somebody else was faster, the batch is read and decided again.
#ifndef LEYE_SERVICES_APP_IMPORTER_H_
#define LEYE_SERVICES_APP_IMPORTER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "google/protobuf/repeated_field.h"

#include "leye/v1/import.pb.h"
#include "services/app/import_session.h"
#include "services/app/record_service.h"
#include "services/app/references.h"

namespace leye::app {

// Thread-compatible.
class Importer {
 public:
  using Message = google::protobuf::Message;
  using Receipts = google::protobuf::RepeatedPtrField<v1::ImportReceipt>;

  Importer(const RecordService& service, const CallContext& context);

  // What a message of the stream says beside its items. INVALID_ARGUMENT ends the stream.
  absl::Status Begin(const std::string& parent, bool validate_only, size_t items, size_t bytes);

  // `item` outlives the next Write, which changes it.
  void Add(Message* item) { items_.push_back({.message = item}); }

  // True when the batch is large enough to be written.
  bool full() const;
  size_t pending() const { return items_.size(); }

  // Writes the batch and adds its receipts.
  absl::Status Write(Receipts& receipts);

 private:
  // One item of the batch.
  struct Item {
    Message* message;
    Violations problems = {};  // Found whatever the store says.
    std::string etag = {};
    std::string name = {};     // As sent.
    std::string derived = {};  // The name that the external id leads to; "" without one.
    size_t first_key = 0;      // Of its keys in the batch's reads.
    // Decided anew by each attempt:
    v1::ImportOutcome outcome = v1::IMPORT_OUTCOME_UNSPECIFIED;
    std::string target = {};  // The record's name.
    std::vector<Violation> found = {};
  };
  // What this batch makes of a record.
  struct Pending {
    size_t mutation;
    v1::ImportOutcome outcome;
  };
  using Found = std::vector<std::optional<store::Record>>;

  access::Reach NewReach() const;
  void Examine(Item& item);
  std::vector<store::RecordKey> KeysToRead();
  absl::Status Decide(const Found& found);
  absl::Status DecideItem(Item& item, const Found& found);
  // The record that the item is, and its name in `item.target`.
  const store::Record* Resolve(Item& item, const Found& found) const;
  // The same when an earlier item of the batch makes the record.
  void ResolveWithinBatch(Item& item) const;
  absl::Status PrepareSettlement();
  // `before` is null for a new record.
  absl::Status Settle(Item& item, const Message* before);
  absl::Status DecideNew(Item& item);
  absl::Status DecideExisting(Item& item, const store::Record& record);
  absl::Status DecideAgain(Item& item, const Pending& pending);
  bool KeepFixedFields(Item& item, const Message& current) const;
  void AddCreation(const Item& item, store::Envelope envelope);
  store::Envelope Stamped(store::Envelope envelope, const store::Envelope* existing) const;
  static void Reject(Item& item, Violation violation);
  static void RejectForeign(Item& item, const std::string& path);
  void GiveReceipts(const std::string& revision, Receipts& receipts);

  const RecordService& service_;
  const CallContext context_;
  const std::string path_;  // Of an item, in problems: "candidate".
  std::optional<store::Region> region_;
  std::optional<access::Reach> reach_;      // Of the attempt at hand.
  std::unique_ptr<Settlement> settlement_;  // The same; null where nothing is to be settled.
  std::string parent_;
  bool validate_only_ = false;
  References references_;
  std::vector<Item> items_;
  size_t bytes_ = 0;
  int64_t next_index_ = 0;
  // Of the attempt at hand:
  bool read_aliases_ = false;
  absl::Time now_;
  std::vector<store::Mutation> mutations_;
  absl::flat_hash_map<std::string, Pending> written_;      // By name.
  absl::flat_hash_map<std::string, std::string> aliased_;  // New aliases, to the record's name.
};

// The stream's session over an Importer. `items` gives the items of a request.
template <typename Request, typename Response>
class ImportSessionOf final : public ImportSession<Request, Response> {
 public:
  using Items = std::function<std::vector<Importer::Message*>(Request&)>;

  ImportSessionOf(const RecordService& service, const CallContext& context, Items items)
      : importer_(service, context), items_(std::move(items)) {}

  absl::StatusOr<Response> Push(Request&& request) override {
    auto held = std::make_unique<Request>(std::move(request));
    const std::vector<Importer::Message*> items = items_(*held);
    absl::Status status =
        importer_.Begin(held->parent(), held->validate_only(), items.size(), held->ByteSizeLong());
    if (!status.ok()) return status;
    for (Importer::Message* item : items) importer_.Add(item);
    held_.push_back(std::move(held));
    if (!importer_.full()) return Response();
    return Flush();
  }

  absl::StatusOr<Response> Flush() override {
    Response response;
    absl::Status status = importer_.Write(*response.mutable_receipts());
    held_.clear();
    if (!status.ok()) return status;
    return response;
  }

  size_t pending() const override { return importer_.pending(); }

 private:
  Importer importer_;
  const Items items_;
  std::vector<std::unique_ptr<Request>> held_;  // Own the items that are pending.
};

template <typename Request, typename Response, typename GetItems>
std::unique_ptr<ImportSession<Request, Response>> NewImportSession(const RecordService& service,
                                                                   const CallContext& context,
                                                                   GetItems get_items) {
  return std::make_unique<ImportSessionOf<Request, Response>>(
      service, context, [get_items](Request& request) {
        std::vector<Importer::Message*> items;
        for (auto& item : *get_items(request)) items.push_back(&item);
        return items;
      });
}

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_IMPORTER_H_
