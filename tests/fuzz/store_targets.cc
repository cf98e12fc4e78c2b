// What a store has kept and gives back: whatever it is, readers say what is wrong with it.

#include <utility>

#include "absl/strings/str_cat.h"

#include "leye/storage/v1/log.pb.h"
#include "leye/storage/v1/region_file.pb.h"
#include "services/access/keyed_sealer.h"
#include "services/access/master_keys.h"
#include "services/app/catalogue.h"
#include "services/app/record_codec.h"
#include "services/base/logging.h"
#include "services/leyed/adapters.h"
#include "services/live/region_writer.h"
#include "services/store/record_codec.h"
#include "tests/e2e/client.h"
#include "tests/e2e/small_world.h"
#include "tests/fuzz/message_mutator.h"
#include "tests/fuzz/stored_kinds.h"
#include "tests/fuzz/target.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/temp_dir.h"

namespace leye::fuzz {
namespace {

using storage::v1::LogChange;
using storage::v1::LogChanges;
using storage::v1::RegionRecord;
using store::Kind;

constexpr int kMostChanges = 12;

// What the bytes, text form or else the message itself, say; false when they say nothing.
bool ReadEither(absl::string_view input, google::protobuf::Message& message) {
  if (ReadText(input, message)) return true;
  message.Clear();
  return message.ParseFromArray(input.data(), static_cast<int>(input.size()));
}

// Changes the open part as the message that it is.
void MutateOpenPart(uint32_t kind, const MessageMutator& mutator, Dice& dice, std::string& open) {
  const google::protobuf::Message* type =
      store::IsKind(kind) ? StoredMessage(static_cast<Kind>(kind)) : nullptr;
  const std::unique_ptr<google::protobuf::Message> message(type == nullptr ? nullptr : type->New());
  if (message == nullptr || !message->ParseFromString(open)) {
    open = MutateText(open, dice);
    return;
  }
  mutator.Mutate(*message, dice);
  open = message->SerializeAsString();
}

// One record of every kind that has a message, as changes of a log.
std::vector<LogChange> SomeChanges() {
  std::vector<LogChange> changes;
  for (uint32_t kind = 1; store::IsKind(kind); ++kind) {
    const google::protobuf::Message* type = StoredMessage(static_cast<Kind>(kind));
    if (type == nullptr) continue;
    LogChange change;
    change.set_kind(kind);
    change.set_name(absl::StrCat("regions/13/", store::KindName(static_cast<Kind>(kind)), "s/a"));
    change.set_number(kind);
    std::string& open = *change.mutable_put()->mutable_open();
    if (type->GetDescriptor() == v1::Candidate::descriptor()) {
      open = e2e::SomeCandidate().SerializeAsString();
    } else if (type->GetDescriptor() == v1::Posting::descriptor()) {
      open = e2e::SomePosting().SerializeAsString();
    }
    changes.push_back(change);
  }
  return changes;
}

// The follower's side: what the matcher gets to know of records, as live::FollowerRounds applies
// them.
class Reader {
 public:
  Reader() : catalogue_(*app::Catalogue::LoadBuiltIn()), codes_(catalogue_) {}

  // Puts and deletes what the changes say, in a region that knows nothing yet.
  void Follow(const std::vector<store::Change>& changes) const {
    const live::WorkingAge working_age;
    const live::ProfileContext context{.codes = codes_, .working_age = working_age};
    live::IndexWriter indexes;
    live::AreaTable areas;
    live::RegionWriter writer(store::Region::FromNumber(13), {.indexes = indexes, .areas = areas},
                              matcher::Day::FromCivil(absl::CivilDay(2026, 11, 27)), {});
    for (const store::Change& change : changes) {
      if (!change.put) {
        writer.Delete(change.key.kind, change.key.name, change.number);
        continue;
      }
      // A directory up to a high number that is allowed takes seconds to make.
      constexpr uint64_t kSoon = 1 << 16;
      const bool allowed = change.number <= live::kMostRecordNumber;
      auto facts = live::ParseRecord({.kind = change.key.kind,
                                      .name = change.key.name,
                                      .number = allowed ? change.number % kSoon : change.number,
                                      .open = change.put->open()},
                                     context);
      if (!facts.ok()) {
        writer.Delete(change.key.kind, change.key.name, change.number);
      } else if (facts->has_value()) {
        writer.Put(**std::move(facts));
      }
    }
    writer.Finish();
    indexes.Publish();
    writer.Share();
  }

 private:
  const app::Catalogue catalogue_;
  const CatalogueCodes codes_;
};

// Input: a storage.v1.RegionRecord, in text form or not.
class StoredRecordTarget final : public Target {
 public:
  StoredRecordTarget() {
    const std::string path = folder_.File("master-keys");
    e2e::Require(access::AddMasterKey(path, clock_.Now()).ok(), "a master key");
    keys_ = *access::MasterKeySource::Open({.file = path}, clock_, log_);
    sealer_ = *access::KeyedSealer::Create(*keys_);
  }

  std::string Try(absl::string_view input) override {
    RegionRecord given;
    if (!ReadEither(input, given) || !store::IsKind(given.kind())) return "";
    store::Record record{.kind = static_cast<Kind>(given.kind()),
                         .name = given.name(),
                         .number = given.number(),
                         .version = given.version(),
                         .envelope = {}};
    const store::EncodedEnvelope encoded = store::EncodeEnvelope(given.envelope());
    auto envelope = store::DecodeEnvelope(encoded.open, encoded.sealed);
    if (!envelope.ok()) {
      return absl::IsDataLoss(envelope.status()) ? "" : envelope.status().ToString();
    }
    record.envelope = *std::move(envelope);
    const std::string sealed = CheckSealing(record);
    if (!sealed.empty()) return sealed;
    reader_.Follow({{{record.kind, record.name}, record.number, record.envelope}});
    return IsResource(record.kind) ? Decode(record) : "";
  }

