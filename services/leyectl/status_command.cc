// status: is the server well, and how much does it hold.

#include <string>

#include "absl/strings/str_cat.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include <CLI/App.hpp>

#include "services/leyectl/commands.h"
#include "services/leyectl/fields.h"
#include "services/leyectl/json.h"
#include "services/leyectl/resource.h"

namespace leye::ctl {
namespace {

namespace health = grpc::health::v1;

constexpr int kRecordsPerPage = 1000;
constexpr int kMaxPages = 5;  // A larger collection is only counted so far: "5,000+".

struct Count {
  int records = 0;
  bool more = false;
};

grpc::Status CountRecords(Session& session, const ResourceKind& kind, Count& count) {
  const google::protobuf::MethodDescriptor* method = FindMethod(kind, "List");
  const auto request = NewMessage(method->input_type());
  SetString(request.get(), "parent", RegionName(session.settings.region));
  SetInt32(request.get(), "page_size", kRecordsPerPage);
  for (int page = 0; page < kMaxPages; ++page) {
    const auto response = NewMessage(method->output_type());
    const grpc::Status status = session.Call(*method, *request, response.get());
    if (!status.ok()) return status;
    count.records +=
        response->GetReflection()->FieldSize(*response, method->output_type()->field(0));
    const std::string token = GetString(*response, "next_page_token");
    count.more = !token.empty();
    if (token.empty()) break;
    SetString(request.get(), "page_token", token);
  }
  return grpc::Status::OK;
}

// The health of the whole server: SERVING or another word of the health protocol.
grpc::Status CheckHealth(Session& session, std::string& word) {
  health::HealthCheckResponse response;
  const auto context = session.NewContext();
  const grpc::Status status =
      health::Health::NewStub(session.channel())->Check(context.get(), {}, &response);
  word = health::HealthCheckResponse::ServingStatus_Name(response.status());
  return status;
}

// Every collection's count, as text or as members of a JSON object.
grpc::Status AppendCounts(Session& session, std::string& text) {
  for (const ResourceKind& kind : AllKinds()) {
    if (!kind.regional) continue;
    Count count;
    const grpc::Status status = CountRecords(session, kind, count);
    if (!status.ok()) return status;
    if (session.settings.json) {
      absl::StrAppend(&text, ",\"", kind.collection, "\":", count.records, ",\"", kind.collection,
                      "More\":", count.more ? "true" : "false");
    } else {
      absl::StrAppend(&text, "  ", kind.word, " ", Grouped(count.records), count.more ? "+" : "",
                      "\n");
    }
  }
  return grpc::Status::OK;
}

ExitCode Status(Session& session, bool health_only) {
  std::string health;
  grpc::Status status = CheckHealth(session, health);
  if (!status.ok()) return session.Fail(status);
  const bool serving = health == "SERVING";
  const bool json = session.settings.json;
  std::string text = json ? absl::StrCat("{\"server\":", JsonString(session.settings.server),
                                         ",\"health\":\"", health, "\"")
                          : absl::StrCat(session.settings.server, "  ", health, "\n");
  if (serving && !health_only) status = AppendCounts(session, text);
  if (!status.ok()) return session.Fail(status);
  session.out << text << (json ? "}\n" : "");
  return serving ? ExitCode::kOk : ExitCode::kUnavailable;
}

}  // namespace

void AddStatusCommand(CLI::App& app, Invocation& invocation) {
  const Session& session = invocation.session;
  auto health_only = std::make_shared<bool>(false);
  CLI::App* status = app.add_subcommand(
      "status", std::string(session.Say("Health of the server, and how much it holds",
                                        "服务状态与数据规模")));
  status->add_flag("--health", *health_only,
                   std::string(session.Say("Only the health; 5 unless it serves",
                                           "只看状态；未就绪时退出码为 5")));
  status->callback([&invocation, health_only] {
    invocation.exit_code = Status(invocation.session, *health_only);
  });
}

}  // namespace leye::ctl
