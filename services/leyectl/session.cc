#include "services/leyectl/session.h"

#include <future>

#include "absl/strings/str_cat.h"
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include "services/leyectl/json.h"
#include "services/leyectl/status_text.h"

namespace leye::ctl {
namespace {

constexpr int kMaxMessageBytes = 256 << 20;

using GenericStub =
    grpc::TemplatedGenericStub<google::protobuf::MessageLite, google::protobuf::MessageLite>;

}  // namespace

std::shared_ptr<grpc::Channel> Session::channel() {
  if (channel_ == nullptr) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
    arguments.SetMaxSendMessageSize(kMaxMessageBytes);
    channel_ =
        grpc::CreateCustomChannel(settings.server, grpc::InsecureChannelCredentials(), arguments);
  }
  return channel_;
}

std::unique_ptr<grpc::ClientContext> Session::NewContext() const {
  std::unique_ptr<grpc::ClientContext> context = NewStreamContext();
  context->set_deadline(absl::ToChronoTime(absl::Now() + settings.timeout));
  return context;
}

std::unique_ptr<grpc::ClientContext> Session::NewStreamContext() const {
  auto context = std::make_unique<grpc::ClientContext>();
  context->AddMetadata("accept-language", LanguageTag(settings.language));
  return context;
}

grpc::Status Session::Call(const google::protobuf::MethodDescriptor& method,
                           const google::protobuf::Message& request,
                           google::protobuf::Message* response) {
  const std::string path = absl::StrCat("/", method.service()->full_name(), "/", method.name());
  const std::unique_ptr<grpc::ClientContext> context = NewContext();
  std::promise<grpc::Status> finished;
  GenericStub(channel()).UnaryCall(
      context.get(), path, {}, &request, response,
      [&finished](grpc::Status status) { finished.set_value(std::move(status)); });
  return finished.get_future().get();
}

ExitCode Session::Fail(const grpc::Status& status) const {
  err << (settings.json ? StatusJson(status) + "\n" : StatusText(status, settings)) << std::flush;
  return ExitCodeOf(status);
}

ExitCode Session::Fail(ExitCode code, absl::string_view message) const {
  err << "leyectl: " << message << "\n" << std::flush;
  return code;
}

void Session::PrintJson(const google::protobuf::Message& message) const {
  out << ToJson(message) << "\n" << std::flush;
}

}  // namespace leye::ctl
