// What every command shares: the settings of the command line, the connection, the two output
// streams.

#ifndef LEYE_SERVICES_LEYECTL_SESSION_H_
#define LEYE_SERVICES_LEYECTL_SESSION_H_

#include <memory>
#include <ostream>
#include <string>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include <google/protobuf/message.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include "services/leyectl/exit_code.h"
#include "services/leyectl/language.h"
#include "services/leyectl/table.h"

namespace leye::ctl {

// What the caller presents: files as the flags name them, and what they say.
struct CallerSettings {
  std::string ca_file;  // Empty: no TLS.
  std::string cert_file;
  std::string key_file;
  std::string token_file;
  std::string api_key_file;
  std::string purpose;
  std::string ca_pem = {};
  std::string cert_pem = {};
  std::string key_pem = {};
  std::string token = {};
  std::string api_key = {};
};

// Reads the files, and what the environment says instead of them. What is wrong, in words; empty
// when all is well.
std::string ReadCaller(CallerSettings& caller);

struct Settings {
  std::string server = "127.0.0.1:7400";
  bool json = false;  // For programs: proto JSON, one object a line.
  Language language = Language::kEnglish;
  std::string region = "13";
  absl::Duration timeout = absl::Seconds(30);  // Of one unary call.
  bool color = false;
  bool progress = false;  // Errors go to a terminal: long work may draw a line there.
  CallerSettings caller = {};
};

// Thread-compatible. Connects at the first call.
class Session {
 public:
  Session(std::ostream& output, std::ostream& errors) : out(output), err(errors) {}

  // The connection. Messages may be as large as a page of 1,000 records.
  std::shared_ptr<grpc::Channel> channel();

  // A context with the call's deadline and the language asked of the server.
  std::unique_ptr<grpc::ClientContext> NewContext() const;

  // A context without a deadline, for streams.
  std::unique_ptr<grpc::ClientContext> NewStreamContext() const;

  // Calls a unary method. REQUIRES: the messages are of the method's types.
  grpc::Status Call(const google::protobuf::MethodDescriptor& method,
                    const google::protobuf::Message& request, google::protobuf::Message* response);

  // The same, and prints the response.
  ExitCode CallAndPrint(const google::protobuf::MethodDescriptor& method,
                        const google::protobuf::Message& request);

  // Prints the messages of the response's first field, one a line of JSON or a row of a table that
  // shows the fields of these paths; empty ones are passed over.
  void PrintList(const google::protobuf::Message& response,
                 absl::Span<const absl::string_view> paths) const;

  // Says how to go on where a page ended. Nothing when it was the last: the token is empty.
  void TellMore(absl::string_view next_page_token) const;

  // Prints a failed call, in words or as the google.rpc.Status in JSON, and says how to leave.
  ExitCode Fail(const grpc::Status& status) const;

  // Prints a mistake that leyectl itself found.
  ExitCode Fail(ExitCode code, absl::string_view message) const;

  // Prints a message as one line of JSON.
  void PrintJson(const google::protobuf::Message& message) const;

  absl::string_view Say(absl::string_view english, absl::string_view chinese) const {
    return ctl::Say(settings.language, english, chinese);
  }
  TableStyle table_style() const { return {.color = settings.color}; }

  Settings settings;
  std::ostream& out;
  std::ostream& err;

 private:
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_SESSION_H_
