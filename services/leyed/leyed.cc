#include "services/leyed/leyed.h"

#include <optional>
#include <utility>
#include <vector>

#include "matcher/ruleset.h"
#include "services/access/guard.h"
#include "services/access/policy.h"
#include "services/access/sealer.h"
#include "services/app/candidates.h"
#include "services/app/catalogue.h"
#include "services/app/employers.h"
#include "services/app/households.h"
#include "services/app/matching.h"
#include "services/app/postings.h"
#include "services/app/settlement_areas.h"
#include "services/app/skills.h"
#include "services/app/watch_hub.h"
#include "services/base/random.h"
#include "services/base/status.h"
#include "services/base/thread_pool.h"
#include "services/leyed/adapters.h"
#include "services/leyed/lag_watch.h"
#include "services/leyed/metrics.h"
#include "services/leyed/open_store.h"
#include "services/live/follower.h"
#include "services/rpc/calls.h"
#include "services/rpc/handlers.h"
#include "services/rpc/server.h"

namespace leye {
namespace {

// Longer than a bootstrap of the whole nation takes; leyed gives up then instead of hanging.
constexpr absl::Duration kLongestStart = absl::Minutes(10);

const std::vector<std::string>& Services() {
  static const std::vector<std::string>& services = *new std::vector<std::string>{
      "leye.v1.SettlementAreaService", "leye.v1.HouseholdService", "leye.v1.CandidateService",
      "leye.v1.EmployerService",       "leye.v1.PostingService",   "leye.v1.SkillService",
      "leye.v1.MatchService"};
  return services;
}

absl::StatusOr<app::Catalogue> LoadCatalogue(const LeyedOptions& options) {
  return options.catalogue_dir.empty() ? app::Catalogue::LoadBuiltIn()
                                       : app::Catalogue::LoadDirectory(options.catalogue_dir);
}

absl::StatusOr<access::Guard> MakeGuard() {
  LEYE_ASSIGN_OR_RETURN(std::vector<std::string> methods, access::MethodsOf(Services()));
  return access::Guard::Create(access::DefaultPolicy(), methods);
}

}  // namespace

// In the order in which they are built: each knows only those before it, and ends before them.
struct Leyed::Parts {
  Parts(const LeyedOptions& given, const Clock& time, const Logger& logger,
        app::Catalogue loaded_catalogue, access::Guard made_guard)
      : options(given),
        clock(time),
        log(logger),
        catalogue(std::move(loaded_catalogue)),
        guard(std::move(made_guard)) {}

  void StartFollowing();
  absl::Status WaitUntilCurrent();
  void MakeUseCases();
  absl::Status Listen();
  absl::Status TellHowOld();
  void Drain();

  const LeyedOptions options;
  const Clock& clock;
  const Logger& log;
  SystemRandom random;
  const access::PlainSealer sealer;
  const app::Catalogue catalogue;
  const access::Guard guard;
  const matcher::Ruleset ruleset = matcher::DefaultRuleset();

  std::unique_ptr<store::Store> store;
  const CatalogueCodes codes{catalogue};
  live::SnapshotHolder holder;
  const LiveHouseholdFigures figures{holder};
  std::optional<live::Follower> follower;

  std::optional<app::SettlementAreas> areas;
  std::optional<app::Households> households;
  std::optional<app::Candidates> candidates;
  std::optional<app::Employers> employers;
  std::optional<app::Postings> postings;
  std::optional<app::Skills> skills;
  std::optional<app::Matching> matching;

