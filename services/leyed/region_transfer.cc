#include "services/leyed/region_transfer.h"

#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "services/base/status.h"
#include "services/leyed/region_file.h"
#include "services/leyed/region_frames.h"
#include "services/store/limits.h"

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
        path_(std::move(path)),
        begun_(header_) {}

  absl::StatusOr<RegionSummary> Run();

 private:
  enum class Part { kHeader, kRecords, kRequests, kTotal, kDone };

  absl::Status Open();
  absl::StatusOr<FramePosition> ReadWhatIsThere();
  absl::Status CheckGoesOn() const;
  absl::Status Continue(const RegionFrame& frame);
  absl::StatusOr<RegionFrame> NextFrame() const;
  absl::StatusOr<RegionFrame> NextRecords() const;
  absl::StatusOr<RegionFrame> NextRequests() const;
  absl::Status CheckUnchanged(Revision now) const;

  const TransferEnvironment& environment_;
  const Region region_;
  const RegionHeader header_;
  const std::string path_;
  RegionHeader begun_;  // The file's.
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
  absl::StatusOr<std::optional<RegionFrame>> frame = file.Next();
  for (; frame.ok() && *frame; frame = file.Next()) LEYE_RETURN_IF_ERROR(Continue(**frame));
  if (!frame.ok() && !absl::IsDataLoss(frame.status())) return frame.status();
  LEYE_RETURN_IF_ERROR(CheckGoesOn());
  if (!frame.ok()) {
    environment_.log.Warning("going on before a broken frame",
                             {{"what", frame.status().message()}});
  }
  return file.position();
}

