#include "tests/e2e/import_stream.h"

#include "absl/strings/str_cat.h"

#include "tests/e2e/small_world.h"

namespace leye::e2e {

v1::ImportCandidatesRequest CandidateItems(int first, int count) {
  v1::ImportCandidatesRequest items;
  items.set_parent("regions/13");
  for (int i = first; i < first + count; ++i) {
    v1::Candidate& person = *items.add_candidates();
    person.mutable_external_id()->set_source("ledger");
    person.mutable_external_id()->set_id(absl::StrCat("p", i));
    person.set_household(NameOf("households", "li"));
    person.set_birth_date("1991-01-01");
  }
  return items;
}

CandidateStream::CandidateStream(const Client& client)
    : stub_(v1::CandidateService::NewStub(client.channel())) {
  SetDeadline(context_);
  stream_ = stub_->ImportCandidates(&context_);
  reader_ = std::thread([this] { ReadAll(); });
}

CandidateStream::~CandidateStream() {
  if (!reader_.joinable()) return;
  Cancel();
  Finish();
}

void CandidateStream::ReadAll() {
  v1::ImportCandidatesResponse response;
  while (stream_->Read(&response)) {
    MutexLock lock(mutex_);
    receipts_.insert(receipts_.end(), response.receipts().begin(), response.receipts().end());
    changed_.NotifyAll();
  }
  MutexLock lock(mutex_);
  over_ = true;
  changed_.NotifyAll();
}

void CandidateStream::WaitForReceipts(size_t count) {
  MutexLock lock(mutex_);
  while (receipts_.size() < count && !over_) changed_.Wait(mutex_);
}

ImportResult CandidateStream::Finish() {
  stream_->WritesDone();
  reader_.join();
  const grpc::Status status = stream_->Finish();
  MutexLock lock(mutex_);
  return {FromGrpcStatus(status), receipts_};
}

ImportResult ImportCandidates(const Client& client, const v1::ImportCandidatesRequest& items) {
  CandidateStream stream(client);
  stream.Write(items);
  return stream.Finish();
}

}  // namespace leye::e2e
