#include "services/leyed/region_transfer.h"

#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "services/base/status.h"
#include "services/leyed/region_file.h"
#include "services/leyed/region_frames.h"

namespace leye {
namespace {

using storage::v1::RegionHeader;
using storage::v1::RegionTotal;
using store::Region;
using store::Revision;

constexpr int kMaxRegion = 99;
constexpr uint64_t kFramesALogLine = 200;

Revision RevisionOf(const RegionHeader& header) { return {header.epoch(), header.sequence()}; }

std::string TokenOf(const RegionHeader& header) {
  return store::FormatToken(
      {Region::FromNumber(static_cast<int>(header.region())), RevisionOf(header)});
}

RegionSummary Summarise(const RegionHeader& header, const RegionTotal& total) {
  return {.at = {Region::FromNumber(static_cast<int>(header.region())), RevisionOf(header)},
          .next_number = header.next_number(),
          .records = total.records(),
          .requests = total.requests(),
          .records_digest = total.records_digest()};
}

absl::StatusOr<RegionHeader> ReadHeader(const TransferEnvironment& environment, Region region) {
  LEYE_ASSIGN_OR_RETURN(const store::RequestPage page,
                        environment.store.ScanRequests(region, "", 1));
  if (page.revision == Revision()) {
    return Error(absl::StatusCode::kNotFound, "REGION_EMPTY",
                 absl::StrCat("the store holds nothing of region ", region.code()));
  }
  RegionHeader header;
  header.set_region(static_cast<uint32_t>(region.number()));
  header.set_epoch(page.revision.epoch);
  header.set_sequence(page.revision.sequence);
  header.set_next_number(page.next_number);
  return header;
}

// Writes one region to one file.
class Exporter {
 public:
  Exporter(const TransferEnvironment& environment, RegionHeader header, std::string path)
      : environment_(environment),
        region_(Region::FromNumber(static_cast<int>(header.region()))),
        header_(std::move(header)),
        path_(std::move(path)) {}

  absl::StatusOr<RegionSummary> Run();

 private:
  enum class Part { kHeader, kRecords, kRequests, kTotal, kDone };

  absl::Status Open();
  absl::StatusOr<FramePosition> ReadWhatIsThere();
  absl::Status Continue(const RegionFrame& frame);
  absl::StatusOr<RegionFrame> NextFrame() const;
  absl::StatusOr<RegionFrame> NextRecords() const;
  absl::StatusOr<RegionFrame> NextRequests() const;
  absl::Status CheckUnchanged(Revision now) const;

  const TransferEnvironment& environment_;
  const Region region_;
  const RegionHeader header_;
  const std::string path_;
  std::optional<RegionFileWriter> file_;

