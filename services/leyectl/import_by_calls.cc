// Import of areas and employers, which are few: create each, and where it exists already change
// what differs. What differs is the server's to say, for it keeps some values in a form of its own
// (a point in WGS-84): it is asked what the change would come to before it is asked for the change.

#include <memory>

#include "absl/strings/str_cat.h"

#include "services/leyectl/fields.h"
#include "services/leyectl/importer.h"
#include "services/leyectl/status_text.h"

namespace leye::ctl {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// The field of a request or response that holds the resource.
const FieldDescriptor* ResourceField(const Descriptor* type, const ResourceKind& kind) {
  for (int i = 0; i < type->field_count(); ++i) {
    if (type->field(i)->message_type() == kind.message()) return type->field(i);
  }
  return nullptr;
}

Message* MutableResource(Message* message, const ResourceKind& kind) {
  return message->GetReflection()->MutableMessage(message,
                                                  ResourceField(message->GetDescriptor(), kind));
}

// A refusal of one item, in the form of the streams' receipts.
std::vector<v1::ImportProblem> Problems(const grpc::Status& status) {
  std::vector<v1::ImportProblem> problems;
  const ErrorDetails details = DetailsOf(status);
  const std::string reason =
      details.reason.empty() ? CodeName(status.error_code()) : details.reason;
  for (const FieldViolation& violation : details.violations) {
    v1::ImportProblem& problem = problems.emplace_back();
    problem.set_field(violation.field);
    problem.set_reason(reason);
    problem.set_description(violation.description);
  }
  if (problems.empty()) {
    v1::ImportProblem& problem = problems.emplace_back();
    problem.set_reason(reason);
    problem.set_description(status.error_message());
    problem.set_description_zh(details.message_zh);
  }
  return problems;
}

// Whether the fault is the item's own, so that the next one may be tried.
bool IsItemsFault(const grpc::Status& status) {
  const ExitCode code = ExitCodeOf(status);
  return code == ExitCode::kInvalid || code == ExitCode::kConflict || code == ExitCode::kNotFound;
}

struct Outcome {
  grpc::Status status;
  v1::ImportOutcome outcome = v1::IMPORT_OUTCOME_REJECTED;
  std::string revision{};  // That holds the change.
};

enum class Mode { kWrite, kValidateOnly };

// Puts one resource after another. Thread-compatible.
class ResourceWriter {
 public:
  ResourceWriter(Session& session, const ResourceKind& kind, Mode mode)
      : session_(session), kind_(kind), mode_(mode) {}

  Outcome Put(const Message& item) {
    std::string revision;
    const grpc::Status created = Create(item, revision);
    if (created.ok()) return {created, v1::IMPORT_OUTCOME_CREATED, revision};
    if (created.error_code() != grpc::StatusCode::ALREADY_EXISTS) return {created};
    const std::unique_ptr<Message> stored = NewMessage(kind_.message());
    const grpc::Status found = Find(item, stored.get());
    if (!found.ok()) return {found};
    return Change(item, *stored);
  }

 private:
  grpc::Status Create(const Message& item, std::string& revision) {
    const MethodDescriptor* method = FindMethod(kind_, "Create");
    const auto request = NewMessage(method->input_type());
    SetString(request.get(), "parent", RegionName(session_.settings.region));
    const std::string id = ResourceField(method->input_type(), kind_)->name() + "_id";
    SetString(request.get(), id, IdOf(GetString(item, "name")));
    SetBool(request.get(), "validate_only", mode_ == Mode::kValidateOnly);
    MutableResource(request.get(), kind_)->CopyFrom(item);
    const auto response = NewMessage(method->output_type());
    const grpc::Status status = session_.Call(*method, *request, response.get());
    revision = GetString(*response, "revision");
    return status;
  }

  // The stored resource that the item speaks of: by name, or by external id where it gives no name.
  grpc::Status Find(const Message& item, Message* stored) {
    const std::string name = GetString(item, "name");
    return name.empty() ? FindByExternalId(item, stored) : FindByName(name, stored);
  }

