// get and list, for every kind of resource, by descriptors.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include <CLI/App.hpp>

#include "services/leyectl/commands.h"
#include "services/leyectl/fields.h"
#include "services/leyectl/json.h"
#include "services/leyectl/resource.h"

namespace leye::ctl {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

struct ListFlags {
  std::string collection;
  std::string filter;
  std::string order_by;
  int page_size = 50;
  std::string page_token;
  bool all = false;
};

ExitCode Get(Session& session, const std::string& name) {
  const ResourceKind* kind = KindOfName(name);
  if (kind == nullptr) {
    return session.Fail(ExitCode::kUsage, absl::StrCat(session.Say("say of which kind: postings/",
                                                                   "请写明种类，例如 postings/"),
                                                       name));
  }
  const MethodDescriptor* method = FindMethod(*kind, "Get");
  const auto request = NewMessage(method->input_type());
  SetString(request.get(), "name", FullName(name, kind->collection, session.settings.region));
  const auto response = NewMessage(method->output_type());
  const grpc::Status status = session.Call(*method, *request, response.get());
  if (!status.ok()) return session.Fail(status);
  const Message& resource =
      response->GetReflection()->GetMessage(*response, method->output_type()->field(0));
  session.out << (session.settings.json ? ToJson(resource) + "\n" : ToReadableJson(resource));
  return ExitCode::kOk;
}

ExitCode List(Session& session, const ListFlags& flags) {
  const ResourceKind* kind = FindKind(flags.collection);
  if (kind == nullptr) {
    return session.Fail(
        ExitCode::kUsage,
        absl::StrCat(session.Say("no such collection: ", "没有这种资源："), flags.collection));
  }
  const MethodDescriptor* method = FindMethod(*kind, "List");
  const auto request = NewMessage(method->input_type());
  SetString(request.get(), "parent", RegionName(session.settings.region));
  SetString(request.get(), "filter", flags.filter);
  SetString(request.get(), "order_by", flags.order_by);
  SetInt32(request.get(), "page_size", flags.page_size);
  std::string token = flags.page_token;
  do {
    SetString(request.get(), "page_token", token);
    const auto response = NewMessage(method->output_type());
    const grpc::Status status = session.Call(*method, *request, response.get());
    if (!status.ok()) return session.Fail(status);
    session.PrintList(*response, kind->columns);
    token = GetString(*response, "next_page_token");
  } while (flags.all && !token.empty());
  if (!token.empty()) {
    session.err << session.Say("more: --all, or --page-token ", "还有更多：--all，或 --page-token ")
                << token << "\n";
  }
  return ExitCode::kOk;
}

void AddListCommand(CLI::App& app, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<ListFlags>();
  CLI::App* list = app.add_subcommand(
      "list", std::string(session.Say("Lists areas, households, candidates, employers, postings, "
                                      "referrals, plans, skills or trades",
                                      "列出 areas、households、candidates、employers、postings、"
                                      "referrals、plans、skills 或 trades")));
  list->add_option("COLLECTION", flags->collection,
                   std::string(session.Say("areas, households, candidates, ...",
                                           "areas、households、candidates 等")))
      ->required();
  list->add_option("--filter", flags->filter,
                   std::string(session.Say("Such as 'channel = CHANNEL_PUBLIC_WELFARE'",
                                           "例如 'channel = CHANNEL_PUBLIC_WELFARE'")));
  list->add_option(
      "--order-by", flags->order_by,
      std::string(session.Say("A field, with optional desc", "按字段排序，可加 desc")));
  list->add_option("--page-size", flags->page_size,
                   std::string(session.Say("Most of one page", "每页至多几条")))
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  list->add_option("--page-token", flags->page_token,
                   std::string(session.Say("Go on where a page ended", "接着上一页")));
  list->add_flag("--all", flags->all, std::string(session.Say("All pages", "全部各页")));
  list->callback([&invocation, flags] { invocation.exit_code = List(invocation.session, *flags); });
}

}  // namespace

void AddReadCommands(CLI::App& app, Invocation& invocation) {
  auto name = std::make_shared<std::string>();
  CLI::App* get = app.add_subcommand(
      "get",
      std::string(invocation.session.Say("Shows a resource, such as postings/x or 13/candidates/y",
                                         "显示一个资源，例如 postings/x、13/candidates/y")));
  get->add_option("NAME", *name,
                  std::string(invocation.session.Say("COLLECTION/ID or REGION/COLLECTION/ID",
                                                     "COLLECTION/ID 或 REGION/COLLECTION/ID")))
      ->required();
  get->callback([&invocation, name] { invocation.exit_code = Get(invocation.session, *name); });
  AddListCommand(app, invocation);
}

}  // namespace leye::ctl
