// A region from one store through a file into another: what arrives, and what becomes of it when
// either side is killed at any step or the file is damaged.

#include "services/leyed/region_transfer.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/base/status.h"
#include "services/leyed/region_file.h"
#include "services/leyed/region_frames.h"
#include "services/store/sqlite_store.h"
#include "tests/services/live/store_proxy.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye {
namespace {

using absl::StatusCode;
using leye::testing::FailsWith;
using leye::testing::IsOk;
using leye::testing::TempDir;
using store::Envelope;
using store::Kind;
using store::Mutation;
using store::Precondition;
using store::Region;
using store::Store;
using ::testing::HasSubstr;

constexpr Region kHebei = Region::FromNumber(13);
constexpr int kRecords = 12;
constexpr int kPage = 5;

std::string NameOf(int i) { return absl::StrCat("regions/13/candidates/c", i); }

// A store to move from, with a region of few records, and places to move to.
class RegionTransfer : public ::testing::Test {
 protected:
  RegionTransfer() : source_(OpenStore("source")) {
    for (int i = 0; i < kRecords; ++i) {
      Write(i, absl::StrCat("open ", i), i < 3 ? absl::StrCat("request ", i) : "");
    }
    EXPECT_THAT(
        source_->Commit({.region = kHebei,
                         .mutations = {Mutation::Delete(Kind::kCandidate, NameOf(kRecords - 1),
                                                        Precondition::Any())}}),
        IsOk());
  }

  std::unique_ptr<Store> OpenStore(const std::string& name) {
    auto opened = store::OpenSqliteStore({.path = folder_.File(absl::StrCat(name, ".db"))},
                                         {clock_, random_, log_});
    EXPECT_THAT(opened, IsOk());
    return *std::move(opened);
  }

  void Write(int i, const std::string& open, const std::string& request_id = "") {
    Envelope envelope;
    envelope.set_open(open);
    envelope.mutable_sealed()->set_content(absl::StrCat("name of ", i));
    EXPECT_THAT(source_->Commit({.region = kHebei,
                                 .mutations = {Mutation::Put(Kind::kCandidate, NameOf(i), envelope,
                                                             Precondition::Any())},
                                 .request_id = request_id,
                                 .fingerprint = "print"}),
                IsOk());
  }

  TransferEnvironment Around(Store& store) { return {store, clock_, log_, kPage}; }
  absl::StatusOr<RegionSummary> Export(const std::string& name = "file") {
    return ExportRegion(Around(*source_), kHebei, File(name));
  }
  absl::StatusOr<RegionSummary> Import(Store& target) {
    return ImportRegion(Around(target), File());
  }
  absl::StatusOr<RegionSummary> Verify(Store& store) { return VerifyRegion(Around(store), File()); }