  std::optional<ThreadPool> pool;
  std::optional<rpc::Calls> calls;
  std::optional<app::WatchHub> hub;
  std::vector<std::unique_ptr<grpc::Service>> services;
  std::unique_ptr<rpc::Server> server;
  std::optional<LagWatch> lag;
  std::unique_ptr<MetricsServer> metrics;
  bool drained = false;
};

void Leyed::Parts::StartFollowing() {
  follower.emplace(live::FollowerOptions{.log = {.holder = NewId(random, clock.Now())}},
                   live::FollowerEnvironment{*store, codes, clock, log, holder});
  follower->Start();
}

absl::Status Leyed::Parts::WaitUntilCurrent() {
  LEYE_ASSIGN_OR_RETURN(const store::Heads heads, store->ListRegions());
  std::vector<store::RegionRevision> revisions;
  for (const auto& [region, revision] : heads) revisions.push_back({region, revision});
  return holder.WaitFor(revisions, SteadyDeadline(kLongestStart)).status();
}

void Leyed::Parts::MakeUseCases() {
  const app::Dependencies dependencies{*store, sealer, catalogue, clock, random};
  areas.emplace(dependencies);
  households.emplace(dependencies, figures);
  candidates.emplace(dependencies);
  employers.emplace(dependencies);
  postings.emplace(dependencies);
  skills.emplace(catalogue);
  matching.emplace(app::MatchingDependencies{holder, ruleset, catalogue, clock});
}

absl::Status Leyed::Parts::Listen() {
  pool.emplace(ThreadPoolOptions{.threads = options.worker_threads,
                                 .queue_capacity = static_cast<size_t>(options.queue_capacity)});
  calls.emplace(guard, *pool, clock);
  hub.emplace(*store);
  services.push_back(rpc::NewSettlementAreaHandlers(*calls, *areas));
  services.push_back(rpc::NewHouseholdHandlers(*calls, *households));
  services.push_back(rpc::NewCandidateHandlers(*calls, *candidates));
  services.push_back(rpc::NewEmployerHandlers(*calls, *employers));
  services.push_back(rpc::NewPostingHandlers(*calls, *postings, *hub, clock));
  services.push_back(rpc::NewSkillHandlers(*calls, *skills));
  services.push_back(rpc::NewMatchHandlers(*calls, *matching));

  std::vector<grpc::Service*> registered;
  for (const auto& service : services) registered.push_back(service.get());
  LEYE_ASSIGN_OR_RETURN(server, rpc::Server::Start({.listen = options.listen,
                                                    .max_message_bytes = options.max_message_bytes,
                                                    .service_names = Services()},
                                                   registered));
  server->SetServing(true);
  return absl::OkStatus();
}

absl::Status Leyed::Parts::TellHowOld() {
  lag.emplace(LagWatchOptions{.most = options.max_lag}, holder, clock, log,
              [this](bool fresh) { server->SetServing(kFreshName, fresh); });
  if (options.metrics_listen.empty()) return absl::OkStatus();
  LEYE_ASSIGN_OR_RETURN(metrics,
                        MetricsServer::Start(options.metrics_listen, *follower, holder, clock));
  log.Info("serving metrics", {{"port", metrics->port()}});
  return absl::OkStatus();
}

void Leyed::Parts::Drain() {
  if (std::exchange(drained, true)) return;
  metrics.reset();
  lag.reset();
  if (server != nullptr) {
    server->SetServing(false);
    hub->Stop();
    server->Drain(options.drain);
  }
  if (follower.has_value()) follower->Stop();
  store->Close();
}

absl::StatusOr<std::unique_ptr<Leyed>> Leyed::Start(const LeyedOptions& options, const Clock& clock,
                                                    const Logger& log) {
  LEYE_ASSIGN_OR_RETURN(app::Catalogue catalogue, LoadCatalogue(options));
  LEYE_ASSIGN_OR_RETURN(access::Guard guard, MakeGuard());
  auto parts = std::make_unique<Parts>(options, clock, log, std::move(catalogue), std::move(guard));
  const absl::Time began = clock.Now();
  LEYE_ASSIGN_OR_RETURN(parts->store, OpenStore(options, {clock, parts->random, log}));
  parts->StartFollowing();
  std::unique_ptr<Leyed> leyed(new Leyed(std::move(parts)));
  LEYE_RETURN_IF_ERROR(WithContext(leyed->parts_->WaitUntilCurrent(), "loading the store"));
  leyed->parts_->MakeUseCases();
  LEYE_RETURN_IF_ERROR(leyed->parts_->Listen());
  LEYE_RETURN_IF_ERROR(leyed->parts_->TellHowOld());
  log.Info("serving", {{"address", leyed->address()},
                       {"start_seconds", absl::ToDoubleSeconds(clock.Now() - began)}});
  return leyed;
}

Leyed::Leyed(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Leyed::~Leyed() { Drain(); }

const std::string& Leyed::address() const { return parts_->server->address(); }

void Leyed::Drain() { parts_->Drain(); }

}  // namespace leye
