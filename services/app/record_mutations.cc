// RecordService's mutations; its reads are in record_service.cc.
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "leye/v1/options.pb.h"
#include "services/app/mutator.h"
#include "services/app/names.h"
#include "services/app/record_service.h"
#include "services/app/references.h"
#include "services/app/update_mask.h"
#include "services/base/random.h"
#include "services/base/status.h"

namespace leye::app {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using store::Kind;
using store::Mutation;
using store::Precondition;
using store::Region;

namespace {

// A creation whose name is settled: what it must find absent, and what it adds.
struct NewRecord {
  store::RecordKey record;
  std::optional<store::RecordKey> alias = {};  // Stands for the external id.
  std::optional<store::RecordKey> derived =
      {};  // The record an import of that id would make, if other.
};

NewRecord PlanNames(const RecordKind& kind, Region region, const std::string& id,
                    const std::string& derived_id) {
  NewRecord made{.record = {kind.kind, FormatName(region, kind.collection, id)}};
  if (derived_id.empty()) return made;
  const std::string derived = FormatName(region, kind.collection, derived_id);
  made.alias = {Kind::kAlias, derived};
  if (derived_id != id) made.derived = {kind.kind, derived};
  return made;
}

absl::Status CheckAbsent(const NewRecord& made, store::Store& store, Region region) {
  std::vector<store::RecordKey> keys = {made.record};
  if (made.alias.has_value()) keys.push_back(*made.alias);
  if (made.derived.has_value()) keys.push_back(*made.derived);
  LEYE_ASSIGN_OR_RETURN(const auto found, store.BatchGet(region, keys));
  if (found[0].has_value()) return Taken("name", "名称", made.record.name);
  if (found.size() > 1 && found[1].has_value()) {
    return Taken("external id", "外部编号", found[1]->envelope.open());
  }
  if (found.size() > 2 && found[2].has_value()) {
    return Taken("external id", "外部编号", found[2]->name);
  }
  return absl::OkStatus();
}

// The record under its own id needs no alias, one under a chosen id leaves one: so an external id
// is found by one name, and two records with the same one exclude each other (names.h).
void AddAlias(const NewRecord& made, std::vector<Mutation>& mutations) {
  if (!made.alias.has_value()) return;
  if (!made.derived.has_value()) {
    mutations.push_back(Mutation::Check(Kind::kAlias, made.alias->name, Precondition::Absent()));
    return;
  }
  store::Envelope alias;
  alias.set_open(made.record.name);
  mutations.push_back(
      Mutation::Put(Kind::kAlias, made.alias->name, std::move(alias), Precondition::Absent()));
  mutations.push_back(
      Mutation::Check(made.derived->kind, made.derived->name, Precondition::Absent()));
}

// PERMISSION_DENIED (FIELD_NOT_ALLOWED) for fields that an app may not change.
absl::Status CheckChangeable(access::Role role, const Descriptor& type,
                             const google::protobuf::FieldMask& mask) {
  if (role != access::Role::kApp) return absl::OkStatus();
  std::vector<std::string> refused;
  for (const std::string& path : mask.paths()) {
    const auto* field = type.FindFieldByName(path.substr(0, path.find('.')));
    if (field != nullptr && !field->options().GetExtension(v1::by_person)) refused.push_back(path);
  }
  if (refused.empty()) return absl::OkStatus();
  const std::string paths = absl::StrJoin(refused, ", ");
  return WithMessageZh(
      Error(absl::StatusCode::kPermissionDenied, "FIELD_NOT_ALLOWED",
            absl::StrCat("only the bureau may change: ", paths), {{"fields", paths}}),
      absl::StrCat("以下内容只能由经办机构修改：", paths));
}

std::unique_ptr<Message> Copy(const Message& message) {
  std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  return copy;
}

}  // namespace

struct RecordService::EditAttempt {
  access::Reach reach;
  References references;
  std::unique_ptr<Settlement> settlement;  // Null where nothing is to be settled.
  Violations found = {};
  Attempt attempt = {};
};

absl::Status Taken(absl::string_view what, absl::string_view what_zh, const std::string& name) {
  return WithMessageZh(Error(absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS",
                             absl::StrCat("the ", what, " is taken by ", name), {{"name", name}}),
                       absl::StrCat(what_zh, "已被占用：", name));
}

void CheckNewId(const std::string& id, absl::string_view derived, const std::string& field,
                Violations& violations) {
  if (id.empty() || id == derived) return;
  if (!IsValidId(id)) {
    violations.Add(
        {field, "INVALID_ID",
         "must be 1 to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit",
         "须为 1 至 63 个小写字母、数字或 -，首尾不得为 -"});
  } else if (IsDerivedId(id)) {
    violations.Add({field, "INVALID_ID", "must not contain --, which is kept for imported ids",
                    "不得包含 --（保留给外部编号）"});
  }
}

absl::Status RecordService::Create(const Message& request, const CallContext& context,
                                   Message& response) const {
  const Descriptor& type = *kind().prototype->GetDescriptor();
  const RequestView view(request);
  const auto* field = view.ResourceField(type);
  Violations violations;
  const Region region = RegionOfParent(view, violations);
  if (!request.GetReflection()->HasField(request, field)) {
    violations.Add({field->name(), "REQUIRED", "must be given", "必填"});
    return violations.ToStatus();
  }
  const std::unique_ptr<Message> resource = Copy(view.Resource(type));
  codec_.ClearServerFields(*resource);
  resource->DiscardUnknownFields();
  rules_->Normalise(*resource);
  rules_->Initialise(*resource);
  const std::string derived_id = DerivedIdOf(*resource);
  const std::string asked_id = view.Text(absl::StrCat(field->name(), "_id"));
  CheckNewId(asked_id, derived_id, absl::StrCat(field->name(), "_id"), violations);
  CheckResource(*resource, region, field->name(), violations);
  const Mutator mutator(*this, request, context, region);
  mutator.CheckRequest(violations);
  if (!ParseParent(view.Text("parent")).has_value()) return violations.ToStatus();
  access::Reach reach = ReachOf(context, dependencies_, region);
  if (!reach.AllowsContent(*resource)) return access::OutOfScope(field->name(), kind().noun_zh);

  std::string id = asked_id.empty() ? derived_id : asked_id;
  if (id.empty()) id = NewId(dependencies_.random, dependencies_.clock.Now());
  const NewRecord made = PlanNames(kind(), region, id, derived_id);
  const auto prepare = [&]() -> absl::StatusOr<Attempt> {
    References references(type);
    references.Want(*resource, region);
    LEYE_RETURN_IF_ERROR(references.Read(dependencies_.store, reach));
    Violations all = violations;
    references.CheckFound(*resource, field->name(), all);
    LEYE_RETURN_IF_ERROR(all.ToStatus());
    LEYE_RETURN_IF_ERROR(CheckAbsent(made, dependencies_.store, region));
    const auto settlement = rules_->NewSettlement(dependencies_.store, region, dependencies_.clock);
    if (settlement != nullptr) {
      LEYE_RETURN_IF_ERROR(settlement->Settle(made.record.name, nullptr, *resource));
    }
    Attempt attempt;
    attempt.answers.push_back(mutator.Preview(made.record.name, *resource));
    LEYE_ASSIGN_OR_RETURN(Mutation put, mutator.Put(made.record.name, *Copy(*resource), nullptr));
    attempt.mutations.push_back(std::move(put));
    AddAlias(made, attempt.mutations);
    references.Protect(*resource, attempt.mutations);
    if (settlement != nullptr) settlement->Append(attempt.mutations);
    return attempt;
  };
  return mutator.Run(prepare, response);
}

absl::Status RecordService::Update(const Message& request, const CallContext& context,
                                   Message& response) const {
  const Descriptor& type = *kind().prototype->GetDescriptor();
  const RequestView view(request);
  const std::string path = view.ResourceField(type)->name();
  const std::unique_ptr<Message> given = Copy(view.Resource(type));
  given->DiscardUnknownFields();
  const RequestView given_view(*given);
  const std::string name_text = given_view.Text("name");
  Violations violations;
  const std::optional<ResourceName> name = ParseName(name_text, kind().collection);
  if (!name.has_value()) violations.Add(BadName(absl::StrCat(path, ".name"), kind().collection));
  const Region region = name.has_value() ? name->region : Region::FromNumber(0);
  const Mutator mutator(*this, request, context, region);
  mutator.CheckRequest(violations);
  const google::protobuf::FieldMask mask = CheckedMask(view.Mask(), *given, violations);
  if (!name.has_value()) return violations.ToStatus();
  LEYE_RETURN_IF_ERROR(CheckChangeable(context.principal.role, type, mask));
  const auto edit = [&](Message& current, Violations& found) {
    ApplyMask(mask, *given, path, current, found);
    rules_->Normalise(current);
    CheckResource(current, region, path, found);
    return absl::OkStatus();
  };
  return Edit({.name = name_text, .region = region, .etag = given_view.Text("etag"), .path = path},
              mutator, violations, edit, response);
}

absl::Status RecordService::Change(const Message& request, const CallContext& context,
                                   Violations violations, Transition transition,
                                   Message& response) const {
  const RequestView view(request);
  const std::string name_text = view.Text("name");
  const std::optional<ResourceName> name = ParseName(name_text, kind().collection);
  if (!name.has_value()) violations.Add(BadName("name", kind().collection));
  const Region region = name.has_value() ? name->region : Region::FromNumber(0);
  const Mutator mutator(*this, request, context, region);
  mutator.CheckRequest(violations);
  if (!name.has_value()) return violations.ToStatus();
  return Edit(
      {.name = name_text, .region = region, .etag = view.Text("etag"), .path = ""}, mutator,
      violations,
      [&](Message& current, Violations& found) {
        return found.empty() ? transition(current) : absl::OkStatus();
      },
      response);
}

absl::Status RecordService::ChangeMany(const Message& request, const CallContext& context,
                                       Violations violations,
                                       const std::vector<ChangeOfMany>& changes,
                                       Message& response) const {
  const Region region = RegionOfParent(RequestView(request), violations);
  const Mutator mutator(*this, request, context, region);
  mutator.CheckRequest(violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  const auto prepare = [&]() -> absl::StatusOr<Attempt> {
    EditAttempt editing = NewEdit(mutator, region);
    for (const ChangeOfMany& change : changes) {
      const auto edit = [&](Message& current, Violations&) { return change.transition(current); };
      LEYE_RETURN_IF_ERROR(AddEdit({.name = change.name, .region = region, .etag = change.etag},
                                   mutator, edit, editing));
    }
    return FinishEdit(std::move(editing));
  };
  return mutator.Run(prepare, response);
}

absl::Status RecordService::Edit(const EditTarget& target, const Mutator& mutator,
                                 const Violations& violations, EditStep edit,
                                 Message& response) const {
  const auto prepare = [&]() -> absl::StatusOr<Attempt> {
    EditAttempt editing = NewEdit(mutator, target.region);
    editing.found = violations;
    LEYE_RETURN_IF_ERROR(AddEdit(target, mutator, edit, editing));
    return FinishEdit(std::move(editing));
  };
  return mutator.Run(prepare, response);
}

RecordService::EditAttempt RecordService::NewEdit(const Mutator& mutator, Region region) const {
  return {.reach = ReachOf(mutator.context(), dependencies_, region),
          .references = References(*kind().prototype->GetDescriptor()),
          .settlement = rules_->NewSettlement(dependencies_.store, region, dependencies_.clock)};
}

absl::Status RecordService::AddEdit(const EditTarget& target, const Mutator& mutator, EditStep edit,
                                    EditAttempt& editing) const {
  Violations& found = editing.found;
  absl::StatusOr<store::Record> record = Find(editing.reach, target.name);
  if (absl::IsNotFound(record.status())) LEYE_RETURN_IF_ERROR(found.ToStatus());
  LEYE_RETURN_IF_ERROR(record);
  LEYE_ASSIGN_OR_RETURN(const std::unique_ptr<Message> resource, codec_.Decode(*record));
  if (found.empty()) LEYE_RETURN_IF_ERROR(mutator.CheckEtag(target.etag, *record));
  const std::unique_ptr<Message> before = Copy(*resource);
  const auto settle = [&] {
    const bool sound = editing.settlement != nullptr && found.empty();
    return sound ? editing.settlement->Settle(target.name, before.get(), *resource)
                 : absl::OkStatus();
  };
  LEYE_RETURN_IF_ERROR(settle());  // What the edit looks at is as it would be settled today.
  LEYE_RETURN_IF_ERROR(edit(*resource, found));
  if (!editing.reach.AllowsContent(*resource)) {
    return access::OutOfScope(target.path, kind().noun_zh);
  }
  editing.references.Want(*resource, target.region);
  LEYE_RETURN_IF_ERROR(editing.references.Read(dependencies_.store, editing.reach));
  editing.references.CheckFound(*resource, target.path, found);
  LEYE_RETURN_IF_ERROR(found.ToStatus());
  LEYE_RETURN_IF_ERROR(settle());
  Attempt& attempt = editing.attempt;
  attempt.answers.push_back(mutator.Preview(target.name, *resource));
  LEYE_ASSIGN_OR_RETURN(Mutation put, mutator.Put(target.name, *resource, &*record));
  attempt.mutations.push_back(std::move(put));
  return absl::OkStatus();
}

absl::StatusOr<Attempt> RecordService::FinishEdit(EditAttempt editing) const {
  Attempt& attempt = editing.attempt;
  for (const auto& answer : attempt.answers) {
    editing.references.Protect(*answer, attempt.mutations);
  }
  if (editing.settlement != nullptr) editing.settlement->Append(attempt.mutations);
  return std::move(attempt);
}

}  // namespace leye::app
