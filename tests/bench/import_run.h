// One import stream, as fast as the server takes it: one thread writes, another takes receipts.
//
//   ImportRun run = RunImport<CandidateImport>(channel, world.candidates, 500);
//   run.seconds;        // from the first message to the last receipt: all of it is durable
#ifndef LEYE_TESTS_BENCH_IMPORT_RUN_H_
#define LEYE_TESTS_BENCH_IMPORT_RUN_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include "leye/v1/candidate.grpc.pb.h"
#include "leye/v1/household.grpc.pb.h"
#include "leye/v1/posting.grpc.pb.h"

namespace leye::bench {

struct ImportRun {
  double seconds = 0;
  int64_t created = 0;
  int64_t other = 0;
  std::string revision;  // That holds all of it.
  std::string error;     // Empty: none.

  double PerSecond() const { return seconds > 0 ? static_cast<double>(created) / seconds : 0; }
};

struct HouseholdImport {
  using Service = v1::HouseholdService;
  using Request = v1::ImportHouseholdsRequest;
  using Response = v1::ImportHouseholdsResponse;
  static auto Open(Service::Stub& stub, grpc::ClientContext& context) {
    return stub.ImportHouseholds(&context);
  }
  static auto& Items(Request& request) { return *request.mutable_households(); }
};

struct CandidateImport {
  using Service = v1::CandidateService;
  using Request = v1::ImportCandidatesRequest;
  using Response = v1::ImportCandidatesResponse;
  static auto Open(Service::Stub& stub, grpc::ClientContext& context) {
    return stub.ImportCandidates(&context);
  }
  static auto& Items(Request& request) { return *request.mutable_candidates(); }
};

struct PostingImport {
  using Service = v1::PostingService;
  using Request = v1::ImportPostingsRequest;
  using Response = v1::ImportPostingsResponse;
  static auto Open(Service::Stub& stub, grpc::ClientContext& context) {
    return stub.ImportPostings(&context);
  }
  static auto& Items(Request& request) { return *request.mutable_postings(); }
};

namespace import_internal {

template <typename Kind, typename Resource>
std::vector<typename Kind::Request> Messages(const std::vector<Resource>& items, size_t size) {
  std::vector<typename Kind::Request> messages;
  for (size_t first = 0; first < items.size(); first += size) {
    auto& message = messages.emplace_back();
    message.set_parent("regions/13");
    const size_t end = std::min(first + size, items.size());
    Kind::Items(message).Reserve(static_cast<int>(end - first));
    for (size_t i = first; i < end; ++i) *Kind::Items(message).Add() = items[i];
  }
  return messages;
}

template <typename Stream, typename Response>
void TakeReceipts(Stream& stream, Response response, ImportRun& run) {
  while (stream.Read(&response)) {
    for (const v1::ImportReceipt& receipt : response.receipts()) {
      if (receipt.outcome() == v1::IMPORT_OUTCOME_CREATED) {
        ++run.created;
        run.revision = receipt.revision();
      } else {
        ++run.other;
      }
    }
  }
}

}  // namespace import_internal

// Making the messages is not measured; serialising them, as a client must, is.
template <typename Kind, typename Resource>
ImportRun RunImport(const std::shared_ptr<grpc::Channel>& channel,
                    const std::vector<Resource>& items, int message_items) {
  const auto messages = import_internal::Messages<Kind>(items, static_cast<size_t>(message_items));
  ImportRun run;
  grpc::ClientContext context;
  const auto stub = Kind::Service::NewStub(channel);
  const auto began = std::chrono::steady_clock::now();
  const auto stream = Kind::Open(*stub, context);
  std::thread reader(
      [&] { import_internal::TakeReceipts(*stream, typename Kind::Response(), run); });
  for (const auto& message : messages) {
    if (!stream->Write(message)) break;
  }
  stream->WritesDone();
  reader.join();
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const grpc::Status status = stream->Finish();
  if (!status.ok()) run.error = status.error_message();
  return run;
}

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_IMPORT_RUN_H_
