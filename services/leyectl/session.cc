#include "services/leyectl/session.h"

#include <cstdlib>
#include <fstream>
#include <future>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include "services/leyectl/fields.h"
#include "services/leyectl/json.h"
#include "services/leyectl/status_text.h"
#include "services/leyectl/words.h"

namespace leye::ctl {
namespace {

constexpr int kMaxMessageBytes = 256 << 20;

using GenericStub =
    grpc::TemplatedGenericStub<google::protobuf::MessageLite, google::protobuf::MessageLite>;

// Reads `path` unless it is empty; whether that went well.
bool ReadInto(const std::string& path, std::string& text) {
  if (path.empty()) return true;
  std::ifstream file(path, std::ios::binary);
  text.assign(std::istreambuf_iterator<char>(file), {});
  return static_cast<bool>(file);
}

// Of a secret that stands on a line.
void TakeSecret(const char* variable, std::string& text) {
  const char* said = std::getenv(variable);
  if (text.empty() && said != nullptr) text = said;
  text = std::string(absl::StripAsciiWhitespace(text));
}

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const CallerSettings& caller) {
  if (caller.ca_pem.empty()) return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials({caller.ca_pem, caller.key_pem, caller.cert_pem});
}

}  // namespace

std::string ReadCaller(CallerSettings& caller) {
  const std::pair<const std::string&, std::string&> files[] = {
      {caller.ca_file, caller.ca_pem},
      {caller.cert_file, caller.cert_pem},
      {caller.key_file, caller.key_pem},
      {caller.token_file, caller.token},
      {caller.api_key_file, caller.api_key}};
  for (const auto& [path, text] : files) {
    if (!ReadInto(path, text)) return "cannot read " + path;
  }
  if (caller.cert_file.empty() != caller.key_file.empty()) {
    return "--cert-file goes with --key-file";
  }
  if (!caller.cert_file.empty() && caller.ca_file.empty()) return "--cert-file needs --ca-file";
  TakeSecret("LEYECTL_TOKEN", caller.token);
  TakeSecret("LEYECTL_API_KEY", caller.api_key);
  return "";
}

std::shared_ptr<grpc::Channel> Session::channel() {
  if (channel_ == nullptr) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
    arguments.SetMaxSendMessageSize(kMaxMessageBytes);
    channel_ =
        grpc::CreateCustomChannel(settings.server, CredentialsOf(settings.caller), arguments);
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
  const CallerSettings& caller = settings.caller;
  if (!caller.token.empty()) context->AddMetadata("authorization", "Bearer " + caller.token);
  if (!caller.api_key.empty()) context->AddMetadata("x-api-key", caller.api_key);
  if (!caller.purpose.empty()) context->AddMetadata("x-purpose", caller.purpose);
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

ExitCode Session::CallAndPrint(const google::protobuf::MethodDescriptor& method,
                               const google::protobuf::Message& request) {
  const auto response = NewMessage(method.output_type());
  const grpc::Status status = Call(method, request, response.get());
  if (!status.ok()) return Fail(status);
  out << (settings.json ? ToJson(*response) + "\n" : ToReadableJson(*response));
  return ExitCode::kOk;
}

void Session::PrintList(const google::protobuf::Message& response,
                        absl::Span<const absl::string_view> paths) const {
  const google::protobuf::FieldDescriptor* items = response.GetDescriptor()->field(0);
  const int count = response.GetReflection()->FieldSize(response, items);
  std::vector<Column> columns;
  for (const absl::string_view path : paths) {
    if (path.empty()) continue;
    columns.push_back({.title = ColumnTitle(path, settings.language), .max_width = 48});
  }
  Table table(std::move(columns));
  const FieldStyle style{.language = settings.language, .region = settings.region};
  for (int i = 0; i < count; ++i) {
    const auto& item = response.GetReflection()->GetRepeatedMessage(response, items, i);
    if (settings.json) {
      PrintJson(item);
      continue;
    }
    std::vector<std::string> cells;
    for (const absl::string_view path : paths) {
      if (!path.empty()) cells.push_back(FieldText(item, path, style));
    }
    table.Add(std::move(cells));
  }
  if (!settings.json) out << table.Render(table_style()) << std::flush;
}

void Session::TellMore(absl::string_view next_page_token) const {
  if (next_page_token.empty()) return;
  err << Say("more: --page-token ", "还有更多：--page-token ") << next_page_token << "\n";
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