  std::vector<std::string> Seeds() const override {
    std::vector<std::string> seeds;
    for (const LogChange& change : SomeChanges()) {
      RegionRecord record;
      record.set_kind(change.kind());
      record.set_name(change.name());
      record.set_number(change.number());
      record.set_version(1);
      *record.mutable_envelope() = change.put();
      seeds.push_back(WriteText(record));
    }
    return seeds;
  }

  std::string Mutate(absl::string_view input, Dice& dice) const override {
    RegionRecord record;
    if (!ReadEither(input, record) || dice.OneIn(10)) return MutateText(input, dice);
    if (dice.OneIn(3)) {
      mutator_.Mutate(record, dice);
    } else {
      MutateOpenPart(record.kind(), mutator_, dice, *record.mutable_envelope()->mutable_open());
    }
    return WriteText(record);
  }

 private:
  // Whatever claims to be sealed does not open unless we sealed it; what we seal does.
  std::string CheckSealing(const store::Record& record) const {
    const storage::v1::Sealed& given = record.envelope.sealed();
    if (!given.key_id().empty() && sealer_->Open(record.name, given).ok()) {
      return "opens what nobody sealed";
    }
    storage::v1::Sealed sealed;
    if (!sealer_->Seal(record.name, record.envelope.open(), sealed).ok()) return "cannot seal";
    const auto opened = sealer_->Open(record.name, sealed);
    if (!opened.ok() || *opened != record.envelope.open()) return "does not open what it sealed";
    return "";
  }

  std::string Decode(const store::Record& record) const {
    const app::RecordCodec codec({.kind = record.kind,
                                  .collection = "",
                                  .noun_zh = "",
                                  .prototype = StoredMessage(record.kind),
                                  .filter_fields = {},
                                  .order_fields = {}},
                                 *sealer_);
    auto read = codec.Decode(record);
    if (!read.ok()) {
      const bool said =
          absl::IsDataLoss(read.status()) || absl::IsFailedPrecondition(read.status());
      return said ? "" : read.status().ToString();
    }
    store::Record again = record;
    again.envelope.Clear();
    const absl::Status encoded = codec.Encode(record.name, **read, again.envelope);
    if (!encoded.ok()) return encoded.ToString();
    const auto same = codec.Decode(again);
    return same.ok() ? "" : absl::StrCat("does not read what it wrote: ", same.status().ToString());
  }

  testing::TempDir folder_;
  testing::FakeClock clock_;
  const Logger log_ = Logger::Discard();
  std::unique_ptr<access::MasterKeySource> keys_;
  std::unique_ptr<access::KeyedSealer> sealer_;
  const Reader reader_;
  const MessageMutator mutator_;
};

// Input: a storage.v1.LogChanges, in text form or not.
class ChangeLogTarget final : public Target {
 public:
  std::string Try(absl::string_view input) override {
    LogChanges given;
    if (!ReadEither(input, given)) return "";
    const auto changes = store::DecodeChanges(given.SerializeAsString());
    if (!changes.ok()) return absl::IsDataLoss(changes.status()) ? "" : changes.status().ToString();
    const std::string encoded = store::EncodeChanges(*changes);
    const auto again = store::DecodeChanges(encoded);
    if (!again.ok() || store::EncodeChanges(*again) != encoded) return "does not come back";
    for (size_t i = 0; i < changes->size(); ++i) {
      const uint32_t kind = given.changes(static_cast<int>(i)).kind();
      if (static_cast<uint32_t>((*changes)[i].key.kind) != kind) return "takes it for another kind";
    }
    reader_.Follow(*changes);
    return "";
  }

  std::vector<std::string> Seeds() const override {
    LogChanges all;
    std::vector<std::string> seeds;
    for (const LogChange& change : SomeChanges()) {
      *all.add_changes() = change;
      LogChanges one;
      *one.add_changes() = change;
      seeds.push_back(WriteText(one));
    }
    seeds.push_back(WriteText(all));
    return seeds;
  }

  std::string Mutate(absl::string_view input, Dice& dice) const override {
    LogChanges changes;
    if (!ReadEither(input, changes) || dice.OneIn(10)) return MutateText(input, dice);
    if (changes.changes_size() == 0 || dice.OneIn(4)) {
      *changes.add_changes() = dice.OneOf(SomeChanges());
    }
    LogChange& change = *changes.mutable_changes(dice.Between(0, changes.changes_size() - 1));
    if (change.has_put() && !dice.OneIn(3)) {
      MutateOpenPart(change.kind(), mutator_, dice, *change.mutable_put()->mutable_open());
    } else {
      mutator_.Mutate(changes, dice);
    }
    while (changes.changes_size() > kMostChanges) changes.mutable_changes()->RemoveLast();
    return WriteText(changes);
  }

 private:
  const Reader reader_;
  const MessageMutator mutator_{{"regions/13/candidates/a", "regions/13/households/a",
                                 "regions/13/employers/a", "regions/13/postings/a",
                                 "regions/13/settlementAreas/a", "skills/welding-arc"}};
};

}  // namespace

std::unique_ptr<Target> NewStoredRecordTarget() { return std::make_unique<StoredRecordTarget>(); }
std::unique_ptr<Target> NewChangeLogTarget() { return std::make_unique<ChangeLogTarget>(); }

}  // namespace leye::fuzz