  // What comes next, and what the frames so far hold.
  Part part_ = Part::kHeader;
  std::string cursor_;
  RegionTally tally_;
};

absl::StatusOr<RegionSummary> Exporter::Run() {
  LEYE_RETURN_IF_ERROR(Open());
  for (uint64_t frames = 1; part_ != Part::kDone; ++frames) {
    LEYE_ASSIGN_OR_RETURN(const RegionFrame frame, NextFrame());
    LEYE_RETURN_IF_ERROR(file_->Append(frame));
    LEYE_RETURN_IF_ERROR(Continue(frame));
    if (frames % kFramesALogLine == 0) {
      environment_.log.Info("exporting",
                            {{"region", region_.code()}, {"records", tally_.Total().records()}});
    }
  }
  LEYE_RETURN_IF_ERROR(file_->Sync());
  return Summarise(header_, tally_.Total());
}

// A new file, or the one that an export has left, cut off behind its last whole frame.
absl::Status Exporter::Open() {
  absl::StatusOr<RegionFileWriter> created = RegionFileWriter::Create(path_);
  if (created.ok()) {
    file_.emplace(*std::move(created));
    return absl::OkStatus();
  }
  if (!absl::IsAlreadyExists(created.status())) return created.status();
  LEYE_ASSIGN_OR_RETURN(const FramePosition position, ReadWhatIsThere());
  LEYE_ASSIGN_OR_RETURN(RegionFileWriter file, RegionFileWriter::Continue(path_, position));
  file_.emplace(std::move(file));
  return absl::OkStatus();
}

absl::StatusOr<FramePosition> Exporter::ReadWhatIsThere() {
  LEYE_ASSIGN_OR_RETURN(RegionFileReader file, RegionFileReader::Open(path_));
  while (true) {
    absl::StatusOr<std::optional<RegionFrame>> frame = file.Next();
    if (absl::IsDataLoss(frame.status())) {
      environment_.log.Warning("going on before a broken frame",
                               {{"what", frame.status().message()}});
      return file.position();
    }
    LEYE_RETURN_IF_ERROR(frame);
    if (!*frame) return file.position();
    LEYE_RETURN_IF_ERROR(Continue(**frame));
  }
}

// Takes `frame` as one that is in the file.
absl::Status Exporter::Continue(const RegionFrame& frame) {
  tally_.Add(frame);
  switch (frame.content_case()) {
    case RegionFrame::kHeader:
      if (frame.header().region() != header_.region()) {
        return Error(absl::StatusCode::kAlreadyExists, "FILE_EXISTS",
                     absl::StrCat(path_, " holds another region, ", TokenOf(frame.header())));
      }
      LEYE_RETURN_IF_ERROR(CheckUnchanged(RevisionOf(frame.header())));
      part_ = Part::kRecords;
      break;
    case RegionFrame::kRecords:
      cursor_ = frame.records().next_cursor();
      if (cursor_.empty()) part_ = Part::kRequests;
      break;
    case RegionFrame::kRequests:
      cursor_ = frame.requests().next_cursor();
      if (cursor_.empty()) part_ = Part::kTotal;
      break;
    default:
      part_ = Part::kDone;
  }
  return absl::OkStatus();
}

absl::StatusOr<RegionFrame> Exporter::NextFrame() const {
  RegionFrame frame;
  switch (part_) {
    case Part::kHeader:
      *frame.mutable_header() = header_;
      return frame;
    case Part::kRecords:
      return NextRecords();
    case Part::kRequests:
      return NextRequests();
    default:
      *frame.mutable_total() = tally_.Total();
      return frame;
  }
}

absl::StatusOr<RegionFrame> Exporter::NextRecords() const {
  LEYE_ASSIGN_OR_RETURN(store::RegionScanPage page,
                        environment_.store.ScanRegion({.region = region_,
                                                       .cursor = cursor_,
                                                       .limit = environment_.page_size,
                                                       .parts = store::Parts::kAll}));
  LEYE_RETURN_IF_ERROR(CheckUnchanged(page.revision));
  RegionFrame frame;
  frame.mutable_records()->set_next_cursor(page.next_cursor);
  for (store::Record& record : page.records) {
    *frame.mutable_records()->add_records() = ToFrame(std::move(record));
  }
  return frame;
}

absl::StatusOr<RegionFrame> Exporter::NextRequests() const {
  LEYE_ASSIGN_OR_RETURN(store::RequestPage page,
                        environment_.store.ScanRequests(region_, cursor_, environment_.page_size));
  LEYE_RETURN_IF_ERROR(CheckUnchanged(page.revision));
  RegionFrame frame;
  frame.mutable_requests()->set_next_cursor(page.next_cursor);
  const absl::Time forgotten = environment_.clock.Now() - store::kRequestMemory;
  for (store::RememberedRequest& request : page.requests) {
    if (request.time < forgotten) continue;
    *frame.mutable_requests()->add_requests() = ToFrame(std::move(request));
  }
  return frame;
}

absl::Status Exporter::CheckUnchanged(Revision now) const {
  if (now == RevisionOf(header_)) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, "REGION_CHANGED",
               absl::StrCat("region ", region_.code(), " has changed since its export began (",
                            store::FormatToken({region_, now}), " and ", TokenOf(header_),
                            "): stop what writes to it, remove ", path_, " and export again"));
}

// A file that is complete and sound.
struct CheckedFile {
  RegionHeader header;
  RegionTotal total;
  std::string digest;  // Of all of it.
};

absl::StatusOr<CheckedFile> CheckFile(const std::string& path) {
  LEYE_ASSIGN_OR_RETURN(RegionFileReader file, RegionFileReader::Open(path));
  CheckedFile checked;
  RegionTally tally;
  bool in_order = true;
  bool complete = false;
  while (true) {
    LEYE_ASSIGN_OR_RETURN(const std::optional<RegionFrame> frame, file.Next());
    if (!frame) break;
    in_order &= frame->has_header() == (file.position().frames == 1) && !complete;
    if (frame->has_header()) checked.header = frame->header();
    if (frame->has_total()) checked.total = frame->total();
    complete = frame->has_total();
    tally.Add(*frame);
  }
  if (!complete) {
    return Error(absl::StatusCode::kDataLoss, "FILE_INCOMPLETE",
                 absl::StrCat(path,
                              " ends before its total: the export was not finished, run it "
                              "again"));
  }
  const bool total_fits = tally.Total().SerializeAsString() == checked.total.SerializeAsString();
  if (!in_order || !total_fits || checked.header.region() > kMaxRegion) {
    return Error(absl::StatusCode::kDataLoss, "FILE_DAMAGED",
                 absl::StrCat(path, " has sound frames that do not make up a region"));
  }
  checked.digest = file.position().digest;
  return checked;
}

absl::Status Differs(const CheckedFile& file, absl::string_view what) {
  return Error(
      absl::StatusCode::kFailedPrecondition, "REGION_DIFFERS",
      absl::StrCat("the store's region is not the file's, ", TokenOf(file.header), ": ", what));
}

absl::StatusOr<RegionTotal> TallyRecords(const TransferEnvironment& environment,
                                         const CheckedFile& file) {
  const RegionSummary wanted = Summarise(file.header, file.total);
  store::RegionScanRequest request{
      .region = wanted.at.region, .limit = environment.page_size, .parts = store::Parts::kAll};
  RegionTally tally;
  do {
    LEYE_ASSIGN_OR_RETURN(store::RegionScanPage page, environment.store.ScanRegion(request));
    if (page.revision != wanted.at.revision) {
      return Differs(
          file, absl::StrCat("it is at ", store::FormatToken({wanted.at.region, page.revision})));
    }
    for (store::Record& record : page.records) tally.Add(ToFrame(std::move(record)));
    request.cursor = page.next_cursor;
  } while (!request.cursor.empty());
  return tally.Total();
}

// Every request of the file that is not too old by now must be remembered.
absl::Status VerifyRequests(const TransferEnvironment& environment, const CheckedFile& file,
                            const std::string& path) {
  const Region region = Summarise(file.header, file.total).at.region;
  const absl::Time forgotten = environment.clock.Now() - store::kRequestMemory;
  LEYE_ASSIGN_OR_RETURN(RegionFileReader frames, RegionFileReader::Open(path));
  while (true) {
    LEYE_ASSIGN_OR_RETURN(std::optional<RegionFrame> frame, frames.Next());
    if (!frame) return absl::OkStatus();
    for (const storage::v1::RegionRequest& stored : frame->requests().requests()) {
      const store::RememberedRequest request = FromFrame(stored);
      if (request.time <= forgotten) continue;
      const auto found =
          environment.store.FindRequest(region, request.request_id, request.fingerprint);
      if (!found.ok() && ErrorReason(found.status()) != "REQUEST_ID_REUSED") {
        return found.status();
      }
      if (!found.ok() || !*found || (*found)->revision.sequence != request.sequence) {
        return Differs(
            file, absl::StrCat("request id ", request.request_id, " is not remembered as it was"));
      }
    }
  }
}

absl::StatusOr<RegionSummary> Verify(const TransferEnvironment& environment,
                                     const CheckedFile& file, const std::string& path) {
  const RegionSummary wanted = Summarise(file.header, file.total);
  LEYE_ASSIGN_OR_RETURN(const RegionTotal held, TallyRecords(environment, file));
  if (held.records() != wanted.records) {
    return Differs(file,
                   absl::StrCat("it has ", held.records(), " records instead of ", wanted.records));
  }
  if (held.records_digest() != wanted.records_digest) {
    return Differs(file, "a record has other content");
  }
  LEYE_ASSIGN_OR_RETURN(const RegionHeader header, ReadHeader(environment, wanted.at.region));
  if (header.next_number() != wanted.next_number) {
    return Differs(file, absl::StrCat("its next number is ", header.next_number(), " instead of ",
                                      wanted.next_number));
  }
  LEYE_RETURN_IF_ERROR(VerifyRequests(environment, file, path));
  return wanted;
}

store::RestoreStep StepOf(const RegionSummary& whole, const std::string& restore_id,
                          RegionFrame frame) {
  store::RestoreStep step{.region = whole.at.region,
                          .restore_id = restore_id,
                          .revision = whole.at.revision,
                          .next_number = whole.next_number,
                          .last = frame.has_total()};
  if (frame.has_records()) {
    for (storage::v1::RegionRecord& record : *frame.mutable_records()->mutable_records()) {
      step.records.push_back(FromFrame(std::move(record)));
    }
  }
  if (frame.has_requests()) {
    for (storage::v1::RegionRequest& request : *frame.mutable_requests()->mutable_requests()) {
      step.requests.push_back(FromFrame(std::move(request)));
    }
  }
  return step;
}

// Each frame behind the header is a step.
absl::Status RestoreFrames(const TransferEnvironment& environment, const CheckedFile& file,
                           const std::string& path) {
  const RegionSummary whole = Summarise(file.header, file.total);
  const std::string restore_id = absl::BytesToHexString(file.digest);
  LEYE_ASSIGN_OR_RETURN(RegionFileReader frames, RegionFileReader::Open(path));
  LEYE_RETURN_IF_ERROR(frames.Next());
  uint64_t next = 0;
  for (uint64_t index = 0; true; ++index) {
    LEYE_ASSIGN_OR_RETURN(std::optional<RegionFrame> frame, frames.Next());
    if (!frame) return absl::OkStatus();
    if (index < next) continue;  // Applied before a crash.
    store::RestoreStep step = StepOf(whole, restore_id, *std::move(frame));
    step.index = index;
    LEYE_ASSIGN_OR_RETURN(next, environment.store.Restore(step));
    if (index % kFramesALogLine == kFramesALogLine - 1) {
      environment.log.Info("importing", {{"region", whole.at.region.code()}, {"frame", index}});
    }
  }
}

}  // namespace

absl::StatusOr<RegionSummary> ExportRegion(const TransferEnvironment& environment, Region region,
                                           const std::string& path) {
  LEYE_ASSIGN_OR_RETURN(RegionHeader header, ReadHeader(environment, region));
  return Exporter(environment, std::move(header), path).Run();
}

absl::StatusOr<RegionSummary> ImportRegion(const TransferEnvironment& environment,
                                           const std::string& path) {
  LEYE_ASSIGN_OR_RETURN(const CheckedFile file, CheckFile(path));
  const RegionSummary wanted = Summarise(file.header, file.total);
  LEYE_ASSIGN_OR_RETURN(const Revision head, environment.store.Head(wanted.at.region));
  if (head != wanted.at.revision) {
    LEYE_RETURN_IF_ERROR(RestoreFrames(environment, file, path));
  }
  return Verify(environment, file, path);
}

absl::StatusOr<RegionSummary> VerifyRegion(const TransferEnvironment& environment,
                                           const std::string& path) {
  LEYE_ASSIGN_OR_RETURN(const CheckedFile file, CheckFile(path));
  return Verify(environment, file, path);
}

}  // namespace leye
