#include "services/gateway/grpc_call.h"

#include <algorithm>
#include <chrono>

#include <grpcpp/support/slice.h>

namespace leye::gateway {
namespace {

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

void Prepare(const CallHead& head, grpc::ClientContext& context) {
  for (const auto& [name, value] : head.metadata) context.AddMetadata(name, value);
  if (head.patience < absl::InfiniteDuration()) {
    // Beyond a century the clock's own range ends.
    constexpr absl::Duration kLongest = absl::Hours(24 * 365 * 100);
    context.set_deadline(std::chrono::system_clock::now() +
                         absl::ToChronoMicroseconds(std::min(head.patience, kLongest)));
  }
}

}  // namespace

bool IsMetadataValue(const std::string& value) {
  return std::all_of(value.begin(), value.end(),
                     [](char character) { return character >= ' ' && character <= '~'; });
}

std::shared_ptr<UnaryCall> UnaryCall::Start(grpc::GenericStub& stub, const CallHead& head,
                                            const std::string& request, Done done) {
  std::shared_ptr<UnaryCall> call(new UnaryCall());
  Prepare(head, call->context_);
  call->request_ = ToBuffer(request);
  stub.UnaryCall(
      &call->context_, head.path, {}, &call->request_, &call->answer_,
      [call, done = std::move(done)](const grpc::Status& status) { done(status, call->answer_); });
  return call;
}

std::shared_ptr<StreamCall> StreamCall::Start(grpc::GenericStub& stub, const CallHead& head,
                                              const std::string& request, Changed changed) {
  std::shared_ptr<StreamCall> call(new StreamCall(std::move(changed)));
  call->self_ = call;
  Prepare(head, call->context_);
  call->request_ = ToBuffer(request);
  stub.PrepareBidiStreamingCall(&call->context_, head.path, {}, call.get());
  // Reads are started from outside of gRPC's reactions; the hold lasts until the last of them.
  call->AddHold();
  call->StartWriteLast(&call->request_, {});
  call->StartRead(&call->incoming_);
  call->StartCall();
  return call;
}

void StreamCall::OnReadInitialMetadataDone(bool ok) {
  if (ok) changed_(self_);
}

void StreamCall::OnReadDone(bool ok) {
  if (!ok) {
    RemoveHold();
    return;
  }
  bool kept = false;
  {
    MutexLock lock(mutex_);
    kept = !cancelled_;
    if (kept) message_ = std::exchange(incoming_, grpc::ByteBuffer());
  }
  if (kept) {
    changed_(self_);
  } else {
    StartRead(&incoming_);  // Until it fails.
  }
}

void StreamCall::OnDone(const grpc::Status& status) {
  const std::shared_ptr<StreamCall> self = std::move(self_);
  {
    MutexLock lock(mutex_);
    end_ = status;
  }
  changed_(self);
}

std::optional<StreamCall::Event> StreamCall::Take() {
  Event event;
  {
    MutexLock lock(mutex_);
    if (!message_.has_value()) {
      if (!end_.has_value()) return std::nullopt;
      event.status = *std::exchange(end_, std::nullopt);
      return event;
    }
    event.message = std::exchange(message_, std::nullopt);
  }
  StartRead(&incoming_);
  return event;
}

void StreamCall::Cancel() {
  bool none_reads = false;
  {
    MutexLock lock(mutex_);
    if (std::exchange(cancelled_, true)) return;
    none_reads = message_.has_value();
    message_.reset();
  }
  context_.TryCancel();
  if (none_reads) StartRead(&incoming_);
}

}  // namespace leye::gateway
