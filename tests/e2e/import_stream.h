// An import of candidates as a good client makes it: one thread writes, another takes the receipts.
//
//   CandidateStream stream(client);
//   stream.Write(CandidateItems(0, 1'000));
//   stream.WaitForReceipts(1'000);
//   ImportResult result = stream.Finish();

#ifndef LEYE_TESTS_E2E_IMPORT_STREAM_H_
#define LEYE_TESTS_E2E_IMPORT_STREAM_H_

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include <grpcpp/client_context.h>

#include "leye/v1/candidate.grpc.pb.h"
#include "services/base/mutex.h"
#include "tests/e2e/client.h"

namespace leye::e2e {

struct ImportResult {
  absl::Status status;
  std::vector<v1::ImportReceipt> receipts;
};

// People p<first>, p<first + 1>, ... of the source "ledger", in household `li` of the small world.
v1::ImportCandidatesRequest CandidateItems(int first, int count);

// One thread writes; the receipts are taken by a thread of this object's own.
class CandidateStream {
 public:
  explicit CandidateStream(const Client& client);
  // Cancels, unless Finish has been called.
  ~CandidateStream();

  // False when the stream is over.
  bool Write(const v1::ImportCandidatesRequest& items) { return stream_->Write(items); }

  // Returns when there are so many in all, or the stream is over.
  void WaitForReceipts(size_t count) ABSL_LOCKS_EXCLUDED(mutex_);

  void Cancel() { context_.TryCancel(); }

  // Half-closes, takes all receipts, and the status.
  ImportResult Finish() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void ReadAll() ABSL_LOCKS_EXCLUDED(mutex_);

  grpc::ClientContext context_;
  std::unique_ptr<v1::CandidateService::Stub> stub_;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::ImportCandidatesRequest, v1::ImportCandidatesResponse>>
      stream_;
  Mutex mutex_;
  CondVar changed_;
  std::vector<v1::ImportReceipt> receipts_ ABSL_GUARDED_BY(mutex_);
  bool over_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread reader_;
};

// The whole of it for one message.
ImportResult ImportCandidates(const Client& client, const v1::ImportCandidatesRequest& items);

}  // namespace leye::e2e

#endif  // LEYE_TESTS_E2E_IMPORT_STREAM_H_
