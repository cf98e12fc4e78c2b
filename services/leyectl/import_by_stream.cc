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
#include "services/leyectl/notice_source.h"

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

// The items whose receipts are awaited, in order. Thread-safe.
class InFlightQueue {
 public:
  static constexpr size_t kCapacity = 16'384;
  static constexpr size_t kCapacityBytes = 64 << 20;  // Far more than one message.

  // Waits for room. False when the receiving side has given up.
  bool Push(SourceItem item) {
    MutexLock lock(mutex_);
    while ((items_.size() >= kCapacity || bytes_ >= kCapacityBytes) && !closed_) {
      room_.Wait(mutex_);
    }
    if (closed_) return false;
    bytes_ += item.bytes;
    items_.push_back(std::move(item));
    return true;
  }

  // The oldest; nullopt when there is none.
  std::optional<SourceItem> TryPop() {
    MutexLock lock(mutex_);
    if (items_.empty()) return std::nullopt;
    SourceItem item = std::move(items_.front());
    items_.pop_front();
    bytes_ -= item.bytes;
    room_.NotifyOne();
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
  std::deque<SourceItem> items_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

// One import of one collection. Both threads report, one at a time.
template <typename Collection>
class StreamImport {
 public:
  StreamImport(Session& session, ItemSource& source, const ImportOptions& options,
               ImportReport& report)
      : session_(session), source_(source), options_(options), report_(report) {}

  ExitCode Run() {
    const auto context = session_.NewStreamContext();
    const auto stream = Collection::Open(session_.channel(), context.get());
    std::thread receiver([this, &stream] { Receive(*stream); });
    SendAll(*stream);
    stream->WritesDone();
    receiver.join();
    const grpc::Status status = stream->Finish();
    if (!status.ok()) return Broken(status);
    if (source_.status().ok()) return ExitCode::kOk;
    return session_.Fail(ExitCode::kFile, source_.status().message());
  }

 private:
  using Request = typename Collection::Request;
  using Response = typename Collection::Response;
  using Stream = grpc::ClientReaderWriter<Request, Response>;

  // Sends every record. Stops where the source cannot be read, and when the stream breaks: Finish
  // tells why.
  void SendAll(Stream& stream) {
    size_t bytes = 0;  // Of the records in request_.
    auto& items = Collection::Items(request_);
    for (SourceItem item; source_.Next(items.Add(), item);) {
      if (!item.problems.empty()) {
        items.RemoveLast();
        MutexLock lock(report_mutex_);
        report_.Rejected(item.place, source_.Rejected(item, item.problems));
        continue;
      }
      bytes += item.bytes;
      if (!in_flight_.Push(std::move(item))) return;
      if (items.size() < kItemsPerMessage && bytes < kBytesPerMessage) continue;
      if (!Send(stream)) return;
      bytes = 0;
    }
    items.RemoveLast();  // The one that was made for what did not come.
    Send(stream);
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
    const std::optional<SourceItem> item = in_flight_.TryPop();
    if (!item.has_value()) return;  // A receipt without an item: the server is wrong.
    MutexLock lock(report_mutex_);
    if (receipt.outcome() == v1::IMPORT_OUTCOME_REJECTED) {
      report_.Rejected(item->place, source_.Rejected(*item, {receipt.problems().begin(),
                                                             receipt.problems().end()}));
    } else {
      report_.Done(receipt.outcome(), receipt.revision());
      report_.Found(item->place, receipt);
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
  ItemSource& source_;
  const ImportOptions options_;
  Mutex report_mutex_;
  ImportReport& report_;
  InFlightQueue in_flight_;
  Request request_;  // Being filled.
  bool started_ = false;
};

}  // namespace

ExitCode ImportByStream(Session& session, const ResourceKind& kind, ItemSource& source,
                        const ImportOptions& options, ImportReport& report) {
  report.Begin(kind.word);
  ExitCode code = ExitCode::kOk;
  if (kind.word == "households") {
    code = StreamImport<Households>(session, source, options, report).Run();
  } else if (kind.word == "candidates") {
    code = StreamImport<Candidates>(session, source, options, report).Run();
  } else {
    code = StreamImport<Postings>(session, source, options, report).Run();
  }
  report.End();
  return code;
}

ExitCode ImportInto(Session& session, const ResourceKind& kind, ItemSource& source,
                    const ImportOptions& options, ImportReport& report) {
  const google::protobuf::MethodDescriptor* list = FindMethod(kind, "List");
  const bool has_stream = list != nullptr && list->service()->FindMethodByName(
                                                 absl::StrCat("Import", kind.plural)) != nullptr;
  if (!has_stream) return ImportByCalls(session, kind, source, options, report);
  if (options.suggestions.empty() || kind.word != "postings") {
    return ImportByStream(session, kind, source, options, report);
  }
  NoticeSource noticed(session, source, report);
  const absl::Status opened = noticed.Open(options.suggestions);
  if (!opened.ok()) return session.Fail(ExitCode::kFile, opened.message());
  const ExitCode code = ImportByStream(session, kind, noticed, options, report);
  const ExitCode asked = noticed.Finish();
  return code == ExitCode::kOk ? asked : code;
}

}  // namespace leye::ctl
