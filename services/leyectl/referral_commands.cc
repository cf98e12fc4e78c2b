// referral: create, one command a step of the life cycle, and the tasks. Reading is `get` and
// `list`.

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include <CLI/App.hpp>
#include <google/protobuf/util/time_util.h>

#include "leye/v1/referral.pb.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/resource.h"

namespace leye::ctl {
namespace {

struct ReferralFlags {
  std::string candidate;
  std::string posting;
  std::string name;
  std::string state = "REFERRED";
  std::string clerk;
  std::string area;
  std::string reason;
  std::string leaving_reason;
  std::string etag;
  std::string request_id;
  std::string due_by;
  std::string page_token;
  int page_size = 50;
  bool validate_only = false;
  v1::ReferralEvent event = v1::REFERRAL_EVENT_UNSPECIFIED;
};

constexpr absl::string_view kTaskColumns[] = {"due_time", "overdue",   "kind",    "referral",
                                              "state",    "candidate", "posting", "clerk"};

// "START_VILLAGE_REVIEW" -> "start-village-review".
std::string CommandOf(absl::string_view word) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(word), {{"_", "-"}});
}

// The value whose name is `prefix` and the word in capitals.
template <typename Enum>
std::optional<Enum> FromWord(absl::string_view prefix, absl::string_view word) {
  const std::string upper = absl::StrReplaceAll(absl::AsciiStrToUpper(word), {{"-", "_"}});
  const auto* value =
      google::protobuf::GetEnumDescriptor<Enum>()->FindValueByName(absl::StrCat(prefix, upper));
  if (value == nullptr) return std::nullopt;
  return static_cast<Enum>(value->number());
}

ExitCode Create(Session& session, const ReferralFlags& flags) {
  const std::string& region = session.settings.region;
  v1::CreateReferralRequest request;
  request.set_parent(RegionName(region));
  request.set_referral_id(std::string(IdOf(flags.name)));
  v1::Referral& referral = *request.mutable_referral();
  referral.set_candidate(FullName(flags.candidate, "candidates", region));
  referral.set_posting(FullName(flags.posting, "postings", region));
  referral.set_clerk(flags.clerk);
  const auto state = FromWord<v1::ReferralState>("REFERRAL_STATE_", flags.state);
  if (!state.has_value()) {
    return session.Fail(ExitCode::kUsage, session.Say("--state: recommended, pushed or referred",
                                                      "--state：recommended、pushed 或 referred"));
  }
  referral.set_state(*state);
  request.set_reason(flags.reason);
  request.set_request_id(flags.request_id);
  request.set_validate_only(flags.validate_only);
  return session.CallAndPrint(Rpc("ReferralService.CreateReferral"), request);
}

ExitCode Step(Session& session, const ReferralFlags& flags) {
  v1::TransitionReferralRequest request;
  request.set_name(FullName(flags.name, "referrals", session.settings.region));
  request.set_event(flags.event);
  request.set_reason(flags.reason);
  request.set_etag(flags.etag);
  request.set_request_id(flags.request_id);
  request.set_validate_only(flags.validate_only);
  if (!flags.leaving_reason.empty()) {
    const auto why = FromWord<v1::LeavingReason>("LEAVING_REASON_", flags.leaving_reason);
    if (!why.has_value()) {
      return session.Fail(
          ExitCode::kUsage,
          session.Say(
              "--because: resigned, dismissed, laid-off, term-ended, health, family, other",
              "--because：resigned、dismissed、laid-off、term-ended、health、family、other"));
    }
    request.set_leaving_reason(*why);
  }
  return session.CallAndPrint(Rpc("ReferralService.TransitionReferral"), request);
}

ExitCode Tasks(Session& session, const ReferralFlags& flags) {
  v1::ListReferralTasksRequest request;
  request.set_parent(RegionName(session.settings.region));
  request.set_clerk(flags.clerk);
  if (!flags.area.empty()) {
    request.set_settlement_area(FullName(flags.area, "settlementAreas", session.settings.region));
  }
  if (!flags.due_by.empty() &&
      !google::protobuf::util::TimeUtil::FromString(flags.due_by, request.mutable_due_by())) {
    return session.Fail(ExitCode::kUsage, session.Say("--due-by: such as 2026-12-01T00:00:00+08:00",
                                                      "--due-by：如 2026-12-01T00:00:00+08:00"));
  }
  request.set_page_size(flags.page_size);
  request.set_page_token(flags.page_token);
  v1::ListReferralTasksResponse response;
  const grpc::Status status =
      session.Call(Rpc("ReferralService.ListReferralTasks"), request, &response);
  if (!status.ok()) return session.Fail(status);
  session.PrintList(response, kTaskColumns);
  session.TellMore(response.next_page_token());
  return ExitCode::kOk;
}

