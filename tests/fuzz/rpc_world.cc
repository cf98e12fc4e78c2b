#include "tests/fuzz/rpc_world.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "leye/v1/candidate.pb.h"
#include "services/access/keyed_sealer.h"
#include "services/access/master_keys.h"
#include "services/base/random.h"
#include "services/base/status.h"
#include "services/store/sqlite_store.h"
#include "tests/e2e/requests.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/fuzz/answer_check.h"
#include "tests/fuzz/store_check.h"

namespace leye::fuzz {
namespace {

// Sanitizers are slow, and others use the machine: what hangs is ended by `run`.
constexpr absl::Duration kPatienceWithAMachine = absl::Minutes(4);

void RequireOk(const absl::Status& status) { e2e::Require(status.ok(), status.ToString()); }

// The name that answer_check.h looks for.
absl::Status MarkTheWelder(const e2e::Client& client) {
  auto request = e2e::Parse<v1::UpdateCandidateRequest>(
      R"pb(candidate { name: "regions/13/candidates/welder" }
           update_mask { paths: "full_name" })pb");
  request.mutable_candidate()->set_full_name(kMarkedName);
  return client.Call<v1::UpdateCandidateResponse>(request).status();
}

}  // namespace

const std::vector<std::string>& Identities() {
  static const std::vector<std::string>& identities =
      *new std::vector<std::string>{"leye://operator",
                                    "leye://auditor",
                                    "leye://bureau/13",
                                    "leye://bureau/130723",
                                    "leye://bureau/130802",
                                    "leye://bureau/44",
                                    "leye://app/13/welder",
                                    "leye://app/13/sewer-near",
                                    "nobody",
                                    "leye://enterprise/13/garment",
                                    "leye://enterprise/13/other"};
  return identities;
}

RpcWorld::RpcWorld() : options_(callers_.Options()) {
  options_.listen = "127.0.0.1:0";
  options_.data_dir = folder_.File("data");
  options_.master_keys = folder_.File("master-keys");
  options_.audit_file = folder_.File("audit");
  RequireOk(access::AddMasterKey(options_.master_keys, clock_.Now()).status());
  auto leyed = Leyed::Start(options_, clock_, log_);
  RequireOk(leyed.status());
  leyed_ = *std::move(leyed);
  for (const std::string& identity : Identities()) {
    clients_.emplace(identity,
                     callers_.Of(identity == "nobody" ? "" : identity, leyed_->address()));
  }
  const e2e::Client& operator_client = clients_.at("leye://operator");
  RequireOk(e2e::MakeSmallWorld(operator_client).status());
  RequireOk(e2e::MakePlans(operator_client).status());
  RequireOk(MarkTheWelder(operator_client));
}

e2e::Answer RpcWorld::Ask(const std::string& identity, const e2e::Rpc& rpc,
                          const std::string& request) {
  // A stream that never ends and has nothing to tell is not waited for.
  const bool endless = e2e::NeverEnds(rpc);
  return clients_.at(identity).CallRaw(
      rpc.full_name(), {request},
      {.patience = endless ? absl::Milliseconds(20) : kPatienceWithAMachine,
       .most_messages = endless ? 1 : -1});
}

std::string RpcWorld::End() {
  clients_.clear();
  leyed_.reset();
  SystemRandom random;
  const auto keys = access::MasterKeySource::Open({.file = options_.master_keys}, clock_, log_);
  RequireOk(keys.status());
  const auto sealer = access::KeyedSealer::Create(**keys);
  RequireOk(sealer.status());
  const auto store = store::OpenSqliteStore({.path = absl::StrCat(options_.data_dir, "/leye.db")},
                                            {clock_, random, log_});
  if (!store.ok()) return store.status().ToString();
  return WhatIsWrongWith(**store, **sealer);
}

}  // namespace leye::fuzz
