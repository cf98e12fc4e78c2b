#include "services/app/working_set.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "services/app/names.h"
#include "services/app/record_codec.h"

namespace leye::app {

using store::Mutation;
using store::Precondition;
using store::RecordKey;

store::Region WorkingSet::RegionOf(const RecordKey& key) const {
  return RegionOfName(key.name).value_or(region_);
}

absl::Status WorkingSet::Read(const std::vector<RecordKey>& keys) {
  std::map<store::Region, std::set<RecordKey>> unread;
  for (const RecordKey& key : keys) {
    if (!entries_.contains(key)) unread[RegionOf(key)].insert(key);
  }
  for (const auto& [region, wanted] : unread) {
    const std::vector<RecordKey> of_region(wanted.begin(), wanted.end());
    LEYE_ASSIGN_OR_RETURN(auto found, store_.BatchGet(region, of_region));
    for (size_t i = 0; i < of_region.size(); ++i) {
      Entry& entry = entries_[of_region[i]];
      entry.record = std::move(found[i]);
      if (entry.record.has_value()) entry.open = entry.record->envelope.open();
    }
  }
  return absl::OkStatus();
}

absl::Status WorkingSet::ReadAgain(const RecordKey& key) {
  entries_.erase(key);
  return Read({key});
}

const store::Record* WorkingSet::Find(const RecordKey& key) const {
  const Entry& entry = entries_.at(key);
  return entry.record.has_value() ? &*entry.record : nullptr;
}

void WorkingSet::Put(const RecordKey& key, const google::protobuf::Message& content) {
  entries_[key].open = content.SerializeAsString();
}

void WorkingSet::Delete(const RecordKey& key) { entries_.at(key).open.reset(); }

Mutation WorkingSet::MutationOf(const RecordKey& key, const Entry& entry) const {
  const bool existed = entry.record.has_value();
  const Precondition as_read =
      existed ? Precondition::AtVersion(entry.record->version) : Precondition::Absent();
  if (!entry.open.has_value()) {
    return existed ? Mutation::Delete(key.kind, key.name, as_read)
                   : Mutation::Check(key.kind, key.name, as_read);
  }
  if (existed && entry.record->envelope.open() == *entry.open) {
    return Mutation::Check(key.kind, key.name, as_read);
  }
  store::Envelope envelope;
  if (existed) envelope = entry.record->envelope;
  envelope.set_open(*entry.open);
  StampTimes(now_, existed ? &entry.record->envelope : nullptr, envelope);
  return Mutation::Put(key.kind, key.name, std::move(envelope), as_read);
}

std::vector<Mutation> WorkingSet::Mutations() const {
  std::vector<Mutation> mutations;
  mutations.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) {
    if (RegionOf(key) == region_) mutations.push_back(MutationOf(key, entry));
  }
  std::stable_partition(mutations.begin(), mutations.end(), [](const Mutation& mutation) {
    return mutation.type != Mutation::Type::kCheck;
  });
  return mutations;
}

}  // namespace leye::app
