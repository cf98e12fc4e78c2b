// What comes over HTTP, before it is a call.

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/gateway/json_reader.h"
#include "services/gateway/json_writer.h"
#include "services/gateway/protocol.h"
#include "tests/e2e/requests.h"
#include "tests/fuzz/message_mutator.h"
#include "tests/fuzz/target.h"

namespace leye::fuzz {
namespace {

// The first line, and what follows it.
std::pair<absl::string_view, absl::string_view> FirstLineOf(absl::string_view input) {
  return absl::StrSplit(input, absl::MaxSplits('\n', 1));
}

// Input: the name of an RPC, and on the next lines its request in JSON.
class JsonTarget final : public Target {
 public:
  std::string Try(absl::string_view input) override {
    const auto [name, json] = FirstLineOf(input);
    const auto message = RequestOf(name);
    if (message == nullptr) return "";
    const absl::Status read = gateway::FromJson(json, *message);
    if (!read.ok()) return absl::IsInvalidArgument(read) ? "" : read.ToString();
    const std::string bytes = message->SerializeAsString();
    const auto again = RequestOf(name);
    if (!again->ParseFromString(bytes)) return "makes a message that is none";
    again->Clear();
    const absl::Status same = gateway::FromJson(gateway::ToJson(*message), *again);
    if (!same.ok()) return absl::StrCat("does not take what it writes: ", same.ToString());
    return again->SerializeAsString() == bytes ? "" : "takes what it writes for something else";
  }

  std::vector<std::string> Seeds() const override {
    std::vector<std::string> seeds;
    for (const e2e::SampleRequest& sample : e2e::SampleRequests()) {
      seeds.push_back(
          absl::StrCat(sample.rpc->full_name(), "\n", gateway::ToJson(*sample.message)));
    }
    return seeds;
  }

  std::string Mutate(absl::string_view input, Dice& dice) const override {
    const auto [name, json] = FirstLineOf(input);
    const auto message = RequestOf(name);
    if (message == nullptr) return MutateText(dice.OneOf(Seeds()), dice);
    if (dice.OneIn(2) || !gateway::FromJson(json, *message).ok()) {
      return absl::StrCat(name, "\n", MutateText(json, dice));
    }
    mutator_.Mutate(*message, dice);
    return absl::StrCat(name, "\n", gateway::ToJson(*message));
  }

 private:
  // Null when there is no such RPC.
  static std::unique_ptr<google::protobuf::Message> RequestOf(absl::string_view name) {
    static const auto& all = *new std::vector<const e2e::Rpc*>(e2e::AllRpcs());
    for (const e2e::Rpc* rpc : all) {
      if (rpc->full_name() == name) return e2e::NewMessage(*rpc->input_type());
    }
    return nullptr;
  }

  const MessageMutator mutator_;
};

// Input: a line "POST name=value name=value" with what the query says, headers a line each, an
// empty line, the body.
class HttpTarget final : public Target {
 public:
  std::string Try(absl::string_view input) override {
    const gateway::HttpRequest request = ReadRequest(input);
    const auto named = gateway::DialectOf(request);
    for (const gateway::Protocol protocol :
         {gateway::Protocol::kConnectUnary, gateway::Protocol::kConnectGet,
          gateway::Protocol::kConnectStream, gateway::Protocol::kGrpcWeb,
          gateway::Protocol::kGrpcWebText}) {
      const std::string wrong = TryAs({.protocol = protocol}, request);
      if (!wrong.empty()) return wrong;
    }
    return named ? TryAs(*named, request) : "";
  }

  std::vector<std::string> Seeds() const override {
    return {"POST\ncontent-type: application/json\nconnect-protocol-version: 1\n\n{}",
            "GET connect=v1 encoding=json message={} base64=0\nconnect-timeout-ms: 1500\n\n",
            "GET encoding=proto base64=1 message=CgNhYmM\n\n",
            absl::StrCat("POST\ncontent-type: application/grpc-web+proto\ngrpc-timeout: 2S\n\n",
                         absl::string_view("\0\0\0\0\3abc", 8)),
            "POST\ncontent-type: application/grpc-web-text; charset=utf-8\n\nAAAAAANhYmM=",
            absl::StrCat("POST\ncontent-type: application/connect+json\ncontent-encoding: gzip\n\n",
                         absl::string_view("\1\0\0\0\2{}", 7))};
  }

 private:
  static gateway::HttpRequest ReadRequest(absl::string_view input) {
    gateway::HttpRequest request;
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(input, absl::MaxSplits("\n\n", 1));
    request.body = std::string(parts.second);
    const auto [first, headers] = FirstLineOf(parts.first);
    for (const absl::string_view word : absl::StrSplit(first, ' ')) {
      if (request.method.empty()) {
        request.method = std::string(word);
      } else {
        request.query.push_back(absl::StrSplit(word, absl::MaxSplits('=', 1)));
      }
    }
    for (const absl::string_view line : absl::StrSplit(headers, '\n')) {
      request.headers.push_back(absl::StrSplit(line, absl::MaxSplits(": ", 1)));
    }
    return request;
  }

  static std::string TryAs(const gateway::Dialect& dialect, const gateway::HttpRequest& request) {
    const auto patience = gateway::PatienceOf(dialect, request);
    if (patience.ok() && *patience < absl::ZeroDuration()) return "waits less than no time";
    const auto message = gateway::MessageOf(dialect, request);
    for (const absl::Status& status : {patience.status(), message.status()}) {
      const bool said = status.ok() || absl::IsInvalidArgument(status) ||
                        status.code() == absl::StatusCode::kUnimplemented;
      if (!said) return status.ToString();
    }
    if (!gateway::IsFramed(dialect)) return "";
    gateway::HttpRequest framed;
    framed.body = gateway::MessageFrame(dialect, request.body);
    const auto again = gateway::MessageOf(dialect, framed);
    return again.ok() && *again == request.body ? "" : "does not take its own frame";
  }
};

}  // namespace

std::unique_ptr<Target> NewJsonTarget() { return std::make_unique<JsonTarget>(); }
std::unique_ptr<Target> NewHttpTarget() { return std::make_unique<HttpTarget>(); }

}  // namespace leye::fuzz
