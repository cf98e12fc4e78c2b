#include "services/app/mutator.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "services/app/digest.h"
#include "services/base/status.h"

namespace leye::app {

using google::protobuf::Message;
using store::Mutation;
using store::Precondition;

namespace {

constexpr int kMaxAttempts = 20;
constexpr size_t kMaxRequestId = 64;

}  // namespace

bool IsConflict(const absl::Status& status) {
  return absl::IsAborted(status) || absl::IsNotFound(status) || absl::IsAlreadyExists(status);
}

absl::Status Contended() {
  return WithMessageZh(Error(absl::StatusCode::kAborted, "CONTENDED",
                             "too many others are changing the same record; try again"),
                       "同时修改该记录的请求过多，请重试");
}

Mutator::Mutator(const RecordService& service, const Message& request, const CallContext& context,
                 store::Region region)
    : service_(service),
      request_(request),
      context_(context),
      region_(region),
      request_id_(request_.Text("request_id")) {}

void Mutator::CheckRequest(Violations& violations) const {
  const bool printable = std::all_of(request_id_.begin(), request_id_.end(),
                                     [](char c) { return absl::ascii_isprint(c); });
  if (printable && request_id_.size() <= kMaxRequestId) return;
  violations.Add({"request_id", "INVALID_FORMAT", "must be at most 64 printable ASCII characters",
                  "最多 64 个可打印 ASCII 字符"});
}

// Over everything but the personal fields: a digest of few possible values can be undone. With the
// caller, who alone may be given the first answer again.
std::string Mutator::Fingerprint() const {
  const Message& request = request_.message();
  const std::unique_ptr<Message> copy(request.New());
  copy->CopyFrom(request);
  const auto* field = request_.ResourceField(*service_.kind().prototype->GetDescriptor());
  const bool one = field != nullptr && !field->is_repeated();
  if (one && copy->GetReflection()->HasField(*copy, field)) {
    service_.codec().personal_data().Redact(
        *copy->GetReflection()->MutableMessage(copy.get(), field));
  }
  return Sha256(absl::StrCat(context_.principal.id, "\n", request.GetDescriptor()->full_name(),
                             "\n", copy->SerializeAsString()));
}

absl::Status Mutator::Run(absl::FunctionRef<absl::StatusOr<Attempt>()> prepare,
                          Message& response) const {
  store::Store& store = service_.dependencies().store;
  const bool validate_only = this->validate_only();
  const std::string fingerprint = request_id_.empty() ? "" : Fingerprint();
  const bool may_be_known =
      !request_id_.empty() && request_id_.size() <= kMaxRequestId && !validate_only;
  const auto find_earlier = [&]() -> absl::StatusOr<std::optional<store::CommitResult>> {
    if (!may_be_known) return std::nullopt;
    return store.FindRequest(region_, request_id_, fingerprint);
  };
  LEYE_ASSIGN_OR_RETURN(const auto earlier, find_earlier());
  if (earlier.has_value()) return Answer(*earlier, response);
  for (int i = 0; i < kMaxAttempts; ++i) {
    LEYE_RETURN_IF_ERROR(CheckAlive(context_, service_.dependencies().clock));
    absl::StatusOr<Attempt> attempt = prepare();
    if (!attempt.ok()) {
      // Perhaps because the same request, sent before, has been carried out meanwhile.
      LEYE_ASSIGN_OR_RETURN(const auto meanwhile, find_earlier());
      return meanwhile.has_value() ? Answer(*meanwhile, response) : attempt.status();
    }
    if (validate_only) {
      for (auto& answer : attempt->answers) GiveResource(response, std::move(answer));
      return absl::OkStatus();
    }
    absl::StatusOr<store::CommitResult> result =
        store.Commit({.region = region_,
                      .mutations = std::move(attempt->mutations),
                      .request_id = request_id_,
                      .fingerprint = fingerprint});
    if (result.ok()) return Answer(*result, response);
    if (!IsConflict(result.status())) return result.status();
  }
  return Contended();
}

absl::Status Mutator::Answer(const store::CommitResult& result, Message& response) const {
  SetText(response, "revision", store::FormatToken({region_, result.revision}));
  if (request_.message().GetDescriptor()->name().rfind("Delete", 0) == 0) return absl::OkStatus();
  for (const store::Record& record : result.written) {
    if (record.kind != service_.kind().kind) continue;
    LEYE_ASSIGN_OR_RETURN(std::unique_ptr<Message> resource, service_.codec().Decode(record));
    if (!context_.principal.view.personal_data) {
      service_.codec().personal_data().Redact(*resource);
    }
    GiveResource(response, std::move(resource));
  }
  return absl::OkStatus();
}

absl::StatusOr<Mutation> Mutator::Put(const std::string& name, Message& resource,
                                      const store::Record* existing) const {
  store::Envelope envelope;
  LEYE_RETURN_IF_ERROR(service_.codec().Encode(name, resource, envelope));
  StampTimes(service_.dependencies().clock.Now(),
             existing == nullptr ? nullptr : &existing->envelope, envelope);
  const Precondition precondition =
      existing == nullptr ? Precondition::Absent() : Precondition::AtVersion(existing->version);
  return Mutation::Put(service_.kind().kind, name, std::move(envelope), precondition);
}

std::unique_ptr<Message> Mutator::Preview(const std::string& name, const Message& resource) const {
  std::unique_ptr<Message> preview(resource.New());
  preview->CopyFrom(resource);
  SetText(*preview, "name", name);
  if (!context_.principal.view.personal_data) service_.codec().personal_data().Redact(*preview);
  return preview;
}

absl::Status Mutator::CheckEtag(const std::string& etag, const store::Record& record) const {
  if (etag.empty() || etag == EtagOf(record)) return absl::OkStatus();
  return WithMessageZh(
      Error(absl::StatusCode::kAborted, "ETAG_MISMATCH",
            absl::StrCat(record.name, " has changed since it was read: read it again"),
            {{"name", record.name}}),
      absl::StrCat("记录已被修改，请重新读取：", record.name));
}

}  // namespace leye::app
