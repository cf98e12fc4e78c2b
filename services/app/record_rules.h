// What is particular to one kind of resource; everything else is shared (record_service.h).
//
//   class PostingRules final : public RecordRules { ... };
//   RecordService postings(dependencies, std::make_unique<PostingRules>());
#ifndef LEYE_SERVICES_APP_RECORD_RULES_H_
#define LEYE_SERVICES_APP_RECORD_RULES_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

#include "leye/v1/import.pb.h"
#include "services/app/filter.h"
#include "services/app/validation.h"
#include "services/app/violations.h"
#include "services/base/clock.h"
#include "services/store/record.h"
#include "services/store/store.h"

namespace leye::app {

// The facts of a kind of resource.
struct RecordKind {
  store::Kind kind;
  std::string collection;                      // "postings", as in names.
  std::string noun_zh;                         // 岗位
  const google::protobuf::Message* prototype;  // The default instance of the resource.
  std::vector<FilterFieldSpec> filter_fields;  // As the proto's comment on `filter` lists them.
  std::vector<std::string> order_fields;       // As the comment on `order_by` does.
  // Fields that are worked out for an answer and never stored.
  std::vector<std::string> derived_fields = {};
};

// Who refers to a resource and keeps it from being deleted.
struct Dependents {
  store::Kind kind;
  const google::protobuf::Message* prototype;
  std::string field;  // Of the dependent: holds the resource's name.
  std::string noun;   // "households"
  std::string noun_zh;
};

// Works out fields of resources that depend on other records, in one attempt at a commit.
// Thread-compatible.
class Settlement {
 public:
  using Message = google::protobuf::Message;

  virtual ~Settlement() = default;

  // Spares Settle a read for each of `resources`.
  virtual absl::Status Read(const std::vector<const Message*>& resources) = 0;

  // Sets the fields of `resource`, which is about to be stored as `name` in the place of `before`
  // (null: it is new). May be called again when the resource has changed since.
  virtual absl::Status Settle(const std::string& name, const Message* before,
                              Message& resource) = 0;

  // The resource, stored as `name`, is about to be deleted.
  virtual absl::Status Remove(const std::string& name, const Message& resource) = 0;

  // Adds what the commit must do and find for all that.
  virtual void Append(std::vector<store::Mutation>& mutations) const = 0;
};

// Immutable, safe for concurrent use.
class RecordRules {
 public:
  using Message = google::protobuf::Message;

  explicit RecordRules(RecordKind kind) : kind_(std::move(kind)) {}
  virtual ~RecordRules() = default;

  const RecordKind& kind() const { return kind_; }

  // Brings what a caller may write in several ways into the one that is stored. Idempotent.
  virtual void Normalise(Message&) const {}

  // What fields must be to each other. Called whatever the fields are: check before you compute.
  virtual void Check(const Message& message, const CheckScope& scope,
                     Violations& violations) const = 0;

  // Sets the server's fields of a new resource.
  virtual void Initialise(Message&) const {}

  // Null where no field depends on other records. `store` and `clock` outlive it.
  virtual std::unique_ptr<Settlement> NewSettlement(store::Store&, store::Region,
                                                    const Clock&) const {
    return nullptr;
  }

  // What else a receipt says of an imported resource.
  virtual void AddToReceipt(const Message&, v1::ImportReceipt&) const {}

  // Fills derived fields of resources that are about to be answered, all of one region.
  virtual absl::Status Derive(store::Region, const std::vector<Message*>&) const {
    return absl::OkStatus();
  }

  // What the deletion of the record `name` must do beside, as mutations of its commit; an error
  // refuses it.
  virtual absl::Status Release(store::Store&, store::Region, const std::string& /*name*/,
                               std::vector<store::Mutation>&) const {
    return absl::OkStatus();
  }

  virtual std::optional<Dependents> dependents() const { return std::nullopt; }

 private:
  const RecordKind kind_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_RECORD_RULES_H_
