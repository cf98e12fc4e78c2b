// Import through a bidirectional stream. One thread reads files, parses and writes; another takes
// the receipts, which come in the order of the items. A bounded queue of places between them is the
// back-pressure: a slow server slows the reading of files.

#include <deque>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

#include "leye/v1/candidate.grpc.pb.h"
#include "leye/v1/household.grpc.pb.h"
#include "leye/v1/posting.grpc.pb.h"
#include "services/base/mutex.h"
#include "services/leyectl/importer.h"

namespace leye::ctl {
namespace {

// What the template needs to know of each import stream.
struct Households {
  using Request = v1::ImportHouseholdsRequest;
  using Response = v1::ImportHouseholdsResponse;
  static auto& Items(Request& request) { return *request.mutable_households(); }
  static auto Open(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext* context) {
    return v1::HouseholdService::NewStub(channel)->ImportHouseholds(context);
  }
};

struct Candidates {
  using Request = v1::ImportCandidatesRequest;
  using Response = v1::ImportCandidatesResponse;
  static auto& Items(Request& request) { return *request.mutable_candidates(); }
  static auto Open(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext* context) {
    return v1::CandidateService::NewStub(channel)->ImportCandidates(context);
  }
};

struct Postings {
  using Request = v1::ImportPostingsRequest;
  using Response = v1::ImportPostingsResponse;
  static auto& Items(Request& request) { return *request.mutable_postings(); }
  static auto Open(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext* context) {
    return v1::PostingService::NewStub(channel)->ImportPostings(context);
  }
};

// An item on its way.
struct InFlight {
  size_t file = 0;
  int64_t position = 0;
};

// The items whose receipts are awaited, in order. Thread-safe.
class InFlightQueue {
 public:
  static constexpr size_t kCapacity = 16'384;

  // Waits for room. False when the receiving side has given up.
  bool Push(InFlight item) {
    MutexLock lock(mutex_);
    while (items_.size() >= kCapacity && !closed_) room_.Wait(mutex_);
    if (closed_) return false;
    items_.push_back(item);
    return true;
  }

  // The oldest; nullopt when there is none.
  std::optional<InFlight> TryPop() {
    MutexLock lock(mutex_);
    if (items_.empty()) return std::nullopt;
    const InFlight item = items_.front();
    items_.pop_front();
    if (items_.size() < kCapacity) room_.NotifyOne();
    return item;
  }

  void Close() {
    MutexLock lock(mutex_);
    closed_ = true;
    room_.NotifyAll();
  }

 private:
  Mutex mutex_;
  CondVar room_;
  std::deque<InFlight> items_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

// One import of one collection. Both threads report, one at a time.
template <typename Collection>
class StreamImport {
 public:
  StreamImport(Session& session, const std::vector<std::string>& files,
               const ImportOptions& options, ImportReport& report)
      : session_(session), files_(files), options_(options), report_(report) {}

  ExitCode Run() {
    const auto context = session_.NewStreamContext();
    const auto stream = Collection::Open(session_.channel(), context.get());
    std::thread receiver([this, &stream] { Receive(*stream); });
    const absl::Status read = SendAll(*stream);
    stream->WritesDone();
    receiver.join();
    const grpc::Status status = stream->Finish();
    if (!status.ok()) return Broken(status);
    if (!read.ok()) return session_.Fail(ExitCode::kFile, read.message());
    return ExitCode::kOk;
  }

 private:
  using Request = typename Collection::Request;
  using Response = typename Collection::Response;
  using Stream = grpc::ClientReaderWriter<Request, Response>;

  // Sends every record of every file. Stops at a file that cannot be read, and when the stream
  // breaks.
  absl::Status SendAll(Stream& stream) {
    for (size_t i = 0; i < files_.size(); ++i) {
      auto reader = RecordReader::Open(files_[i], options_.format);
      if (!reader.ok()) return reader.status();
      if (!SendFile(**reader, i, stream)) return absl::OkStatus();  // Finish tells why.
      if (!(*reader)->status().ok()) return (*reader)->status();
    }
    return absl::OkStatus();
  }

