#include "services/leyed/leyed.h"

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "services/access/audit.h"
#include "services/access/credentials.h"
#include "services/access/guard.h"
#include "services/access/identity.h"
#include "services/access/keyed_sealer.h"
#include "services/access/policy.h"
#include "services/access/rate_limits.h"
#include "services/access/sealer.h"
#include "services/app/audit_trail.h"
#include "services/app/candidates.h"
#include "services/app/catalogue.h"
#include "services/app/data_subjects.h"
#include "services/app/employers.h"
#include "services/app/households.h"
#include "services/app/match_watches.h"
#include "services/app/matching.h"
#include "services/app/notices.h"
#include "services/app/pair_judge.h"
#include "services/app/phrase_normalizer.h"
#include "services/app/plan_source.h"
#include "services/app/plans.h"
#include "services/app/postings.h"
#include "services/app/referrals.h"
#include "services/app/reports.h"
#include "services/app/retention.h"
#include "services/app/ruleset_book.h"
#include "services/app/rulesets.h"
#include "services/app/settlement_areas.h"
#include "services/app/showings.h"
#include "services/app/skills.h"
#include "services/app/watch_hub.h"
#include "services/base/address.h"
#include "services/base/interval_thread.h"
#include "services/base/random.h"
#include "services/base/status.h"
#include "services/base/thread_pool.h"
#include "services/gateway/gateway.h"
#include "services/leyed/adapters.h"
#include "services/leyed/lag_watch.h"
#include "services/leyed/measured_store.h"
#include "services/leyed/metrics.h"
#include "services/leyed/open_sealer.h"
#include "services/leyed/open_store.h"
#include "services/leyed/personal_data_clock.h"
#include "services/leyed/plan_runner.h"
#include "services/leyed/referral_clock.h"
#include "services/leyed/resealer.h"
#include "services/leyed/scan_clock.h"
#include "services/live/follower.h"
#include "services/rpc/call_watch.h"
#include "services/rpc/calls.h"
#include "services/rpc/handlers.h"
#include "services/rpc/server.h"

namespace leye {
namespace {

// Longer than a bootstrap of the whole nation takes; leyed gives up then instead of hanging.
constexpr absl::Duration kLongestStart = absl::Minutes(10);
constexpr absl::Duration kRulesetInterval = absl::Seconds(1);

const std::vector<std::string>& Services() {
  static const std::vector<std::string>& services = *new std::vector<std::string>{
      "leye.v1.SettlementAreaService", "leye.v1.HouseholdService", "leye.v1.CandidateService",
      "leye.v1.EmployerService",       "leye.v1.PostingService",   "leye.v1.SkillService",
      "leye.v1.MatchService",          "leye.v1.ReferralService",  "leye.v1.RulesetService",
      "leye.v1.ReportService",         "leye.v1.PlanService",      "leye.v1.PersonalDataService",
      "leye.v1.NoticeService",         "leye.v1.AuditService"};
  return services;
}

// The catalogue and the tables that it comes from.
struct Words {
  app::CatalogueTables tables;
  app::Catalogue catalogue;
  std::optional<text::Normalizer> normalizer;  // Of the operator's tables.
};

absl::StatusOr<Words> LoadWords(const LeyedOptions& options) {
  app::CatalogueTables tables = app::BuiltInTables();
  if (!options.catalogue_dir.empty()) {
    LEYE_ASSIGN_OR_RETURN(tables, app::ReadTables(options.catalogue_dir));
  }
  LEYE_ASSIGN_OR_RETURN(app::Catalogue catalogue, app::Catalogue::Parse(tables));
  // Tables of the operator's own are tried now; ours the tests have tried.
  std::optional<text::Normalizer> normalizer;
  if (!options.catalogue_dir.empty()) {
    LEYE_ASSIGN_OR_RETURN(normalizer, app::BuildNormalizer(catalogue, tables));
    tables = {};
  }
  return Words{std::move(tables), std::move(catalogue), std::move(normalizer)};
}

}  // namespace

// In the order in which they are built: each knows only those before it, and ends before them.
struct Leyed::Parts {
  Parts(const LeyedOptions& given, const Clock& time, const Logger& logger,
        OpenedSealer opened_sealer, Words words, access::Guard made_guard,
        const std::vector<std::string>& methods)
      : options(given),
        clock(time),
        log(logger),
        sealer(std::move(opened_sealer)),
        catalogue(std::move(words.catalogue)),
        normalizer(catalogue, std::move(words.tables), std::move(words.normalizer)),
        guard(std::move(made_guard)),
        call_figures(methods) {}