  std::string File(const std::string& name = "file") const { return folder_.File(name); }
  std::string Bytes(const std::string& name = "file") const {
    std::ifstream file(File(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void SetBytes(const std::string& bytes) const {
    std::ofstream(File(), std::ios::binary) << bytes;
  }

  TempDir folder_;
  leye::testing::FakeClock clock_;
  SystemRandom random_;
  Logger log_ = Logger::Discard();
  std::unique_ptr<Store> source_;
};

// How many whole frames `path` has.
uint64_t FramesOf(const std::string& path) {
  auto file = RegionFileReader::Open(path);
  EXPECT_THAT(file, IsOk());
  while (true) {
    const auto frame = file->Next();
    if (!frame.ok() || !*frame) return file->position().frames;
  }
}

TEST_F(RegionTransfer, CarriesRecordsRequestsRevisionAndNumbers) {
  LEYE_ASSERT_OK_AND_ASSIGN(const RegionSummary out, Export());
  EXPECT_EQ(out.records, static_cast<uint64_t>(kRecords - 1));
  EXPECT_EQ(out.requests, 3u);
  EXPECT_EQ(out.next_number, static_cast<uint64_t>(kRecords + 1));
  const std::unique_ptr<Store> target = OpenStore("target");
  LEYE_ASSERT_OK_AND_ASSIGN(const RegionSummary in, Import(*target));
  EXPECT_EQ(in.records_digest, out.records_digest);
  EXPECT_EQ(in.at, out.at);
  for (int i = 0; i < kRecords - 1; ++i) {
    LEYE_ASSERT_OK_AND_ASSIGN(const store::Record a,
                              source_->Get(kHebei, {Kind::kCandidate, NameOf(i)}));
    LEYE_ASSERT_OK_AND_ASSIGN(const store::Record b,
                              target->Get(kHebei, {Kind::kCandidate, NameOf(i)}));
    EXPECT_EQ(a.number, b.number);
    EXPECT_EQ(a.version, b.version);
    EXPECT_EQ(a.envelope.SerializeAsString(), b.envelope.SerializeAsString());
  }
  EXPECT_THAT(Verify(*source_), IsOk());
  EXPECT_THAT(Verify(*target), IsOk());
}

TEST_F(RegionTransfer, RequestsOlderThanPromisedStayBehind) {
  clock_.Advance(store::kRequestMemory + absl::Seconds(1));
  LEYE_ASSERT_OK_AND_ASSIGN(const RegionSummary out, Export());
  EXPECT_EQ(out.requests, 0u);
}

TEST_F(RegionTransfer, FileIsForItsOwnerOnlyWhoeverMadeIt) {
  using std::filesystem::perms;
  ASSERT_THAT(Export(), IsOk());
  const std::string whole = Bytes();
  EXPECT_EQ(std::filesystem::status(File()).permissions(), perms::owner_read | perms::owner_write);
  for (const size_t size : {size_t{0}, whole.size() / 2}) {
    SetBytes(whole.substr(0, size));
    std::filesystem::permissions(File(), perms::all);
    ASSERT_THAT(Export(), IsOk());
    EXPECT_EQ(std::filesystem::status(File()).permissions(),
              perms::owner_read | perms::owner_write);
  }
}

TEST_F(RegionTransfer, ExportIntoWhatIsNoFileIsRefused) {
  EXPECT_THAT(ExportRegion(Around(*source_), kHebei, "/dev/null"),
              FailsWith(StatusCode::kUnavailable, "FILE_ERROR"));
  EXPECT_THAT(ExportRegion(Around(*source_), kHebei, File("none/file")),
              FailsWith(StatusCode::kUnavailable, "FILE_ERROR"));
}

TEST_F(RegionTransfer, EmptyRegionIsNotExported) {
  EXPECT_THAT(ExportRegion(Around(*source_), Region::FromNumber(44), File()),
              FailsWith(StatusCode::kNotFound, "REGION_EMPTY"));
}

TEST_F(RegionTransfer, ExportCutOffAtAnyByteGoesOnToTheSameFile) {
  ASSERT_THAT(Export("whole"), IsOk());
  const std::string whole = Bytes("whole");
  for (size_t size = 0; size <= whole.size(); size += size < 8 ? 1 : 7) {
    SetBytes(whole.substr(0, size));
    ASSERT_THAT(Export(), IsOk()) << size;
    ASSERT_EQ(Bytes(), whole) << size;
  }
}

TEST_F(RegionTransfer, ExportWhoseTailIsRubbishGoesOnBeforeIt) {
  ASSERT_THAT(Export("whole"), IsOk());
  const std::string whole = Bytes("whole");
  for (size_t at = 0; at < whole.size(); at += at < 8 ? 1 : 101) {
    SetBytes(whole.substr(0, at) + std::string(whole.size() - at, '\0'));
    ASSERT_THAT(Export(), IsOk()) << at;
    ASSERT_EQ(Bytes(), whole) << at;
  }
}

TEST_F(RegionTransfer, ExportIsRefusedOnceTheRegionHasChanged) {
  ASSERT_THAT(Export(), IsOk());
  SetBytes(Bytes().substr(0, Bytes().size() / 2));
  Write(3, "changed meanwhile");
  EXPECT_THAT(Export(), FailsWith(StatusCode::kAborted, "REGION_CHANGED"));
}

TEST_F(RegionTransfer, CompleteExportOfAnotherRevisionIsLeftAlone) {
  ASSERT_THAT(Export(), IsOk());
  const std::string before = Bytes();
  Write(3, "changed since");
  EXPECT_THAT(Export(), FailsWith(StatusCode::kAlreadyExists, "FILE_EXISTS"));
  EXPECT_EQ(Bytes(), before);
}

TEST_F(RegionTransfer, FileOfAnotherKindIsLeftAlone) {
  for (const std::string& bytes :
       {std::string("l\0x", 3), std::string("leyer3"), std::string(20, '\0') + "x"}) {
    SetBytes(bytes);
    EXPECT_FALSE(Export().ok()) << bytes;
    EXPECT_EQ(Bytes(), bytes);
  }
}

TEST_F(RegionTransfer, AnotherRegionsFileIsLeftAlone) {
  ASSERT_THAT(Export(), IsOk());
  const std::string before = Bytes();
  const Region other = Region::FromNumber(44);
  ASSERT_THAT(source_->Commit({.region = other,
                               .mutations = {Mutation::Put(Kind::kCandidate, "x", Envelope(),
                                                           Precondition::Any())}}),
              IsOk());
  EXPECT_THAT(ExportRegion(Around(*source_), other, File()),
              FailsWith(StatusCode::kAlreadyExists, "FILE_EXISTS"));
  EXPECT_EQ(Bytes(), before);
}

TEST_F(RegionTransfer, EveryFlippedByteIsFoundAndItsFrameNamed) {
  ASSERT_THAT(Export(), IsOk());
  const std::string sound = Bytes();
  const std::unique_ptr<Store> target = OpenStore("target");
  for (size_t at = 0; at < sound.size(); ++at) {
    std::string damaged = sound;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    SetBytes(damaged);
    const absl::Status status = Import(*target).status();
    ASSERT_THAT(status, FailsWith(StatusCode::kDataLoss, "FILE_DAMAGED")) << at;
    if (at < 8) continue;
    const ErrorMetadata where = GetErrorDetails(status).metadata;
    ASSERT_LE(std::stoull(where.at("offset")), at);
  }
  SetBytes(sound);
  EXPECT_THAT(Import(*target), IsOk()) << "nothing of the damaged files may have come in";
}

TEST_F(RegionTransfer, MissingFramesAreFound) {
  ASSERT_THAT(Export(), IsOk());
  const std::string sound = Bytes();
  const std::unique_ptr<Store> target = OpenStore("target");
  auto file = RegionFileReader::Open(File());
  ASSERT_THAT(file, IsOk());
  std::vector<uint64_t> ends = {file->position().offset};
  while (*file->Next()) ends.push_back(file->position().offset);
  for (size_t i = 0; i + 1 < ends.size(); ++i) {
    SetBytes(sound.substr(0, ends[i]) + sound.substr(ends[i + 1]));
    EXPECT_THAT(Import(*target), leye::testing::StatusIs(StatusCode::kDataLoss)) << i;
    SetBytes(sound.substr(0, ends[i]));
    EXPECT_THAT(Import(*target), FailsWith(StatusCode::kDataLoss, "FILE_INCOMPLETE")) << i;
  }
}

// A frame that is whole, but says what no export does; the rest of the file is as it was.
struct Forgery {
  std::string what;
  void (*make)(RegionFrame& frame);
};

class ForgedFrame : public RegionTransfer, public ::testing::WithParamInterface<Forgery> {};

TEST_P(ForgedFrame, IsFoundBeforeAnythingIsImported) {
  ASSERT_THAT(Export("sound"), IsOk());
  auto sound = RegionFileReader::Open(File("sound"));
  auto forged = RegionFileWriter::Create(File());
  ASSERT_TRUE(sound.ok() && forged.ok());
  RegionTally tally;
  for (auto frame = sound->Next(); frame.ok() && *frame; frame = sound->Next()) {
    GetParam().make(**frame);
    tally.Add(**frame);
    if ((*frame)->has_total()) *(*frame)->mutable_total() = tally.Total();
    ASSERT_THAT(forged->Append(**frame), IsOk());
  }
  ASSERT_THAT(forged->Sync(), IsOk());
  const std::unique_ptr<Store> target = OpenStore("target");
  const absl::Status status = Import(*target).status();
  EXPECT_THAT(status, FailsWith(StatusCode::kDataLoss, "FILE_DAMAGED"));
  EXPECT_TRUE(GetErrorDetails(status).metadata.contains("frame")) << status;
  EXPECT_THAT(target->Commit({.region = kHebei,
                              .mutations = {Mutation::Put(Kind::kCandidate, "x", Envelope(),
                                                          Precondition::Any())}}),
              IsOk());
}

// The record or request that the forgeries change, none in other frames.
storage::v1::RegionRecord* LastRecord(RegionFrame& frame) {
  if (!frame.has_records() || !frame.records().next_cursor().empty()) return nullptr;
  return &*frame.mutable_records()->mutable_records()->rbegin();
}
storage::v1::RegionRequest* LastRequest(RegionFrame& frame) {
  if (!frame.has_requests()) return nullptr;
  return &*frame.mutable_requests()->mutable_requests()->rbegin();
}

INSTANTIATE_TEST_SUITE_P(
    Each, ForgedFrame,
    ::testing::Values(Forgery{"kind",
                              [](RegionFrame& frame) {
                                if (auto* record = LastRecord(frame)) record->set_kind(100);
                              }},
                      // 3 in the byte that a kind has.
                      Forgery{"kindBeyondAByte",
                              [](RegionFrame& frame) {
                                if (auto* record = LastRecord(frame)) record->set_kind(259);
                              }},
                      Forgery{"kindOfAChange",
                              [](RegionFrame& frame) {
                                if (auto* request = LastRequest(frame)) {
                                  request->mutable_changes()->mutable_changes(0)->set_kind(259);
                                }
                              }},
                      Forgery{"number",
                              [](RegionFrame& frame) {
                                if (auto* record = LastRecord(frame))
                                  record->set_number(uint64_t{1} << 50);
                              }},
                      Forgery{"numberOfARecordFramesBefore",
                              [](RegionFrame& frame) {
                                if (auto* record = LastRecord(frame)) record->set_number(1);
                              }},
                      Forgery{"version",
                              [](RegionFrame& frame) {
                                if (auto* record = LastRecord(frame)) record->set_version(0);
                              }},
                      Forgery{"sequence",
                              [](RegionFrame& frame) {
                                if (auto* request = LastRequest(frame))
                                  request->set_sequence(1'000);
                              }}),
    [](const auto& test) { return test.param.what; });

TEST_F(RegionTransfer, ImportKilledBehindAnyStepGoesOn) {
  LEYE_ASSERT_OK_AND_ASSIGN(const RegionSummary out, Export());
  const auto steps = static_cast<int>(FramesOf(File())) - 1;
  ASSERT_GT(steps, 3);
  for (int killed_after = 0; killed_after < steps; ++killed_after) {
    const std::string name = absl::StrCat("target", killed_after);
    {
      live::StoreProxy dying(OpenStore(name));
      dying.restores_left = killed_after;
      ASSERT_THAT(Import(dying), FailsWith(StatusCode::kUnavailable, "STORE_IO_ERROR"));
    }
    const std::unique_ptr<Store> again = OpenStore(name);
    LEYE_ASSERT_OK_AND_ASSIGN(const RegionSummary in, Import(*again));
    EXPECT_EQ(in.records_digest, out.records_digest);
    EXPECT_THAT(Import(*again), IsOk()) << "importing the same once more only verifies";
  }
}

TEST_F(RegionTransfer, RegionThatIsNotEmptyIsRefused) {
  ASSERT_THAT(Export(), IsOk());
  const std::unique_ptr<Store> target = OpenStore("target");
  ASSERT_THAT(target->Commit({.region = kHebei,
                              .mutations = {Mutation::Put(Kind::kCandidate, "x", Envelope(),
                                                          Precondition::Any())}}),
              IsOk());
  EXPECT_THAT(Import(*target), FailsWith(StatusCode::kFailedPrecondition, "REGION_NOT_EMPTY"));
}

TEST_F(RegionTransfer, AnotherFileDoesNotGoOnWithAnInterruptedImport) {
  ASSERT_THAT(Export(), IsOk());
  live::StoreProxy target(OpenStore("target"));
  target.restores_left = 1;
  ASSERT_FALSE(Import(target).ok());
  target.restores_left = 100;
  std::filesystem::remove(File());
  Write(1, "changed");
  ASSERT_THAT(Export(), IsOk());
  EXPECT_THAT(Import(target), FailsWith(StatusCode::kFailedPrecondition, "RESTORE_UNFINISHED"));
}

TEST_F(RegionTransfer, VerifySaysThatTheStoreHasMovedOn) {
  ASSERT_THAT(Export(), IsOk());
  Write(1, "changed");
  const absl::Status status = Verify(*source_).status();
  EXPECT_THAT(status, FailsWith(StatusCode::kFailedPrecondition, "REGION_DIFFERS"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("it is at 13:"));
}

// A store in which one thing is other than in the source, at the same revision.
struct Difference {
  std::string what;
  void (*make)(store::RestoreStep& step);
};

class RegionDifference : public RegionTransfer, public ::testing::WithParamInterface<Difference> {};

TEST_P(RegionDifference, IsSeenByVerify) {
  ASSERT_THAT(Export(), IsOk());
  LEYE_ASSERT_OK_AND_ASSIGN(const store::RequestPage requests,
                            source_->ScanRequests(kHebei, "", 100));
  LEYE_ASSERT_OK_AND_ASSIGN(const store::RegionScanPage page,
                            source_->ScanRegion({.region = kHebei, .limit = 100}));
  store::RestoreStep step{.region = kHebei,
                          .restore_id = "by hand",
                          .revision = page.revision,
                          .next_number = requests.next_number,
                          .records = page.records,
                          .requests = requests.requests,
                          .last = true};
  GetParam().make(step);
  const std::unique_ptr<Store> target = OpenStore("target");
  ASSERT_THAT(target->Restore(step), IsOk());
  if (GetParam().what == "nothing") {
    EXPECT_THAT(Verify(*target), IsOk());
  } else {
    EXPECT_THAT(Verify(*target), FailsWith(StatusCode::kFailedPrecondition, "REGION_DIFFERS"));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Each, RegionDifference,
    ::testing::Values(
        Difference{"nothing", [](store::RestoreStep&) {}},
        Difference{"record", [](store::RestoreStep& step) { step.records.pop_back(); }},
        Difference{"open",
                   [](store::RestoreStep& step) { step.records[3].envelope.set_open("x"); }},
        Difference{"personal",
                   [](store::RestoreStep& step) {
                     step.records[3].envelope.mutable_sealed()->set_content("x");
                   }},
        Difference{"number", [](store::RestoreStep& step) { step.records.back().number += 1; }},
        Difference{"version", [](store::RestoreStep& step) { step.records[0].version += 1; }},
        Difference{"next", [](store::RestoreStep& step) { step.next_number += 1; }},
        Difference{"request", [](store::RestoreStep& step) { step.requests.pop_back(); }},
        Difference{
            "answer",
            [](store::RestoreStep& step) { step.requests[0].changes[0].put->set_open("x"); }},
        Difference{"time",
                   [](store::RestoreStep& step) { step.requests[0].time += absl::Seconds(1); }},
        Difference{"print", [](store::RestoreStep& step) { step.requests[0].fingerprint = "x"; }},
        Difference{"epoch", [](store::RestoreStep& step) { step.revision.epoch ^= 2; }}),
    [](const auto& test) { return test.param.what; });

}  // namespace
}  // namespace leye
