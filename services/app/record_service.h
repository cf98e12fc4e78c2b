// What every kind of resource does alike: create, get, get many, list, update by mask, change by a
// verb, delete, import. A resource's own class adds its rules and names its RPCs:
//
//   return records_->Call<v1::CreatePostingResponse>(&RecordService::Create, request, context);
//
// Requests and responses are read and filled by the field names that all of them share. Each
// mutation is tried like this: read what it depends on, decide, commit with preconditions on what
// was read; if another writer was faster, read and decide again.
#ifndef LEYE_SERVICES_APP_RECORD_SERVICE_H_
#define LEYE_SERVICES_APP_RECORD_SERVICE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

#include "services/app/context.h"
#include "services/app/list.h"
#include "services/app/record_codec.h"
#include "services/app/record_rules.h"
#include "services/app/request_view.h"
#include "services/app/validation.h"

namespace leye::app {

class Mutator;
struct Attempt;

// Immutable, safe for concurrent use.
class RecordService {
 public:
  using Message = google::protobuf::Message;
  using Method = absl::Status (RecordService::*)(const Message&, const CallContext&,
                                                 Message&) const;
  // What a verb does to a resource; an error refuses it. `request` is the verb's.
  using Transition = absl::FunctionRef<absl::Status(Message& resource)>;

  RecordService(const Dependencies& dependencies, std::unique_ptr<RecordRules> rules);

  absl::Status Create(const Message& request, const CallContext& context, Message& response) const;
  absl::Status Get(const Message& request, const CallContext& context, Message& response) const;
  absl::Status BatchGet(const Message& request, const CallContext& context,
                        Message& response) const;
  absl::Status List(const Message& request, const CallContext& context, Message& response) const;
  absl::Status Update(const Message& request, const CallContext& context, Message& response) const;
  absl::Status Delete(const Message& request, const CallContext& context, Message& response) const;

  // `violations` holds what the verb's own fields violate already.
  absl::Status Change(const Message& request, const CallContext& context, Violations violations,
                      Transition transition, Message& response) const;

  // One of several changes that are made together or not at all.
  struct ChangeOfMany {
    std::string name;  // Of the region of the request's `parent`, and of no other change.
    std::string etag;  // As the caller sent it.
    std::function<absl::Status(Message& resource)> transition;
  };
  absl::Status ChangeMany(const Message& request, const CallContext& context, Violations violations,
                          const std::vector<ChangeOfMany>& changes, Message& response) const;

  // One of the above as a use case.
  template <typename Response>
  absl::StatusOr<Response> Call(Method method, const Message& request,
                                const CallContext& context) const {
    Response response;
    absl::Status status = (this->*method)(request, context, response);
    if (!status.ok()) return status;
    return response;
  }

  const Dependencies& dependencies() const { return dependencies_; }
  const RecordRules& rules() const { return *rules_; }
  const RecordKind& kind() const { return rules_->kind(); }
  const RecordCodec& codec() const { return codec_; }

  // All that is wrong with a resource by itself. Returns whether it holds unknown fields.
  bool CheckResource(const Message& resource, store::Region region, absl::string_view path,
                     Violations& violations) const;

  // The region of the request's `parent`; 0 and a violation when it names none.
  static store::Region RegionOfParent(const RequestView& request, Violations& violations);

 private:
  // Which record an edit is about.
  struct EditTarget {
    std::string name;
    store::Region region;
    std::string etag;       // As the caller sent it.
    std::string path = {};  // Of the resource within the request.
  };
  // One attempt at an edit of one record or more (record_mutations.cc).
  struct EditAttempt;
  // Changes a resource; an error or a violation refuses it.
  using EditStep = absl::FunctionRef<absl::Status(Message& resource, Violations& found)>;

  absl::Status Edit(const EditTarget& target, const Mutator& mutator, const Violations& violations,
                    EditStep edit, Message& response) const;
  EditAttempt NewEdit(const Mutator& mutator, store::Region region) const;
  absl::Status AddEdit(const EditTarget& target, const Mutator& mutator, EditStep edit,
                       EditAttempt& editing) const;
  absl::StatusOr<Attempt> FinishEdit(EditAttempt editing) const;
  absl::StatusOr<Attempt> PrepareDeletion(const EditTarget& target, const Mutator& mutator,
                                          bool validate_only) const;
  absl::StatusOr<ListChunk> ReadListChunk(access::Reach& reach, const Filter& filter,
                                          absl::string_view after, int limit) const;
  // The record; NOT_FOUND also when the caller does not reach it.
  absl::StatusOr<store::Record> Find(access::Reach& reach, const std::string& name) const;
  // A violation for each field that the list asks for and the caller is not shown.
  void CheckAskedFields(const ListQuery& query, const CallContext& context,
                        Violations& violations) const;
  // Drops what the caller may not see, and adds what is worked out for answers.
  absl::Status Finish(store::Region region, const CallContext& context,
                      const std::vector<Message*>& resources) const;

  const Dependencies dependencies_;
  const std::unique_ptr<RecordRules> rules_;
  const RecordCodec codec_;
  const FieldValidator validator_;
  const ListSchema list_schema_;
};

// NOT_FOUND naming `name`.
absl::Status NoSuchRecord(absl::string_view name, absl::string_view noun_zh);

// ALREADY_EXISTS: `what` is taken by the record `name`.
absl::Status Taken(absl::string_view what, absl::string_view what_zh, const std::string& name);

// Checks the id that a caller chose for a new resource; "" and `derived` are always good.
void CheckNewId(const std::string& id, absl::string_view derived, const std::string& field,
                Violations& violations);

// The id that the resource's external id leads to (names.h); "" when it has none.
std::string DerivedIdOf(const google::protobuf::Message& resource);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_RECORD_SERVICE_H_