  absl::Status OpenMetrics();
  absl::Status OpenStore();
  void StartFollowing();
  absl::Status WaitUntilCurrent();
  absl::Status CheckSealed();
  absl::Status FollowRulesets();
  void MakeUseCases();
  absl::Status KnowCallers();
  void WatchPersonalData();
  void WriteShowings();
  absl::Status Listen();
  absl::Status OpenGateway();
  void TellHowOld();
  void SetReadiness(Readiness readiness);
  void Drain();

  const LeyedOptions options;
  const Clock& clock;
  const Logger& log;
  SystemRandom random;
  const OpenedSealer sealer;
  const app::Catalogue catalogue;
  const app::PhraseNormalizer normalizer;
  const access::Guard guard;
  access::RateLimits limits{
      {.calls_per_second = options.calls_per_second, .burst = options.burst_calls}, clock};
  rpc::CallFigures call_figures;
  StoreFigures store_figures;
  app::MatchFigures match_figures;
  gateway::RefusalFigures refusals;
  const rpc::CallWatch call_watch{{.figures = call_figures,
                                   .clock = clock,
                                   .random = random,
                                   .log = log,
                                   .lines = rpc::ParseAccessLog(options.access_log)}};
  std::unique_ptr<access::Authenticator> authenticator;
  std::unique_ptr<access::AuditLog> audit;  // Null: none.
  std::unique_ptr<store::Store> store;
  const CatalogueCodes codes{catalogue};
  live::SnapshotHolder holder;
  const LiveHouseholdFigures figures{holder};
  const LiveRegionPeople people{holder};
  std::optional<live::Follower> follower;
  std::optional<Resealer> resealer;  // Empty: nothing is sealed.

  std::optional<app::RulesetBook> rules_in_force;
  std::optional<IntervalThread> rules_refresh;
  std::optional<app::Rulesets> rulesets;
  std::optional<app::SettlementAreas> areas;
  std::optional<app::Households> households;
  std::optional<app::Candidates> candidates;
  std::optional<app::Employers> employers;
  std::optional<app::Postings> postings;
  std::optional<app::Skills> skills;
  std::optional<app::Notices> notices;
  std::optional<app::Showings> showings;
  std::optional<app::MatchWatches> match_watches;
  std::optional<app::Matching> matching;
  std::optional<app::WorldJudge> judge;
  std::optional<app::Referrals> referrals;
  std::optional<app::Reports> reports;
  std::optional<ReferralClock> referral_clock;
  std::optional<app::PlanSource> plan_source;
  std::optional<app::Plans> plans;
  std::optional<PlanRunner> plan_runner;
  std::optional<app::Retention> retention;
  std::optional<app::DataSubjects> data_subjects;
  std::optional<app::AuditTrail> audit_trail;
  std::optional<PersonalDataClock> personal_data_clock;
  std::optional<IntervalThread> showings_writer;
  std::optional<ScanClock> scan_clock;