  bool SendFile(RecordReader& reader, size_t file, Stream& stream) {
    size_t bytes = 0;  // Of the records in request_.
    for (RawRecord record; reader.Next(record);) {
      auto& items = Collection::Items(request_);
      const absl::Status parsed = ParseRecord(record, reader.format(), items.Add());
      if (!parsed.ok()) {
        items.RemoveLast();
        MutexLock lock(report_mutex_);
        report_.Rejected({files_[file], record.position}, Malformed(parsed));
        continue;
      }
      if (!in_flight_.Push({.file = file, .position = record.position})) return false;
      bytes += record.bytes.size();
      if (items.size() < kItemsPerMessage && bytes < kBytesPerMessage) continue;
      if (!Send(stream)) return false;
      bytes = 0;
    }
    return Send(stream);
  }

  // Sends what is gathered.
  bool Send(Stream& stream) {
    if (Collection::Items(request_).empty()) return true;
    if (!started_) {
      request_.set_parent(RegionName(session_.settings.region));
      request_.set_validate_only(options_.validate_only);
      started_ = true;
    }
    const bool sent = stream.Write(request_);
    request_.Clear();  // Keeps the items' memory for the next message.
    return sent;
  }

  void Receive(Stream& stream) {
    for (Response response; stream.Read(&response);) {
      for (const v1::ImportReceipt& receipt : response.receipts()) TakeReceipt(receipt);
    }
    in_flight_.Close();
  }

  void TakeReceipt(const v1::ImportReceipt& receipt) {
    const std::optional<InFlight> item = in_flight_.TryPop();
    if (!item.has_value()) return;  // A receipt without an item: the server is wrong.
    MutexLock lock(report_mutex_);
    if (receipt.outcome() == v1::IMPORT_OUTCOME_REJECTED) {
      report_.Rejected({files_[item->file], item->position},
                       {receipt.problems().begin(), receipt.problems().end()});
    } else {
      report_.Done(receipt.outcome(), receipt.revision());
    }
  }

  ExitCode Broken(const grpc::Status& status) const {
    const ExitCode code = session_.Fail(status);
    session_.err << session_.Say(
        "  what has a receipt is safe; import the same files again: they change nothing twice\n",
        "  已确认的条目不会丢失；请重新导入同样的文件，重复导入不会产生变化\n");
    return code;
  }

  // Below the server's limits of 1,000 items and 4 MiB a message.
  static constexpr int kItemsPerMessage = 500;
  static constexpr size_t kBytesPerMessage = 1 << 20;

  Session& session_;
  const std::vector<std::string>& files_;
  const ImportOptions options_;
  Mutex report_mutex_;
  ImportReport& report_;
  InFlightQueue in_flight_;
  Request request_;  // Being filled.
  bool started_ = false;
};

}  // namespace

std::vector<v1::ImportProblem> Malformed(const absl::Status& status) {
  v1::ImportProblem problem;
  problem.set_reason("MALFORMED");
  problem.set_description(std::string(status.message()));
  problem.set_description_zh(absl::StrCat("无法读取：", status.message()));
  return {problem};
}

ExitCode ImportByStream(Session& session, const ResourceKind& kind,
                        const std::vector<std::string>& files, const ImportOptions& options,
                        ImportReport& report) {
  report.Begin(kind.word);
  ExitCode code = ExitCode::kOk;
  if (kind.word == "households") {
    code = StreamImport<Households>(session, files, options, report).Run();
  } else if (kind.word == "candidates") {
    code = StreamImport<Candidates>(session, files, options, report).Run();
  } else {
    code = StreamImport<Postings>(session, files, options, report).Run();
  }
  report.End();
  return code;
}

}  // namespace leye::ctl
