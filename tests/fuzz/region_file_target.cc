// Files in which regions move: read to the end, imported into an empty store, exported again.

#include <algorithm>
#include <fstream>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/base/file_marks.h"
#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/leyed/region_file.h"
#include "services/leyed/region_frames.h"
#include "services/leyed/region_transfer.h"
#include "services/store/sqlite_store.h"
#include "tests/e2e/client.h"
#include "tests/fuzz/message_mutator.h"
#include "tests/fuzz/target.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/temp_dir.h"

namespace leye::fuzz {
namespace {

constexpr absl::string_view kBetweenFrames = "\n---\n";
constexpr int kMostFrames = 8;

constexpr char kSound[] = R"(header { region: 13 epoch: 7 sequence: 3 next_number: 4 }
---
records {
  records {
    kind: 1 name: "regions/13/settlementAreas/yian" number: 1 version: 1
    envelope { create_time { seconds: 1700000000 } open: "\032\014" }
  }
  records {
    kind: 3 name: "regions/13/candidates/a" number: 2 version: 3
    envelope { open: "x" sealed { content: "y" } }
  }
}
---
requests {
  requests {
    request_id: "r1" fingerprint: "f" sequence: 3 time { seconds: 1714521000 }
    changes { changes { kind: 3 name: "regions/13/candidates/a" number: 2 put { open: "x" } } }
  }
}
---
total {})";

// Input: the file itself, or its frames in text form, a line of dashes between them. An empty total
// is filled in.
class RegionFileTarget final : public Target {
 public:
  std::string Try(absl::string_view input) override {
    folder_.emplace();
    const std::string path = folder_->File("in");
    if (absl::StartsWith(input, kRegionFileMark)) {
      std::ofstream(path, std::ios::binary) << input;
    } else if (!Write(ReadFrames(input), path).ok()) {
      return "";
    }
    if (!CanBeRead(path)) return "";
    return Import(path);
  }

  std::vector<std::string> Seeds() const override { return {kSound}; }

  std::string Mutate(absl::string_view input, Dice& dice) const override {
    std::vector<RegionFrame> frames = ReadFrames(input);
    if (frames.empty() || dice.OneIn(12)) return MutateText(input, dice);
    const auto any = [&frames, &dice] {
      return frames.begin() + dice.Between(0, static_cast<int>(frames.size()) - 1);
    };
    switch (dice.Between(0, 9)) {
      case 0:
        frames.insert(any(), RegionFrame(*any()));
        break;
      case 1:
        frames.erase(any());
        break;
      case 2:
        std::iter_swap(any(), any());
        break;
      default:
        mutator_.Mutate(*any(), dice);
    }
    if (frames.size() > kMostFrames) frames.pop_back();
    return WriteFrames(frames);
  }

 private:
  // Empty when one of them is no text form.
  static std::vector<RegionFrame> ReadFrames(absl::string_view input) {
    std::vector<RegionFrame> frames;
    for (const absl::string_view part : absl::StrSplit(input, kBetweenFrames)) {
      if (!ReadText(part, frames.emplace_back())) return {};
    }
    return frames;
  }

  static std::string WriteFrames(const std::vector<RegionFrame>& frames) {
    std::string text;
    for (const RegionFrame& frame : frames) {
      absl::StrAppend(&text, text.empty() ? "" : kBetweenFrames, WriteText(frame));
    }
    return text;
  }

  static absl::Status Write(std::vector<RegionFrame> frames, const std::string& path) {
    absl::StatusOr<RegionFileWriter> file = RegionFileWriter::Create(path);
    if (!file.ok()) return file.status();
    RegionTally tally;
    for (RegionFrame& frame : frames) {
      tally.Add(frame);
      if (frame.has_total() && frame.total().ByteSizeLong() == 0) {
        *frame.mutable_total() = tally.Total();
      }
      const absl::Status appended = file->Append(frame);
      if (!appended.ok()) return appended;
    }
    return file->Sync();
  }

  static bool CanBeRead(const std::string& path) {
    auto file = RegionFileReader::Open(path);
    if (!file.ok()) return false;
    auto frame = file->Next();
    while (frame.ok() && frame->has_value()) frame = file->Next();
    return frame.ok();
  }

  std::unique_ptr<store::Store> NewStore() const {
    // Durability is not what is looked at, and an fsync takes longer than all the rest.
    auto store = store::OpenSqliteStore({.path = folder_->File("leye.db"),
                                         .reader_connections = 1,
                                         .durability = store::Durability::kProcessCrashUnsafe},
                                        {clock_, random_, log_});
    e2e::Require(store.ok(), store.status().ToString());
    return *std::move(store);
  }

  std::string Import(const std::string& path) {
    const std::unique_ptr<store::Store> store = NewStore();
    const TransferEnvironment around{*store, clock_, log_};
    const auto imported = ImportRegion(around, path);
    if (!imported.ok()) return WhatIsWrongWithRefusal(imported.status());
    const auto verified = VerifyRegion(around, path);
    if (!verified.ok()) return absl::StrCat("imported, but ", verified.status().ToString());
    const auto exported = ExportRegion(around, imported->at.region, folder_->File("out"));
    if (!exported.ok()) return absl::StrCat("imported, but ", exported.status().ToString());
    return exported->records_digest == imported->records_digest ? "" : "another region comes out";
  }

  static std::string WhatIsWrongWithRefusal(const absl::Status& status) {
    const bool said = absl::IsDataLoss(status) || absl::IsInvalidArgument(status) ||
                      absl::IsFailedPrecondition(status);
    return said ? "" : status.ToString();
  }

  std::optional<testing::TempDir> folder_;  // Of this input.
  testing::FakeClock clock_;
  mutable SystemRandom random_;
  const Logger log_ = Logger::Discard();
  const MessageMutator mutator_{{"regions/13/candidates/a", "regions/13/postings/a", "r1"}};
};

}  // namespace

std::unique_ptr<Target> NewRegionFileTarget() { return std::make_unique<RegionFileTarget>(); }

}  // namespace leye::fuzz
