#include "services/app/references.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "leye/v1/options.pb.h"
#include "services/app/names.h"
#include "services/base/status.h"

namespace leye::app {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using store::Kind;
using store::Mutation;
using store::Precondition;

namespace {

struct Collection {
  absl::string_view name;
  Kind kind;
  bool deletable;
};

constexpr Collection kReferredTo[] = {
    {"settlementAreas", Kind::kSettlementArea, true},
    {"households", Kind::kHousehold, false},
    {"employers", Kind::kEmployer, false},
    {"candidates", Kind::kCandidate, true},
    {"postings", Kind::kPosting, true},
};

constexpr size_t kMaxRemembered = 200'000;

}  // namespace

store::RecordKey DeletionMarkerOf(absl::string_view name) {
  return {Kind::kAlias, absl::StrCat(name, "/deletion")};
}

References::References(const Descriptor& type) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    const v1::FieldRule& rule = field->options().GetExtension(v1::rule);
    if (rule.format() != v1::FORMAT_RESOURCE_NAME || field->is_repeated()) continue;
    for (const Collection& referred : kReferredTo) {
      if (rule.resource() == referred.name) {
        slots_.push_back({field, referred.kind, rule.resource(), referred.deletable});
      }
    }
  }
}

const std::string& References::NameIn(const Message& message, const Slot& slot,
                                      std::string& scratch) {
  return message.GetReflection()->GetStringReference(message, slot.field, &scratch);
}

void References::Want(const Message& message, store::Region region) {
  std::string scratch;
  for (const Slot& slot : slots_) {
    const std::string& name = NameIn(message, slot, scratch);
    const std::optional<ResourceName> parsed = ParseName(name, slot.collection);
    if (!parsed.has_value() || parsed->region != region) continue;
    if (lasting_.contains(name)) continue;
    const Target target{.kind = slot.kind, .deletable = slot.deletable};
    if (targets_.try_emplace(name, target).second) unread_.push_back(name);
  }
}

absl::Status References::Read(store::Store& store, access::Reach& reach) {
  if (unread_.empty()) return absl::OkStatus();
  std::vector<store::RecordKey> keys;
  for (const std::string& name : unread_) {
    const Target& target = targets_.at(name);
    keys.push_back({target.kind, name});
    if (target.deletable) keys.push_back(DeletionMarkerOf(name));
  }
  LEYE_ASSIGN_OR_RETURN(const auto records, store.BatchGet(reach.region(), keys));
  size_t next = 0;
  for (const std::string& name : unread_) {
    Target& target = targets_.at(name);
    const std::optional<store::Record>& record = records[next++];
    if (record.has_value()) {
      LEYE_ASSIGN_OR_RETURN(target.found, reach.CoversTarget(*record));
    }
    if (!target.deletable) continue;
    if (const auto& marker = records[next++]; marker.has_value()) {
      target.marker_version = marker->version;
    }
  }
  unread_.clear();
  return absl::OkStatus();
}

void References::Forget() {
  if (lasting_.size() > kMaxRemembered) lasting_.clear();
  for (const auto& [name, target] : targets_) {
    if (target.found && !target.deletable) lasting_.insert(name);
  }
  targets_.clear();
  unread_.clear();
  protected_.clear();
}

void References::CheckFound(const Message& message, absl::string_view path,
                            Violations& violations) const {
  std::string scratch;
  for (const Slot& slot : slots_) {
    const auto target = targets_.find(NameIn(message, slot, scratch));
    if (target == targets_.end() || target->second.found) continue;
    violations.Add({absl::StrCat(path, ".", slot.field->name()), "NOT_FOUND",
                    absl::StrCat("must name one of the ", slot.collection, " that exist"),
                    "所指的记录不存在"});
  }
}

void References::Protect(const Message& message, std::vector<Mutation>& mutations) {
  std::string scratch;
  for (const Slot& slot : slots_) {
    const std::string& name = NameIn(message, slot, scratch);
    const auto found = targets_.find(name);
    if (!slot.deletable || found == targets_.end() || !protected_.insert(name).second) continue;
    const store::RecordKey marker = DeletionMarkerOf(name);
    mutations.push_back(Mutation::Check(slot.kind, name, Precondition::Exists()));
    if (const auto version = found->second.marker_version) {
      mutations.push_back(
          Mutation::Delete(marker.kind, marker.name, Precondition::AtVersion(*version)));
    } else {
      mutations.push_back(Mutation::Check(marker.kind, marker.name, Precondition::Absent()));
    }
  }
}

}  // namespace leye::app