  std::optional<ThreadPool> pool;
  std::optional<rpc::Calls> calls;
  std::optional<app::WatchHub> hub;
  std::vector<std::unique_ptr<grpc::Service>> services;
  std::unique_ptr<rpc::Server> server;
  std::unique_ptr<gateway::Gateway> gateway;
  std::optional<LagWatch> lag;
  std::unique_ptr<MetricsServer> metrics;  // Null: none.
  bool drained = false;
};

absl::Status Leyed::Parts::OpenMetrics() {
  if (options.metrics_listen.empty()) return absl::OkStatus();
  LEYE_ASSIGN_OR_RETURN(metrics, MetricsServer::Start(options.metrics_listen,
                                                      {.calls = call_figures,
                                                       .store = store_figures,
                                                       .matches = match_figures,
                                                       .refusals = refusals,
                                                       .holder = holder,
                                                       .clock = clock,
                                                       .seal_failures = sealer.get().failures()}));
  log.Info("serving metrics", {{"address", metrics->address()}});
  return absl::OkStatus();
}

absl::Status Leyed::Parts::OpenStore() {
  LEYE_ASSIGN_OR_RETURN(std::unique_ptr<store::Store> opened,
                        leye::OpenStore(options, {clock, random, log}, &store_figures.fsyncs()));
  store = MeasureStore(std::move(opened), store_figures);
  return absl::OkStatus();
}

void Leyed::Parts::StartFollowing() {
  follower.emplace(live::FollowerOptions{.log = {.holder = NewId(random, clock.Now())}},
                   live::FollowerEnvironment{*store, codes, clock, log, holder});
  follower->Start();
  if (metrics != nullptr) metrics->SetFollower(*follower);
}

absl::Status Leyed::Parts::WaitUntilCurrent() {
  const SteadyTime deadline = SteadyDeadline(kLongestStart);
  LEYE_RETURN_IF_ERROR(follower->WaitForFirst(deadline));
  LEYE_ASSIGN_OR_RETURN(const store::Heads heads, store->ListRegions());
  std::vector<store::RegionRevision> revisions;
  for (const auto& [region, revision] : heads) revisions.push_back({region, revision});
  return holder.WaitFor(revisions, deadline).status();
}

absl::Status Leyed::Parts::CheckSealed() {
  LEYE_ASSIGN_OR_RETURN(SealCensus census, CensusOf(*store, follower->status().seals));
  LEYE_RETURN_IF_ERROR(CheckSeals(census, sealer.keyed()));
  if (sealer.keyed() != nullptr) {
    resealer.emplace(*store, *sealer.keyed(), log, std::move(census));
    if (metrics != nullptr) metrics->SetResealer(*resealer);
  }
  return absl::OkStatus();
}

absl::Status Leyed::Parts::FollowRulesets() {
  rules_in_force.emplace(*store);
  LEYE_RETURN_IF_ERROR(rules_in_force->Refresh());
  rules_refresh.emplace(kRulesetInterval, [this] {
    const absl::Status read = rules_in_force->Refresh();
    if (!read.ok()) log.Warning("rulesets are as before", {{"error", read.ToString()}});
  });
  return absl::OkStatus();
}

void Leyed::Parts::MakeUseCases() {
  const app::Dependencies dependencies{*store, sealer.get(), catalogue, clock, random};
  rulesets.emplace(dependencies, *rules_in_force, holder);
  areas.emplace(dependencies);
  households.emplace(dependencies, figures);
  candidates.emplace(dependencies);
  employers.emplace(dependencies);
  postings.emplace(dependencies, *rules_in_force);
  skills.emplace(catalogue, normalizer, clock);
  notices.emplace(catalogue, normalizer, *rules_in_force, clock);
  if (options.showings_interval > absl::ZeroDuration()) showings.emplace(*store, holder, clock);
  app::Showings* const shown = showings.has_value() ? &*showings : nullptr;
  match_watches.emplace(app::MatchWatches::Parts{.changes = holder,
                                                 .rulesets = *rules_in_force,
                                                 .catalogue = catalogue,
                                                 .clock = clock,
                                                 .showings = shown});
  matching.emplace(app::MatchingDependencies{.worlds = holder,
                                             .rulesets = *rules_in_force,
                                             .catalogue = catalogue,
                                             .clock = clock,
                                             .figures = &match_figures,
                                             .watches = &*match_watches,
                                             .showings = shown});
  judge.emplace(app::WorldJudge::Dependencies{.worlds = holder,
                                              .rulesets = *rules_in_force,
                                              .catalogue = catalogue,
                                              .clock = clock,
                                              .store = *store});
  referrals.emplace(dependencies, *judge, figures);
  reports.emplace(dependencies, people, holder, *rules_in_force);
  referral_clock.emplace(ReferralClockOptions(), *referrals, *store, log);
  plan_source.emplace(dependencies, *rules_in_force, holder, *postings);
  plans.emplace(dependencies, *plan_source, *referrals);
  app::PlanRunsOptions running;
  running.runner = NewId(random, clock.Now());
  plan_runner.emplace(running, dependencies, *plan_source, log);
  retention.emplace(dependencies, *rules_in_force, *candidates, *postings);
  data_subjects.emplace(dependencies, app::DataSubjects::Parts{.candidates = *candidates,
                                                               .referrals = *referrals,
                                                               .rulesets = *rules_in_force,
                                                               .retention = *retention,
                                                               .worlds = holder,
                                                               .audit_file = options.audit_file});
}

void Leyed::Parts::WatchPersonalData() {
  personal_data_clock.emplace(
      PersonalDataClockOptions(),
      PersonalDataClock::Parts{*referrals, *retention, *store, clock, audit.get(), log});
  if (showings.has_value()) {
    showings_writer.emplace(options.showings_interval, [this] { WriteShowings(); });
  }
}

void Leyed::Parts::WriteShowings() {
  const absl::StatusOr<int64_t> uncounted = showings->WriteDown();
  if (!uncounted.ok()) {
    log.Warning("who was shown waits", {{"error", uncounted.status().ToString()}});
  } else if (*uncounted > 0) {
    log.Warning("not all who were shown are counted", {{"uncounted", *uncounted}});
  }
}

absl::Status Leyed::Parts::KnowCallers() {
  // gRPC would listen without them, and refuse every connection.
  for (const std::string& path :
       {options.tls_certificate_file, options.tls_key_file, options.client_ca_file}) {
    if (!path.empty()) LEYE_RETURN_IF_ERROR(access::ReadWholeFile(path));
  }
  if (HasIdentities(options)) {
    LEYE_ASSIGN_OR_RETURN(
        authenticator,
        access::Credentials::Open({options.token_keys_file, options.api_keys_file}, clock, log));
  } else {
    authenticator = std::make_unique<access::TrustsEverybody>();
  }
  for (const std::string& missing : MissingDefences(options)) {
    log.Warning("other machines can reach this server", {{"missing", missing}});
  }
  if (options.audit_file.empty()) return absl::OkStatus();
  LEYE_ASSIGN_OR_RETURN(audit, access::AuditLog::Open(options.audit_file, log));
  return absl::OkStatus();
}

absl::Status Leyed::Parts::Listen() {
  audit_trail.emplace(audit.get());
  pool.emplace(ThreadPoolOptions{.threads = options.worker_threads,
                                 .queue_capacity = static_cast<size_t>(options.queue_capacity),
                                 .longest_wait = options.queue_wait});
  if (metrics != nullptr) {
    metrics->SetPool(*pool, options.worker_threads, options.queue_capacity);
  }
  calls.emplace(rpc::Calls::Parts{*authenticator, guard, limits, audit.get(), *pool, clock});
  hub.emplace(*store, *pool);
  services.push_back(rpc::NewSettlementAreaHandlers(*calls, *areas));
  services.push_back(rpc::NewHouseholdHandlers(*calls, *households));
  services.push_back(rpc::NewCandidateHandlers(*calls, *candidates));
  services.push_back(rpc::NewEmployerHandlers(*calls, *employers));
  services.push_back(rpc::NewPostingHandlers(*calls, *postings, *hub, clock));
  services.push_back(rpc::NewSkillHandlers(*calls, *skills));
  services.push_back(rpc::NewNoticeHandlers(*calls, *notices));
  services.push_back(rpc::NewMatchHandlers(*calls, *matching, *hub, clock));
  services.push_back(rpc::NewRulesetHandlers(*calls, *rulesets));
  services.push_back(rpc::NewReportHandlers(*calls, *reports));
  services.push_back(rpc::NewReferralHandlers(*calls, *referrals, *hub, clock));
  services.push_back(rpc::NewPlanHandlers(*calls, *plans));
  services.push_back(rpc::NewPersonalDataHandlers(*calls, *data_subjects));
  services.push_back(rpc::NewAuditHandlers(*calls, *audit_trail));

  std::vector<grpc::Service*> registered;
  for (const auto& service : services) registered.push_back(service.get());
  LEYE_ASSIGN_OR_RETURN(server,
                        rpc::Server::Start({.listen = options.listen,
                                            .tls = {.certificate = options.tls_certificate_file,
                                                    .key = options.tls_key_file,
                                                    .client_ca = options.client_ca_file,
                                                    .client_required = OnlyCertificates(options)},
                                            .max_message_bytes = options.max_message_bytes,
                                            .service_names = Services(),
                                            .watch = &call_watch},
                                           registered));
  server->SetServing(true);
  return absl::OkStatus();
}

absl::Status Leyed::Parts::OpenGateway() {
  if (options.http.empty()) return absl::OkStatus();
  LEYE_ASSIGN_OR_RETURN(
      gateway, gateway::Gateway::Start(
                   {.http = {.listen = options.http,
                             .max_body_bytes = static_cast<size_t>(options.max_message_bytes),
                             .threads = options.worker_threads},
                    .services = Services(),
                    .allowed_origins = options.http_allowed_origins,
                    .docs_folder = options.http_docs,
                    .loopback_hosts_only = !HasIdentities(options) && IsLoopback(options.http),
                    .refusals = &refusals},
                   server->InProcessChannel()));
  log.Info("serving http", {{"address", gateway->address()}});
  return absl::OkStatus();
}

void Leyed::Parts::TellHowOld() {
  lag.emplace(LagWatchOptions{.most = options.max_lag}, holder, clock, log,
              [this](bool fresh) { server->SetServing(kFreshName, fresh); });
}

void Leyed::Parts::SetReadiness(Readiness readiness) {
  if (metrics != nullptr) metrics->SetReadiness(readiness);
}

void Leyed::Parts::Drain() {
  if (std::exchange(drained, true)) return;
  SetReadiness(Readiness::kDraining);
  lag.reset();
  if (server != nullptr) {
    const SteadyTime end = SteadyDeadline(options.drain);
    server->SetServing(false);
    if (gateway != nullptr) gateway->Quiesce();
    hub->Stop();
    match_watches->Stop();
    server->Drain(options.drain);  // Ends the gateway's calls as well.
    if (gateway != nullptr) {
      gateway->Stop(absl::FromChrono(end - std::chrono::steady_clock::now()));
    }
  }
  metrics.reset();  // Reads what ends now.
  resealer.reset();
  if (showings_writer.has_value()) {
    showings_writer.reset();
    WriteShowings();  // Of the calls that have ended.
  }
  scan_clock.reset();
  personal_data_clock.reset();
  plan_runner.reset();
  referral_clock.reset();
  rules_refresh.reset();
  if (follower.has_value()) follower->Stop();
  store->Close();
}

absl::StatusOr<std::unique_ptr<Leyed>> Leyed::Start(const LeyedOptions& options, const Clock& clock,
                                                    const Logger& log) {
  LEYE_ASSIGN_OR_RETURN(Words words, LoadWords(options));
  LEYE_ASSIGN_OR_RETURN(const std::vector<std::string> methods, access::MethodsOf(Services()));
  LEYE_ASSIGN_OR_RETURN(access::Guard guard,
                        access::Guard::Create(access::DefaultPolicy(), methods));
  LEYE_ASSIGN_OR_RETURN(OpenedSealer sealer, OpenSealer(options, clock, log));
  auto parts = std::make_unique<Parts>(options, clock, log, std::move(sealer), std::move(words),
                                       std::move(guard), methods);
  const absl::Time began = clock.Now();
  LEYE_RETURN_IF_ERROR(parts->OpenMetrics());
  LEYE_RETURN_IF_ERROR(parts->OpenStore());
  parts->StartFollowing();
  std::unique_ptr<Leyed> leyed(new Leyed(std::move(parts)));
  LEYE_RETURN_IF_ERROR(WithContext(leyed->parts_->WaitUntilCurrent(), "loading the store"));
  LEYE_RETURN_IF_ERROR(WithContext(leyed->parts_->CheckSealed(), "checking the master keys"));
  LEYE_RETURN_IF_ERROR(WithContext(leyed->parts_->FollowRulesets(), "reading the rulesets"));
  leyed->parts_->MakeUseCases();
  LEYE_RETURN_IF_ERROR(leyed->parts_->KnowCallers());
  leyed->parts_->WatchPersonalData();
  LEYE_RETURN_IF_ERROR(leyed->parts_->Listen());
  LEYE_RETURN_IF_ERROR(leyed->parts_->OpenGateway());
  leyed->parts_->TellHowOld();
  leyed->parts_->SetReadiness(Readiness::kReady);
  leyed->parts_->scan_clock.emplace(absl::Minutes(10), *leyed->parts_->store, log);
  log.Info("serving", {{"address", leyed->address()},
                       {"start_seconds", absl::ToDoubleSeconds(clock.Now() - began)}});
  return leyed;
}

Leyed::Leyed(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Leyed::~Leyed() { Drain(); }

const std::string& Leyed::address() const { return parts_->server->address(); }

std::string Leyed::http_address() const {
  return parts_->gateway == nullptr ? "" : parts_->gateway->address();
}

std::string Leyed::metrics_address() const {
  return parts_->metrics == nullptr ? "" : parts_->metrics->address();
}

void Leyed::Drain() { parts_->Drain(); }

}  // namespace leye
