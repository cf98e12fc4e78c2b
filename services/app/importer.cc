#include "services/app/importer.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/app/mutator.h"
#include "services/app/names.h"
#include "services/base/status.h"

namespace leye::app {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using store::Kind;
using store::Mutation;
using store::Precondition;
using store::Record;

namespace {

constexpr size_t kBatchItems = 512;
constexpr size_t kBatchBytes = 4 << 20;
constexpr size_t kMaxItemsOfMessage = 1'000;
constexpr int kMaxAttempts = 20;

absl::Status StreamError(absl::string_view field, absl::string_view reason, absl::string_view en,
                         absl::string_view zh) {
  Violations violations;
  violations.Add({std::string(field), std::string(reason), std::string(en), std::string(zh)});
  return violations.ToStatus();
}

const FieldDescriptor* ExternalIdField(const Message& message) {
  return message.GetDescriptor()->FindFieldByName("external_id");
}

}  // namespace

Importer::Importer(const RecordService& service, const CallContext& context)
    : service_(service),
      context_(context),
      path_(store::KindName(service.kind().kind)),
      references_(*service.kind().prototype->GetDescriptor()) {}

absl::Status Importer::Begin(const std::string& parent, bool validate_only, size_t items,
                             size_t bytes) {
  if (!region_.has_value()) {
    region_ = ParseParent(parent);
    if (!region_.has_value()) {
      return StreamError("parent", "INVALID_NAME", "must be regions/{region} in the first message",
                         "首条消息须填写 regions/{region}");
    }
    parent_ = parent;
    validate_only_ = validate_only;
    reach_.emplace(NewReach());
    if (reach_->nothing()) return access::OutOfScope("parent", "该地区");
  } else if (!parent.empty() && parent != parent_) {
    return StreamError("parent", "CONTRADICTION", "must not change within a stream",
                       "同一导入流中不得更改");
  } else if (validate_only && !validate_only_) {
    return StreamError("validate_only", "CONTRADICTION", "must be set in the first message",
                       "须在首条消息中设置");
  }
  if (items == 0 || items > kMaxItemsOfMessage) {
    return StreamError(absl::StrCat(path_, "s"), "OUT_OF_RANGE", "must be 1 to 1000 items",
                       "每条消息须有 1 至 1000 项");
  }
  bytes_ += bytes;
  return absl::OkStatus();
}

bool Importer::full() const { return items_.size() >= kBatchItems || bytes_ >= kBatchBytes; }

void Importer::Reject(Item& item, Violation violation) {
  item.outcome = v1::IMPORT_OUTCOME_REJECTED;
  item.found.push_back(std::move(violation));
}

// Says of the record that has the id no more than that it is another's.
void Importer::RejectForeign(Item& item, const std::string& path) {
  item.target = item.name;
  Reject(item, {absl::StrCat(path, item.name.empty() ? ".external_id" : ".name"), "TAKEN",
                "must not be that of a record beyond what you may touch",
                "不得使用管辖范围之外记录的编号"});
}

access::Reach Importer::NewReach() const {
  return ReachOf(context_, service_.dependencies(), *region_);
}

// Everything about the item that does not depend on the store.
void Importer::Examine(Item& item) {
  Message& message = *item.message;
  const RequestView view(message);
  item.etag = view.Text("etag");
  item.name = view.Text("name");
  service_.codec().ClearServerFields(message);
  service_.rules().Normalise(message);
  if (service_.CheckResource(message, *region_, path_, item.problems)) {
    message.DiscardUnknownFields();
  }
  const std::string& collection = service_.kind().collection;
  if (const std::string id = DerivedIdOf(message); !id.empty()) {
    item.derived = FormatName(*region_, collection, id);
  }
  if (!reach_->AllowsContent(message)) {
    item.problems.Add(
        {path_, "OUT_OF_SCOPE", "must lie within what you may touch", "须在您的管辖范围之内"});
  }
  if (item.name.empty() && item.derived.empty()) {
    item.problems.Add({absl::StrCat(path_, ".external_id"), "REQUIRED",
                       "external_id or name must be given", "须填写 external_id 或 name"});
    return;
  }
  if (item.name.empty()) return;
  const std::optional<ResourceName> name = ParseName(item.name, collection);
  if (!name.has_value() || name->region != *region_) {
    item.problems.Add(BadName(absl::StrCat(path_, ".name"), collection));
  }
}

// An item with an external id alone is looked for under the one name that leads to: its alias is
// read only when a commit has found that there is one.
std::vector<store::RecordKey> Importer::KeysToRead() {
  std::vector<store::RecordKey> keys;
  for (Item& item : items_) {
    item.first_key = keys.size();
    if (!item.problems.empty()) continue;
    const bool named = !item.name.empty() && item.name != item.derived;
    if (!item.derived.empty()) {
      keys.push_back({service_.kind().kind, item.derived});
      if (named || read_aliases_) keys.push_back({Kind::kAlias, item.derived});
    }
    if (named) keys.push_back({service_.kind().kind, item.name});
  }
  return keys;
}

const Record* Importer::Resolve(Item& item, const Found& found) const {
  const bool named = !item.name.empty() && item.name != item.derived;
  size_t next = item.first_key;
  if (!item.derived.empty()) {
    const std::optional<Record>& derived = found[next++];
    item.target = item.derived;
    if (derived.has_value()) return &*derived;
    if ((named || read_aliases_) && found[next++].has_value()) {
      item.target = found[next - 1]->envelope.open();
      if (!named || item.target != item.name) return nullptr;  // Read by DecideItem.
    }
  }
  if (!named) return nullptr;
  item.target = item.name;
  return found[next].has_value() ? &*found[next] : nullptr;
}

void Importer::ResolveWithinBatch(Item& item) const {
  if (item.derived.empty()) return;
  if (const auto alias = aliased_.find(item.derived); alias != aliased_.end()) {
    item.target = alias->second;
  } else if (written_.contains(item.derived)) {
    item.target = item.derived;
  }
}

absl::Status Importer::DecideItem(Item& item, const Found& found) {
  item.found = item.problems.all();
  item.outcome = item.found.empty() ? v1::IMPORT_OUTCOME_UNSPECIFIED : v1::IMPORT_OUTCOME_REJECTED;
  item.target = item.name;
  Violations missing;
  references_.CheckFound(*item.message, path_, missing);
  for (const Violation& violation : missing.all()) Reject(item, violation);
  if (item.outcome == v1::IMPORT_OUTCOME_REJECTED) return absl::OkStatus();

  const Record* record = Resolve(item, found);
  absl::StatusOr<Record> behind_alias = absl::NotFoundError("");
  if (record == nullptr && item.target != item.derived && item.target != item.name) {
    behind_alias = service_.dependencies().store.Get(*region_, {service_.kind().kind, item.target});
    if (behind_alias.ok()) record = &*behind_alias;
  }
  if (record != nullptr) {
    LEYE_ASSIGN_OR_RETURN(const bool covered, reach_->Covers(*record));
    if (!covered) {
      RejectForeign(item, path_);
      return absl::OkStatus();
    }
  }
  ResolveWithinBatch(item);
  if (!item.name.empty() && item.target != item.name) {
    Reject(item, {absl::StrCat(path_, ".name"), "CONTRADICTION",
                  absl::StrCat("the external id belongs to ", item.target),
                  absl::StrCat("外部编号属于 ", item.target)});
    return absl::OkStatus();
  }
  if (const auto pending = written_.find(item.target); pending != written_.end()) {
    return DecideAgain(item, pending->second);
  }
  return record == nullptr ? DecideNew(item) : DecideExisting(item, *record);
}

absl::Status Importer::DecideNew(Item& item) {
  if (!item.etag.empty()) {
    Reject(item, {absl::StrCat(path_, ".etag"), "ETAG_MISMATCH", "there is no such record",
                  "记录不存在"});
    return absl::OkStatus();
  }
  const std::optional<ResourceName> name = ParseName(item.target, service_.kind().collection);
  if (item.target != item.derived && IsDerivedId(name->id)) {
    Reject(item, {absl::StrCat(path_, ".name"), "INVALID_ID",
                  "must not contain --, which is kept for imported ids",
                  "不得包含 --（保留给外部编号）"});
    return absl::OkStatus();
  }
  // An earlier attempt may have taken over what another record had.
  service_.codec().ClearServerFields(*item.message);
  service_.rules().Initialise(*item.message);
  LEYE_RETURN_IF_ERROR(Settle(item, nullptr));
  store::Envelope envelope;
  LEYE_RETURN_IF_ERROR(service_.codec().Encode(item.target, *item.message, envelope));
  item.outcome = v1::IMPORT_OUTCOME_CREATED;
  written_[item.target] = {mutations_.size(), item.outcome};
  AddCreation(item, Stamped(std::move(envelope), nullptr));
  references_.Protect(*item.message, mutations_);
  return absl::OkStatus();
}

void Importer::AddCreation(const Item& item, store::Envelope envelope) {
  const Kind kind = service_.kind().kind;
  mutations_.push_back(
      Mutation::Put(kind, item.target, std::move(envelope), Precondition::Absent()));
  if (item.derived.empty()) return;
  if (item.target == item.derived) {
    mutations_.push_back(Mutation::Check(Kind::kAlias, item.derived, Precondition::Absent()));
    return;
  }
  aliased_[item.derived] = item.target;
  store::Envelope alias;
  alias.set_open(item.target);
  mutations_.push_back(
      Mutation::Put(Kind::kAlias, item.derived, std::move(alias), Precondition::Absent()));
  mutations_.push_back(Mutation::Check(kind, item.derived, Precondition::Absent()));
}

// An external id is fixed at creation: taken over where the item has none, refused where it has
// another.
bool Importer::KeepFixedFields(Item& item, const Message& current) const {
  service_.codec().KeepServerFields(current, *item.message);
  const std::string current_id = DerivedIdOf(current);
  const std::string given_id = DerivedIdOf(*item.message);
  if (given_id == current_id) return true;
  if (!given_id.empty()) {
    Reject(item, {absl::StrCat(path_, ".external_id"), "IMMUTABLE",
                  "cannot be changed once the record exists", "记录创建后不得更改"});
    return false;
  }
  const FieldDescriptor* field = ExternalIdField(current);
  item.message->GetReflection()
      ->MutableMessage(item.message, field)
      ->CopyFrom(current.GetReflection()->GetMessage(current, field));
  return true;
}

absl::Status Importer::DecideExisting(Item& item, const Record& record) {
  if (!item.etag.empty() && item.etag != EtagOf(record)) {
    Reject(item, {absl::StrCat(path_, ".etag"), "ETAG_MISMATCH",
                  "the record has changed since it was read", "记录已被修改"});
    return absl::OkStatus();
  }
  LEYE_ASSIGN_OR_RETURN(const std::unique_ptr<Message> current,
                        service_.codec().DecodeOpen(record));
  if (!KeepFixedFields(item, *current)) return absl::OkStatus();
  LEYE_RETURN_IF_ERROR(Settle(item, current.get()));
  store::Envelope envelope;
  LEYE_RETURN_IF_ERROR(service_.codec().Encode(item.target, *item.message, envelope));
  LEYE_ASSIGN_OR_RETURN(const bool same, service_.codec().SameContent(record, envelope));
  item.outcome = same ? v1::IMPORT_OUTCOME_UNCHANGED : v1::IMPORT_OUTCOME_UPDATED;
  if (same) return absl::OkStatus();
  written_[item.target] = {mutations_.size(), item.outcome};
  mutations_.push_back(Mutation::Put(service_.kind().kind, item.target,
                                     Stamped(std::move(envelope), &record.envelope),
                                     Precondition::AtVersion(record.version)));
  references_.Protect(*item.message, mutations_);
  return absl::OkStatus();
}

// The batch holds the record already: this item changes what the earlier one would write.
absl::Status Importer::DecideAgain(Item& item, const Pending& pending) {
  Mutation& mutation = mutations_[pending.mutation];
  Record earlier{.kind = service_.kind().kind, .name = item.target, .envelope = mutation.envelope};
  if (!item.etag.empty()) {
    Reject(item,
           {absl::StrCat(path_, ".etag"), "ETAG_MISMATCH",
            "an earlier item of the import changes the record", "同批较早的一项已修改该记录"});
    return absl::OkStatus();
  }
  LEYE_ASSIGN_OR_RETURN(const std::unique_ptr<Message> current,
                        service_.codec().DecodeOpen(earlier));
  if (!KeepFixedFields(item, *current)) return absl::OkStatus();
  LEYE_RETURN_IF_ERROR(Settle(item, current.get()));
  store::Envelope envelope;
  LEYE_RETURN_IF_ERROR(service_.codec().Encode(item.target, *item.message, envelope));
  LEYE_ASSIGN_OR_RETURN(const bool same, service_.codec().SameContent(earlier, envelope));
  item.outcome = same ? v1::IMPORT_OUTCOME_UNCHANGED : v1::IMPORT_OUTCOME_UPDATED;
  if (same) return absl::OkStatus();
  mutation.envelope = Stamped(std::move(envelope), &earlier.envelope);
  references_.Protect(*item.message, mutations_);
  return absl::OkStatus();
}

store::Envelope Importer::Stamped(store::Envelope envelope, const store::Envelope* existing) const {
  StampTimes(now_, existing, envelope);
  return envelope;
}

absl::Status Importer::PrepareSettlement() {
  const Dependencies& with = service_.dependencies();
  settlement_ = service_.rules().NewSettlement(with.store, *region_, with.clock);
  if (settlement_ == nullptr) return absl::OkStatus();
  std::vector<const Message*> sound;
  for (const Item& item : items_) {
    if (item.problems.empty()) sound.push_back(item.message);
  }
  return settlement_->Read(sound);
}

absl::Status Importer::Settle(Item& item, const Message* before) {
  if (settlement_ == nullptr) return absl::OkStatus();
  return settlement_->Settle(item.target, before, *item.message);
}

absl::Status Importer::Decide(const Found& found) {
  mutations_.clear();
  written_.clear();
  aliased_.clear();
  for (Item& item : items_) LEYE_RETURN_IF_ERROR(DecideItem(item, found));
  return absl::OkStatus();
}

absl::Status Importer::Write(Receipts& receipts) {
  const Dependencies& with = service_.dependencies();
  for (Item& item : items_) Examine(item);
  for (int attempt = 0; attempt < kMaxAttempts && !items_.empty(); ++attempt) {
    LEYE_RETURN_IF_ERROR(CheckAlive(context_, with.clock));
    read_aliases_ = attempt > 0;
    now_ = with.clock.Now();
    references_.Forget();
    for (const Item& item : items_) references_.Want(*item.message, *region_);
    reach_.emplace(NewReach());
    LEYE_RETURN_IF_ERROR(references_.Read(with.store, *reach_));
    LEYE_ASSIGN_OR_RETURN(const Found found, with.store.BatchGet(*region_, KeysToRead()));
    LEYE_RETURN_IF_ERROR(PrepareSettlement());
    LEYE_RETURN_IF_ERROR(Decide(found));
    if (validate_only_ || mutations_.empty()) {
      GiveReceipts("", receipts);
      return absl::OkStatus();
    }
    if (settlement_ != nullptr) settlement_->Append(mutations_);
    const auto result = with.store.Commit({.region = *region_, .mutations = std::move(mutations_)});
    if (result.ok()) {
      GiveReceipts(store::FormatToken({*region_, result->revision}), receipts);
      return absl::OkStatus();
    }
    if (!IsConflict(result.status())) return result.status();
  }
  return items_.empty() ? absl::OkStatus() : Contended();
}

void Importer::GiveReceipts(const std::string& revision, Receipts& receipts) {
  receipts.Reserve(static_cast<int>(items_.size()));
  for (Item& item : items_) {
    v1::ImportReceipt& receipt = *receipts.Add();
    receipt.set_index(next_index_++);
    receipt.set_outcome(item.outcome);
    receipt.set_name(std::move(item.target));
    for (Violation& violation : item.found) {
      v1::ImportProblem& problem = *receipt.add_problems();
      problem.set_field(std::move(violation.field));
      problem.set_reason(std::move(violation.reason));
      problem.set_description(std::move(violation.description));
      problem.set_description_zh(std::move(violation.description_zh));
    }
    const bool taken = item.outcome != v1::IMPORT_OUTCOME_REJECTED;
    if (taken) service_.rules().AddToReceipt(*item.message, receipt);
    const bool written =
        item.outcome == v1::IMPORT_OUTCOME_CREATED || item.outcome == v1::IMPORT_OUTCOME_UPDATED;
    if (written) receipt.set_revision(revision);
  }
  items_.clear();
  bytes_ = 0;
}

}  // namespace leye::app
