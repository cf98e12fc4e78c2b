// create, update, and the verbs close, reopen, suspend, reinstate, delete.

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
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

struct WriteFlags {
  std::string verb;  // As in method names: `Close`.
  std::string kind;
  std::string name;
  std::string file = "-";
  std::string reason;
  std::string etag;
  std::string request_id;
  std::vector<std::string> mask;
  bool validate_only = false;
};

absl::StatusOr<std::string> ReadAll(const std::string& file) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return absl::NotFoundError(absl::StrCat("cannot read ", file));
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

// The sub-message of a request that holds the resource: the one of the kind's type.
Message* ResourceIn(Message* request, const ResourceKind& kind) {
  const google::protobuf::Descriptor* type = request->GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    if (type->field(i)->message_type() == kind.message()) {
      return request->GetReflection()->MutableMessage(request, type->field(i));
    }
  }
  return nullptr;
}

void SetMask(Message* request, const std::vector<std::string>& paths) {
  Message* mask = MutableSub(request, "update_mask");
  if (mask == nullptr) return;
  for (const std::string& path : paths) {
    static_cast<google::protobuf::FieldMask*>(mask)->add_paths(path);
  }
}

void SetCommon(Message* request, const WriteFlags& flags) {
  SetString(request, "request_id", flags.request_id);
  SetString(request, "etag", flags.etag);
  SetString(request, "reason", flags.reason);
  SetBool(request, "validate_only", flags.validate_only);
}

// create KIND and update KIND: the resource comes as JSON, or in protobuf's text form.
ExitCode Put(Session& session, const WriteFlags& flags) {
  const ResourceKind* kind = FindKind(flags.kind);
  const MethodDescriptor* method = kind == nullptr ? nullptr : FindMethod(*kind, flags.verb);
  if (method == nullptr) {
    return session.Fail(ExitCode::kUsage,
                        absl::StrCat(session.Say("not possible for ", "不能用于 "), flags.kind));
  }
  const absl::StatusOr<std::string> json = ReadAll(flags.file);
  if (!json.ok()) return session.Fail(ExitCode::kFile, json.status().message());
  const auto request = NewMessage(method->input_type());
  Message* resource = ResourceIn(request.get(), *kind);
  const absl::Status parsed = absl::EndsWith(flags.file, ".textproto") ? FromText(*json, resource)
                                                                       : FromJson(*json, resource);
  if (!parsed.ok()) return session.Fail(ExitCode::kInvalid, parsed.message());
  const std::string& region = session.settings.region;
  SetString(request.get(), "parent", RegionName(region));
  std::string name = flags.name.empty() ? GetString(*resource, "name")
                                        : FullName(flags.name, kind->collection, region);
  SetString(resource, "name", name);
  // CreateSettlementArea's id is settlement_area_id: the resource's own field, then `_id`.
  for (int i = 0; i < method->input_type()->field_count(); ++i) {
    const std::string& field = method->input_type()->field(i)->name();
    if (field != "request_id" && absl::EndsWith(field, "_id")) {
      SetString(request.get(), field, IdOf(name));
    }
  }
  SetMask(request.get(), flags.mask);
  SetCommon(request.get(), flags);
  return session.CallAndPrint(*method, *request);
}

// close NAME and the other verbs.
ExitCode Act(Session& session, const WriteFlags& flags) {
  const ResourceKind* kind = FindKind(flags.kind);
  if (KindOfName(flags.name) != nullptr) kind = KindOfName(flags.name);
  const MethodDescriptor* method = kind == nullptr ? nullptr : FindMethod(*kind, flags.verb);
  if (method == nullptr) {
    return session.Fail(ExitCode::kUsage,
                        absl::StrCat(session.Say("not possible for ", "不能用于 "), flags.name));
  }
  const auto request = NewMessage(method->input_type());
  SetString(request.get(), "name", FullName(flags.name, kind->collection, session.settings.region));
  SetCommon(request.get(), flags);
  return session.CallAndPrint(*method, *request);
}

void AddCommonOptions(CLI::App* sub, const Session& session, WriteFlags& flags) {
  sub->add_flag("--validate-only", flags.validate_only,
                std::string(session.Say("Check, change nothing", "只检查，不改动")));
  sub->add_option("--request-id", flags.request_id,
                  std::string(session.Say("Makes a retry safe", "使重试安全")));
}

void AddPut(CLI::App& app, Invocation& invocation, const std::string& command,
            const std::string& verb, absl::string_view help) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<WriteFlags>();
  flags->verb = verb;
  CLI::App* sub = app.add_subcommand(command, std::string(help));
  sub->add_option("KIND", flags->kind, "area, household, candidate, employer, posting, ruleset")
      ->required();
  sub->add_option("FILE", flags->file,
                  std::string(session.Say(
                      "JSON of the resource, or its text form if it ends in .textproto; - is "
                      "standard input",
                      "资源的 JSON（以 .textproto 结尾者为文本格式）；- 为标准输入")))
      ->capture_default_str();
  sub->add_option("--name", flags->name,
                  std::string(session.Say("Name or id; else that in the JSON",
                                          "名称或标识；默认取 JSON 中的")));
  if (verb == "Update") {
    sub->add_option("--mask", flags->mask,
                    std::string(session.Say("Fields to change; else those that are set",
                                            "要修改的字段；默认为已设置的字段")))
        ->delimiter(',');
  }
  AddCommonOptions(sub, session, *flags);
  sub->callback([&invocation, flags] { invocation.exit_code = Put(invocation.session, *flags); });
}

void AddAct(CLI::App& app, Invocation& invocation, const std::string& verb,
            const std::string& default_kind, absl::string_view help) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<WriteFlags>();
  flags->verb = verb;
  flags->kind = default_kind;
  CLI::App* sub = app.add_subcommand(absl::AsciiStrToLower(verb), std::string(help));
  sub->add_option("NAME", flags->name,
                  std::string(session.Say("Of the resource: ID or COLLECTION/ID",
                                          "资源名：ID 或 COLLECTION/ID")))
      ->required();
  sub->add_option("--reason", flags->reason, std::string(session.Say("Why", "原因")));
  sub->add_option("--etag", flags->etag,
                  std::string(session.Say("Only if it is unchanged since", "仅当未被改动时")));
  AddCommonOptions(sub, session, *flags);
  sub->callback([&invocation, flags] { invocation.exit_code = Act(invocation.session, *flags); });
}

}  // namespace

void AddWriteCommands(CLI::App& app, Invocation& invocation) {
  const Session& session = invocation.session;
  AddPut(app, invocation, "create", "Create",
         session.Say("Creates a resource from JSON", "由 JSON 新建资源"));
  AddPut(app, invocation, "update", "Update",
         session.Say("Changes a resource from JSON", "由 JSON 修改资源"));
  AddAct(app, invocation, "Close", "postings", session.Say("Closes a posting", "关闭岗位"));
  AddAct(app, invocation, "Reopen", "postings",
         session.Say("Opens a closed posting again", "重新开放岗位"));
  AddAct(app, invocation, "Suspend", "employers",
         session.Say("Suspends an employer", "停用用人单位"));
  AddAct(app, invocation, "Reinstate", "employers",
         session.Say("Reinstates an employer", "恢复用人单位"));
  AddAct(app, invocation, "Delete", "",
         session.Say("Deletes postings/x, candidates/y or areas/z",
                     "删除 postings/x、candidates/y 或 areas/z"));
}

}  // namespace leye::ctl