  grpc::Status FindByName(const std::string& name, Message* stored) {
    const MethodDescriptor* method = FindMethod(kind_, "Get");
    const auto request = NewMessage(method->input_type());
    SetString(request.get(), "name", FullName(name, kind_.collection, session_.settings.region));
    const auto response = NewMessage(method->output_type());
    const grpc::Status status = session_.Call(*method, *request, response.get());
    if (status.ok()) stored->CopyFrom(*MutableResource(response.get(), kind_));
    return status;
  }

  grpc::Status FindByExternalId(const Message& item, Message* stored) {
    const FieldStyle style{.region = session_.settings.region};
    const MethodDescriptor* method = FindMethod(kind_, "List");
    const auto request = NewMessage(method->input_type());
    SetString(request.get(), "parent", RegionName(session_.settings.region));
    SetString(
        request.get(), "filter",
        absl::StrCat("external_id.source = \"", FieldText(item, "external_id.source", style),
                     "\" AND external_id.id = \"", FieldText(item, "external_id.id", style), "\""));
    const auto response = NewMessage(method->output_type());
    const grpc::Status status = session_.Call(*method, *request, response.get());
    if (!status.ok()) return status;
    const FieldDescriptor* items = ResourceField(method->output_type(), kind_);
    if (response->GetReflection()->FieldSize(*response, items) != 1) {
      return {grpc::StatusCode::NOT_FOUND, "exists, but not under this external id"};
    }
    stored->CopyFrom(response->GetReflection()->GetRepeatedMessage(*response, items, 0));
    return grpc::Status::OK;
  }

  Outcome Change(const Message& item, const Message& stored) {
    const MethodDescriptor* method = FindMethod(kind_, "Update");
    const auto request = NewMessage(method->input_type());
    const google::protobuf::FieldMask mask = Differences(stored, item);
    if (mask.paths().empty()) return {grpc::Status::OK, v1::IMPORT_OUTCOME_UNCHANGED};
    Message* resource = MutableResource(request.get(), kind_);
    resource->CopyFrom(item);
    SetString(resource, "name", GetString(stored, "name"));
    // The etag of what was read goes along: nobody's later change is overwritten.
    SetString(resource, "etag", GetString(stored, "etag"));
    MutableSub(request.get(), "update_mask")->CopyFrom(mask);

    SetBool(request.get(), "validate_only", true);
    const auto preview = NewMessage(method->output_type());
    const grpc::Status checked = session_.Call(*method, *request, preview.get());
    if (!checked.ok()) return {checked};
    if (Differences(stored, *MutableResource(preview.get(), kind_)).paths().empty()) {
      return {grpc::Status::OK, v1::IMPORT_OUTCOME_UNCHANGED};
    }
    if (mode_ == Mode::kValidateOnly) return {checked, v1::IMPORT_OUTCOME_UPDATED};

    SetBool(request.get(), "validate_only", false);
    const auto response = NewMessage(method->output_type());
    const grpc::Status updated = session_.Call(*method, *request, response.get());
    return {updated, v1::IMPORT_OUTCOME_UPDATED, GetString(*response, "revision")};
  }

  Session& session_;
  const ResourceKind& kind_;
  const Mode mode_;
};

}  // namespace

ExitCode ImportByCalls(Session& session, const ResourceKind& kind, ItemSource& source,
                       const ImportOptions& options, ImportReport& report) {
  report.Begin(kind.word);
  ResourceWriter writer(session, kind, options.validate_only ? Mode::kValidateOnly : Mode::kWrite);
  const std::unique_ptr<Message> record = NewMessage(kind.message());
  ExitCode code = ExitCode::kOk;
  for (SourceItem item; code == ExitCode::kOk && source.Next(record.get(), item);) {
    if (!item.problems.empty()) {
      report.Rejected(item.place, source.Rejected(item, item.problems));
      continue;
    }
    const Outcome outcome = writer.Put(*record);
    if (outcome.status.ok()) {
      report.Done(outcome.outcome, outcome.revision);
    } else if (IsItemsFault(outcome.status)) {
      report.Rejected(item.place, source.Rejected(item, Problems(outcome.status)));
    } else {
      code = session.Fail(outcome.status);
    }
  }
  if (code == ExitCode::kOk && !source.status().ok()) {
    code = session.Fail(ExitCode::kFile, source.status().message());
  }
  report.End();
  return code;
}

}  // namespace leye::ctl