// A complete export may be the only one of its time: nobody is told to remove it.
absl::Status Exporter::CheckGoesOn() const {
  if (part_ != Part::kDone || RevisionOf(begun_) == RevisionOf(header_)) {
    return CheckUnchanged(RevisionOf(begun_));
  }
  return Error(absl::StatusCode::kAlreadyExists, "FILE_EXISTS",
               absl::StrCat(path_, " is a complete export of the region at ", TokenOf(begun_),
                            ", which is at ", TokenOf(header_), " now: name another file"));
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
      begun_ = frame.header();
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
  LEYE_ASSIGN_OR_RETURN(
      store::RegionScanPage page,
      environment_.store.ScanRegion(
          {.region = region_, .cursor = cursor_, .limit = environment_.page_size}));
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

// A file that is complete and sound.
struct CheckedFile {
  RegionHeader header;
  RegionTotal total;
  std::string digest;  // Of all of it.
};

// Reads a file to its end.
class FileChecker {
 public:
  explicit FileChecker(std::string path) : path_(std::move(path)) {}

  absl::StatusOr<CheckedFile> Run();

 private:
  absl::Status Take(RegionFrame frame, uint64_t index);
  absl::Status Damaged(uint64_t frame, absl::string_view what) const;

  const std::string path_;
  CheckedFile checked_;
  RegionTally tally_;
  RegionNumbers numbers_;
  bool in_order_ = true;
  bool complete_ = false;
};

absl::StatusOr<CheckedFile> FileChecker::Run() {
  LEYE_ASSIGN_OR_RETURN(RegionFileReader file, RegionFileReader::Open(path_));
  while (true) {
    LEYE_ASSIGN_OR_RETURN(std::optional<RegionFrame> frame, file.Next());
    if (!frame) break;
    LEYE_RETURN_IF_ERROR(Take(*std::move(frame), file.position().frames - 1));
  }
  if (!complete_) {
    return Error(absl::StatusCode::kDataLoss, "FILE_INCOMPLETE",
                 absl::StrCat(path_,
                              " ends before its total: the export was not finished, run it "
                              "again"));
  }
  const RegionTotal total = tally_.Total();
  if (!in_order_ || total.SerializeAsString() != checked_.total.SerializeAsString()) {
    return Error(absl::StatusCode::kDataLoss, "FILE_DAMAGED",
                 absl::StrCat(path_, " has sound frames that do not make up a region"));
  }
  checked_.digest = file.position().digest;
  return checked_;
}

// A frame with a sound check sum may still say what no store takes: better to know it now than when
// half of the file is in the store.
absl::Status FileChecker::Take(RegionFrame frame, uint64_t index) {
  in_order_ &= frame.has_header() == (index == 0) && !complete_;
  if (frame.has_header()) checked_.header = frame.header();
  if (frame.has_total()) checked_.total = frame.total();
  complete_ = frame.has_total();
  in_order_ &= checked_.header.region() <= kMaxRegion;
  if (!in_order_) return absl::OkStatus();
  tally_.Add(frame);
  for (const storage::v1::RegionRecord& record : frame.records().records()) {
    if (numbers_.Add(record.number())) continue;
    return Damaged(index, absl::StrCat("number ", record.number(), " is another record's"));
  }
  const absl::Status fits = store::CheckRestore(
      StepOf(Summarise(checked_.header, checked_.total), "checked", std::move(frame)));
  return fits.ok() ? fits : Damaged(index, fits.message());
}

absl::Status FileChecker::Damaged(uint64_t frame, absl::string_view what) const {
  return Error(absl::StatusCode::kDataLoss, "FILE_DAMAGED",
               absl::StrCat(path_, ": frame ", frame, " is not of a region: ", what),
               {{"frame", absl::StrCat(frame)}});
}

absl::Status Differs(const CheckedFile& file, absl::string_view what) {
  return Error(
      absl::StatusCode::kFailedPrecondition, "REGION_DIFFERS",
      absl::StrCat("the store's region is not the file's, ", TokenOf(file.header), ": ", what));
}

absl::StatusOr<RegionTotal> TallyRecords(const TransferEnvironment& environment,
                                         const CheckedFile& file) {
  const RegionSummary wanted = Summarise(file.header, file.total);
  store::RegionScanRequest request{.region = wanted.at.region, .limit = environment.page_size};
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

// The requests that a store remembers, looked up in the order of their commits.
class RememberedRequests {
 public:
  RememberedRequests(const TransferEnvironment& environment, Region region)
      : environment_(environment), region_(region) {}

  // That of the commit at `sequence`, as a file has it; nullopt when none is remembered.
  // REQUIRES: `sequence` is above that of the call before.
  absl::StatusOr<std::optional<storage::v1::RegionRequest>> At(uint64_t sequence);

 private:
  const TransferEnvironment& environment_;
  const Region region_;
  store::RequestPage page_;
  size_t next_ = 0;  // In the page.
  bool read_to_end_ = false;
};

absl::StatusOr<std::optional<storage::v1::RegionRequest>> RememberedRequests::At(
    uint64_t sequence) {
  while (true) {
    for (; next_ < page_.requests.size(); ++next_) {
      store::RememberedRequest& request = page_.requests[next_];
      if (request.sequence > sequence) return std::nullopt;
      if (request.sequence == sequence) return ToFrame(std::move(page_.requests[next_++]));
    }
    if (read_to_end_) return std::nullopt;
    LEYE_ASSIGN_OR_RETURN(
        page_, environment_.store.ScanRequests(region_, page_.next_cursor, environment_.page_size));
    next_ = 0;
    read_to_end_ = page_.next_cursor.empty();
  }
}

// Every request of the file that is not too old by now must be remembered, with its answer.
absl::Status VerifyRequests(const TransferEnvironment& environment, const CheckedFile& file,
                            const std::string& path) {
  RememberedRequests remembered(environment, Summarise(file.header, file.total).at.region);
  const absl::Time forgotten = environment.clock.Now() - store::kRequestMemory;
  LEYE_ASSIGN_OR_RETURN(RegionFileReader frames, RegionFileReader::Open(path));
  while (true) {
    LEYE_ASSIGN_OR_RETURN(std::optional<RegionFrame> frame, frames.Next());
    if (!frame) return absl::OkStatus();
    for (const storage::v1::RegionRequest& stored : frame->requests().requests()) {
      if (FromFrame(stored).time <= forgotten) continue;
      LEYE_ASSIGN_OR_RETURN(const auto found, remembered.At(stored.sequence()));
      if (!found || found->SerializeAsString() != stored.SerializeAsString()) {
        return Differs(
            file, absl::StrCat("request id ", stored.request_id(), " is not remembered as it was"));
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
  LEYE_ASSIGN_OR_RETURN(const CheckedFile file, FileChecker(path).Run());
  const RegionSummary wanted = Summarise(file.header, file.total);
  LEYE_ASSIGN_OR_RETURN(const Revision head, environment.store.Head(wanted.at.region));
  if (head != wanted.at.revision) {
    LEYE_RETURN_IF_ERROR(RestoreFrames(environment, file, path));
  }
  return Verify(environment, file, path);
}

absl::StatusOr<RegionSummary> VerifyRegion(const TransferEnvironment& environment,
                                           const std::string& path) {
  LEYE_ASSIGN_OR_RETURN(const CheckedFile file, FileChecker(path).Run());
  return Verify(environment, file, path);
}

}  // namespace leye