void AddWriteOptions(CLI::App& sub, const Session& session, ReferralFlags& flags) {
  sub.add_option("--reason", flags.reason,
                 std::string(session.Say("Why, for the history", "原因，记入经过")));
  sub.add_option("--request-id", flags.request_id,
                 std::string(session.Say("Makes a retry safe", "使重试安全")));
  sub.add_flag("--validate-only", flags.validate_only,
               std::string(session.Say("Check, change nothing", "只检查，不改动")));
}

void AddCreateReferral(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<ReferralFlags>();
  CLI::App* sub = group.add_subcommand(
      "create",
      std::string(session.Say("Brings a person together with a posting", "为求职者新建岗位推荐")));
  sub->add_option("CANDIDATE", flags->candidate)->required();
  sub->add_option("POSTING", flags->posting)->required();
  sub->add_option(
         "--state", flags->state,
         std::string(session.Say("recommended, pushed, or referred, which holds an opening",
                                 "recommended、pushed，或占用名额的 referred")))
      ->capture_default_str();
  sub->add_option("--clerk", flags->clerk,
                  std::string(session.Say("Who looks after it", "经办人")));
  sub->add_option(
      "--id", flags->name,
      std::string(session.Say("Its id; else the server makes one", "标识；默认由服务器生成")));
  AddWriteOptions(*sub, session, *flags);
  sub->callback(
      [&invocation, flags] { invocation.exit_code = Create(invocation.session, *flags); });
}

void AddStep(CLI::App& group, Invocation& invocation,
             const google::protobuf::EnumValueDescriptor& event) {
  const Session& session = invocation.session;
  const absl::string_view word = absl::StripPrefix(event.name(), "REFERRAL_EVENT_");
  auto flags = std::make_shared<ReferralFlags>();
  flags->event = static_cast<v1::ReferralEvent>(event.number());
  CLI::App* sub = group.add_subcommand(
      CommandOf(word), absl::StrCat(session.Say("Takes the step ", "推进步骤 "), word));
  sub->add_option("NAME", flags->name, std::string(session.Say("Of the referral", "推荐的标识")))
      ->required();
  sub->add_option("--etag", flags->etag,
                  std::string(session.Say("Only if it is unchanged since", "仅当未被改动时")));
  if (flags->event == v1::REFERRAL_EVENT_LEAVE) {
    sub->add_option("--because", flags->leaving_reason,
                    std::string(session.Say("resigned, dismissed, laid-off, term-ended, health, "
                                            "family, other",
                                            "离岗原因：resigned、dismissed、laid-off、term-ended、"
                                            "health、family、other")))
        ->required();
  }
  AddWriteOptions(*sub, session, *flags);
  sub->callback([&invocation, flags] { invocation.exit_code = Step(invocation.session, *flags); });
}

void AddTasks(CLI::App& group, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<ReferralFlags>();
  CLI::App* sub = group.add_subcommand(
      "tasks", std::string(session.Say("What is to be done, what is due first first",
                                       "待办，先到期的在前")));
  sub->add_option("--clerk", flags->clerk,
                  std::string(session.Say("Only this clerk's", "仅该经办人的")));
  sub->add_option("--area", flags->area,
                  std::string(session.Say("Only this area's", "仅该安置区的")));
  sub->add_option("--due-by", flags->due_by,
                  std::string(session.Say("Only what is due by then, such as "
                                          "2026-12-01T00:00:00+08:00",
                                          "仅此时之前到期的，如 2026-12-01T00:00:00+08:00")));
  sub->add_option("--page-size", flags->page_size,
                  std::string(session.Say("Most of one page", "每页至多几条")))
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  sub->add_option("--page-token", flags->page_token,
                  std::string(session.Say("Go on where a page ended", "接着上一页")));
  sub->callback([&invocation, flags] { invocation.exit_code = Tasks(invocation.session, *flags); });
}

}  // namespace

void AddReferralCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* group = app.add_subcommand(
      "referral", std::string(invocation.session.Say("From the recommendation to the job",
                                                     "岗位推荐：从推荐到上岗")));
  group->require_subcommand(1);
  AddCreateReferral(*group, invocation);
  AddTasks(*group, invocation);
  const auto* events = v1::ReferralEvent_descriptor();
  for (int i = 0; i < events->value_count(); ++i) {
    const int event = events->value(i)->number();
    if (event == v1::REFERRAL_EVENT_UNSPECIFIED || event == v1::REFERRAL_EVENT_CREATE ||
        event == v1::REFERRAL_EVENT_EXPIRE) {
      continue;
    }
    AddStep(*group, invocation, *events->value(i));
  }
}

}  // namespace leye::ctl
