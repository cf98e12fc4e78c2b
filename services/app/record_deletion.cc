// RecordService::Delete, and how a record that others refer to is deleted (references.h).
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/app/mutator.h"
#include "services/app/names.h"
#include "services/app/record_service.h"
#include "services/app/references.h"
#include "services/app/scan.h"
#include "services/base/status.h"

namespace leye::app {

using google::protobuf::Message;
using store::Mutation;
using store::Precondition;
using store::Region;

namespace {

// How many records of the dependents' kind refer to `name`.
absl::StatusOr<int> CountDependents(store::Store& store, Region region,
                                    const Dependents& dependents, const std::string& name) {
  const auto* field = dependents.prototype->GetDescriptor()->FindFieldByName(dependents.field);
  const std::unique_ptr<Message> message(dependents.prototype->New());
  std::string scratch;
  int count = 0;
  const auto visit = [&](const std::vector<store::Record>& records) {
    for (const store::Record& record : records) {
      if (!message->ParseFromString(record.envelope.open())) continue;
      if (message->GetReflection()->GetStringReference(*message, field, &scratch) == name) ++count;
    }
    return absl::OkStatus();
  };
  LEYE_RETURN_IF_ERROR(ForEachPage(store, region, dependents.kind, visit));
  return count;
}

absl::Status HasDependents(const std::string& name, const Dependents& dependents, int count) {
  return WithMessageZh(
      Error(absl::StatusCode::kFailedPrecondition, "HAS_DEPENDENTS",
            absl::StrCat(count, " ", dependents.noun, " refer to ", name, ": move them first"),
            {{"name", name}, {"count", absl::StrCat(count)}}),
      absl::StrCat("仍有 ", count, " 个", dependents.noun_zh, "属于该记录，请先迁出：", name));
}

// Says to everybody that `record` is about to go; the version of the marker.
absl::StatusOr<uint64_t> WriteMarker(store::Store& store, Region region,
                                     const store::Record& record) {
  const store::RecordKey marker = DeletionMarkerOf(record.name);
  std::vector<Mutation> mutations;
  mutations.push_back(
      Mutation::Put(marker.kind, marker.name, store::Envelope(), Precondition::Any()));
  mutations.push_back(
      Mutation::Check(record.kind, record.name, Precondition::AtVersion(record.version)));
  LEYE_ASSIGN_OR_RETURN(const store::CommitResult result,
                        store.Commit({.region = region, .mutations = std::move(mutations)}));
  return result.written.front().version;
}

// Best effort: a marker that stays costs the next who refers to the record one mutation.
void RemoveMarker(store::Store& store, Region region, const std::string& name, uint64_t version) {
  const store::RecordKey marker = DeletionMarkerOf(name);
  std::vector<Mutation> mutations;
  mutations.push_back(Mutation::Delete(marker.kind, marker.name, Precondition::AtVersion(version)));
  const auto ignored = store.Commit({.region = region, .mutations = std::move(mutations)});
  static_cast<void>(ignored);
}

}  // namespace

absl::StatusOr<Attempt> RecordService::PrepareDeletion(const EditTarget& target,
                                                       const Mutator& mutator,
                                                       bool validate_only) const {
  store::Store& store = dependencies_.store;
  access::Reach reach = ReachOf(mutator.context(), dependencies_, target.region);
  const absl::StatusOr<store::Record> record = Find(reach, target.name);
  LEYE_RETURN_IF_ERROR(record);
  LEYE_RETURN_IF_ERROR(mutator.CheckEtag(target.etag, *record));
  LEYE_ASSIGN_OR_RETURN(const std::unique_ptr<Message> resource, codec_.DecodeOpen(*record));
  Attempt attempt;
  attempt.mutations.push_back(
      Mutation::Delete(kind().kind, target.name, Precondition::AtVersion(record->version)));
  const std::string derived_id = DerivedIdOf(*resource);
  if (const auto name = ParseName(target.name, kind().collection);
      !derived_id.empty() && name->id != derived_id) {
    attempt.mutations.push_back(Mutation::Delete(
        store::Kind::kAlias, FormatName(target.region, kind().collection, derived_id),
        Precondition::Exists()));
  }
  LEYE_RETURN_IF_ERROR(rules_->Release(store, target.region, target.name, attempt.mutations));
  const auto settlement = rules_->NewSettlement(store, target.region, dependencies_.clock);
  if (settlement != nullptr) {
    LEYE_RETURN_IF_ERROR(settlement->Remove(target.name, *resource));
    settlement->Append(attempt.mutations);
  }
  const std::optional<Dependents> dependents = rules_->dependents();
  if (!dependents.has_value()) return attempt;
  std::optional<uint64_t> marker;
  if (!validate_only) {
    LEYE_ASSIGN_OR_RETURN(marker, WriteMarker(store, target.region, *record));
  }
  LEYE_ASSIGN_OR_RETURN(const int count,
                        CountDependents(store, target.region, *dependents, target.name));
  if (count > 0) {
    if (marker.has_value()) RemoveMarker(store, target.region, target.name, *marker);
    return HasDependents(target.name, *dependents, count);
  }
  if (marker.has_value()) {
    const store::RecordKey key = DeletionMarkerOf(target.name);
    attempt.mutations.push_back(
        Mutation::Delete(key.kind, key.name, Precondition::AtVersion(*marker)));
  }
  return attempt;
}

absl::Status RecordService::Delete(const Message& request, const CallContext& context,
                                   Message& response) const {
  const RequestView view(request);
  const std::string name_text = view.Text("name");
  const std::optional<ResourceName> name = ParseName(name_text, kind().collection);
  Violations violations;
  if (!name.has_value()) violations.Add(BadName("name", kind().collection));
  const Region region = name.has_value() ? name->region : Region::FromNumber(0);
  const Mutator mutator(*this, request, context, region);
  mutator.CheckRequest(violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  const EditTarget target{
      .name = name_text, .region = region, .etag = view.Text("etag"), .path = ""};
  return mutator.Run([&] { return PrepareDeletion(target, mutator, view.Flag("validate_only")); },
                     response);
}

}  // namespace leye::app
