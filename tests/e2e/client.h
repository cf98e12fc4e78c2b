// Calls by any means that a stranger's client has: typed, by reflection, or raw bytes.
//
//   Client client(server.channel());
//   LEYE_ASSERT_OK_AND_ASSIGN(auto got, client.Call<v1::GetPostingResponse>(request));
//   Answer answer = client.CallRaw("leye.v1.PostingService.GetPosting", {"\xff\xff"});
//
// Errors are absl::Status with the details that came over the wire, so that FailsWith and
// GetErrorDetails read them.

#ifndef LEYE_TESTS_E2E_CLIENT_H_
#define LEYE_TESTS_E2E_CLIENT_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

namespace leye::e2e {

// Time enough for any call of these tests, on a busy machine and under a sanitizer.
inline constexpr absl::Duration kPatience = absl::Seconds(60);

// What a call gave.
struct Answer {
  absl::Status status;
  std::vector<std::string> messages;  // Serialised responses, in order.
};

struct CallOptions {
  absl::Duration patience = kPatience;
  // Cancel after this many messages. Streams that never end need it; -1: wait for the end.
  int most_messages = -1;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

// The status of a finished call, with its details.
absl::Status FromGrpcStatus(const grpc::Status& status);

// Gives the call that much time.
void SetDeadline(grpc::ClientContext& context, absl::Duration patience = kPatience);

// Aborts, saying `what`, unless `holds`: for mistakes in the tests themselves.
void Require(bool holds, absl::string_view what);

// The message that `text`, a textproto, says. REQUIRES: it says one.
template <typename M>
M Parse(absl::string_view text) {
  M message;
  Require(google::protobuf::TextFormat::ParseFromString(std::string(text), &message), text);
  return message;
}

// Thread-safe.
class Client {
 public:
  // With these headers on every call, which say who is calling.
  explicit Client(std::shared_ptr<grpc::Channel> channel, Headers headers = {})
      : channel_(std::move(channel)), headers_(std::move(headers)) {}

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // Calls the unary RPC whose request type `request` has.
  template <typename Response>
  absl::StatusOr<Response> Call(const google::protobuf::Message& request,
                                const CallOptions& options = {}) const {
    const Answer answer = CallMethodOf(request, options);
    if (!answer.status.ok()) return answer.status;
    Response response;
    if (answer.messages.size() != 1 || !response.ParseFromString(answer.messages[0])) {
      return absl::InternalError("the answer is not one response");
    }
    return response;
  }

  // Calls the RPC of whatever kind whose request type `request` has.
  Answer CallMethodOf(const google::protobuf::Message& request,
                      const CallOptions& options = {}) const;

  // Calls the RPC `method` ("leye.v1.PostingService.GetPosting"), of whatever kind, with these
  // messages and then a half-close.
  Answer CallRaw(absl::string_view method, const std::vector<std::string>& messages,
                 const CallOptions& options = {}) const;

 private:
  std::shared_ptr<grpc::Channel> channel_;
  Headers headers_;
};

// Whether health says that `name` is served, a service's or another; "" is the whole server. Its
// error for a name that it does not know is NOT_FOUND.
absl::StatusOr<bool> IsServing(const Client& client, const std::string& name);

}  // namespace leye::e2e

#endif  // LEYE_TESTS_E2E_CLIENT_H_
