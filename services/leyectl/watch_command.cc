// watch postings, watch referrals: every change, as it happens.

#include <memory>
#include <string>

#include <CLI/App.hpp>

#include "leye/v1/posting.grpc.pb.h"
#include "leye/v1/referral.grpc.pb.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/resource.h"
#include "services/leyectl/width.h"
#include "services/leyectl/words.h"

namespace leye::ctl {
namespace {

struct WatchFlags {
  std::string collection;
  std::string revision;
  int count = 0;
};

void PrintState(const Session& session, const v1::WatchPostingsResponse& change) {
  if (change.has_posting()) {
    session.out << WordOf(change.posting().state(), session.settings.language) << "  "
                << Printable(change.posting().title());
  } else {
    session.out << session.Say("deleted", "已删除");
  }
}

void PrintState(const Session& session, const v1::WatchReferralsResponse& change) {
  const v1::Referral& referral = change.referral();
  const std::string& region = session.settings.region;
  session.out << WordOf(referral.state(), session.settings.language) << "  "
              << ShortName(referral.candidate(), region) << "  "
              << ShortName(referral.posting(), region);
}

template <typename Change>
void Print(const Session& session, const Change& change) {
  if (session.settings.json) {
    session.PrintJson(change);
    return;
  }
  session.out << change.revision() << "  " << ShortName(change.name(), session.settings.region)
              << "  ";
  PrintState(session, change);
  session.out << "\n" << std::flush;
}

// Opens the stream with `open(context, request)` and prints what comes.
template <typename Request, typename Change, typename Open>
ExitCode Watch(Session& session, const WatchFlags& flags, Open open) {
  Request request;
  request.set_parent(RegionName(session.settings.region));
  request.set_revision(flags.revision);
  const auto context = session.NewStreamContext();
  const std::unique_ptr<grpc::ClientReader<Change>> reader = open(context.get(), request);
  Change change;
  for (int seen = 0; reader->Read(&change);) {
    Print(session, change);
    if (++seen == flags.count) {
      context->TryCancel();
      (void)reader->Finish();  // CANCELLED, by ourselves.
      return ExitCode::kOk;
    }
  }
  const grpc::Status status = reader->Finish();
  return status.ok() ? ExitCode::kOk : session.Fail(status);
}

ExitCode Watch(Session& session, const WatchFlags& flags) {
  if (flags.collection == "referrals") {
    const auto stub = v1::ReferralService::NewStub(session.channel());
    return Watch<v1::WatchReferralsRequest, v1::WatchReferralsResponse>(
        session, flags,
        [&](auto* context, const auto& request) { return stub->WatchReferrals(context, request); });
  }
  const auto stub = v1::PostingService::NewStub(session.channel());
  return Watch<v1::WatchPostingsRequest, v1::WatchPostingsResponse>(
      session, flags,
      [&](auto* context, const auto& request) { return stub->WatchPostings(context, request); });
}

}  // namespace

void AddWatchCommand(CLI::App& app, Invocation& invocation) {
  const Session& session = invocation.session;
  auto flags = std::make_shared<WatchFlags>();
  CLI::App* watch = app.add_subcommand(
      "watch", std::string(session.Say("Prints changes as they happen, until interrupted",
                                       "持续输出变化，直到中断")));
  watch->add_option("COLLECTION", flags->collection)
      ->required()
      ->check(CLI::IsMember({"postings", "referrals"}));
  watch->add_option("--from", flags->revision,
                    std::string(session.Say("Changes after this revision; else from now on",
                                            "从该修订号之后开始；默认从现在开始")));
  watch->add_option("--count", flags->count,
                    std::string(session.Say("Leave after so many changes", "收到若干条后退出")));
  watch->callback(
      [&invocation, flags] { invocation.exit_code = Watch(invocation.session, *flags); });
}

}  // namespace leye::ctl
