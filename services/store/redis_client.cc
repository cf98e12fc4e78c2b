#include "services/store/redis_client.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/base/status.h"
#include "services/store/errors.h"
#include "services/store/redis_keys.h"

namespace leye::store::redis {
namespace {

constexpr int kMostRedirects = 5;

constexpr const Script* kScripts[] = {&kCommitScript,       &kFindRequestScript,  &kPageScript,
                                      &kReadLogScript,      &kTrimLogScript,      &kHeadScript,
                                      &kScanRequestsScript, &kRestoreScript,      &kResealScript,
                                      &kBeginImageScript,   &kAddImagePageScript, &kShowImageScript,
                                      &kProbeScript};

// The first word of an error, which is its kind.
absl::string_view KindOf(ReplyView error) { return error.text().substr(0, error.text().find(' ')); }

// Errors of a server that could not take the call now, and will or another one will.
bool IsPassing(ReplyView error) {
  for (const char* kind : {"TRYAGAIN", "CLUSTERDOWN", "LOADING", "READONLY", "MASTERDOWN"}) {
    if (KindOf(error) == kind) return true;
  }
  // What a script says when a key of a slot that is moving has already gone.
  return absl::StrContains(error.text(), "non local key");
}

// "MOVED 3999 host:port" and "ASK 3999 host:port"; a host left out is the server's own.
std::optional<Address> RedirectOf(ReplyView error, const Address& server) {
  const std::vector<absl::string_view> words = absl::StrSplit(error.text(), ' ');
  if (words.size() != 3 || (words[0] != "MOVED" && words[0] != "ASK")) return std::nullopt;
  const std::string text =
      absl::StartsWith(words[2], ":") ? absl::StrCat(server.host, words[2]) : std::string(words[2]);
  const absl::StatusOr<Address> address = Address::Parse(text);
  if (!address.ok()) return std::nullopt;
  return *address;
}

Command EvalCommand(absl::string_view verb, absl::string_view script, const Call& call) {
  Command command = {std::string(verb), std::string(script), absl::StrCat(call.keys.size())};
  command.reserve(3 + call.keys.size() + call.arguments.size());
  command.insert(command.end(), call.keys.begin(), call.keys.end());
  command.insert(command.end(), call.arguments.begin(), call.arguments.end());
  return command;
}

// A reply that is an error, as an error of the store.
absl::Status ErrorOf(ReplyView reply) {
  const absl::string_view kind = KindOf(reply);
  const absl::string_view text = reply.text();
  if (kind == "OOM") return StoreFull(text);
  if (kind == "MISCONF" && absl::StrContains(text, "No space")) return StoreFull(text);
  if (kind == "WRONGTYPE" || kind == "CORRUPT") return StoreCorrupt(text);
  return StoreIoError(text);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Client>> Client::Open(std::unique_ptr<Topology> topology,
                                                     const ClientOptions& options) {
  std::unique_ptr<Client> client(new Client(std::move(topology), options));
  LEYE_RETURN_IF_ERROR(client->LoadScripts());
  return client;
}

// Any server tells the digests; others get the text when they say that they do not know one.
absl::Status Client::LoadScripts() {
  for (const Script* script : kScripts) {
    LEYE_ASSIGN_OR_RETURN(
        const Answer loaded,
        Read({.region = Region::FromNumber(0), .arguments = {"SCRIPT", "LOAD", TextOf(*script)}}));
    digests_[script] = std::string(loaded.reply.view().text());
  }
  return absl::OkStatus();
}

absl::StatusOr<Answer> Client::Run(const Call& call, SteadyTime deadline) {
  int redirects = 0;
  Next where{.step = Next::Step::kLater};
  while (true) {
    if (where.step == Next::Step::kLater) {
      LEYE_ASSIGN_OR_RETURN(where.server, topology_->ServerOf(SlotOf(call.region), deadline));
    }
    absl::StatusOr<Pool::Lease> lease = Borrow(where.server, deadline);
    if (!lease.ok()) {
      if (ErrorReason(lease.status()) != "STORE_IO_ERROR") return lease.status();
      // Another server may have taken over; if it is still the same, the caller hears of it.
      topology_->Forget();
      const auto now = topology_->ServerOf(SlotOf(call.region), deadline);
      if (!now.ok() || *now == where.server) return lease.status();
      where = {.step = Next::Step::kElsewhere, .server = *now};
      continue;
    }
    absl::StatusOr<Answer> answer = RunOn(**lease, call, where, deadline);
    if (!answer.ok()) {
      topology_->Forget();
      return OutcomeUnknown(answer.status().message());
    }
    lease->reset();
    if (!answer->reply.view().is_error()) return answer;
    where = After(answer->reply.view(), call, where.server);
    // Servers that name each other are not asked without a pause.
    const bool pause = where.step == Next::Step::kLater || ++redirects > kMostRedirects;
    if (where.step == Next::Step::kDone || (pause && !PauseUntil(deadline))) {
      return ErrorOf(answer->reply.view());
    }
  }
}

absl::StatusOr<Answer> Client::Read(const Call& call, SteadyTime deadline) {
  absl::StatusOr<Answer> answer = Run(call, deadline);
  if (ErrorReason(answer.status()) == "OUTCOME_UNKNOWN") {
    return StoreIoError(answer.status().message());
  }
  return answer;
}

std::vector<absl::StatusOr<Answer>> Client::ReadEach(const std::vector<Call>& calls) {
  const SteadyTime deadline = SteadyDeadline(options_.call_timeout);
  std::vector<absl::StatusOr<Answer>> answers;
  std::map<Address, std::vector<size_t>> by_server;
  for (size_t i = 0; i < calls.size(); ++i) {
    const absl::StatusOr<Address> server = topology_->ServerOf(SlotOf(calls[i].region), deadline);
    answers.emplace_back(server.ok() ? absl::UnknownError("not asked") : server.status());
    if (server.ok()) by_server[*server].push_back(i);
  }
  for (const auto& [server, indices] : by_server) {
    // Each has its own time, so that one that is silent takes none of the others'.
    const SteadyTime until = SteadyDeadline(options_.call_timeout);
    std::vector<Command> commands;
    for (const size_t i : indices) {
      commands.push_back(EvalCommand("EVALSHA", digests_.at(calls[i].script), calls[i]));
    }
    absl::StatusOr<std::vector<Reply>> replies = RunTogether(server, commands, until);
    if (!replies.ok()) topology_->Forget();
    for (size_t n = 0; n < indices.size(); ++n) {
      const size_t i = indices[n];
      if (!replies.ok()) {
        answers[i] = replies.status();
      } else if ((*replies)[n].view().is_error()) {
        // Alone it is redirected, or tried again.
        answers[i] = Read(calls[i], until);
      } else {
        answers[i] = Answer{std::move((*replies)[n])};
      }
    }
  }
  return answers;
}

absl::StatusOr<std::vector<Reply>> Client::RunTogether(const Address& server,
                                                       const std::vector<Command>& commands,
                                                       SteadyTime deadline) {
  LEYE_ASSIGN_OR_RETURN(const Pool::Lease lease, Borrow(server, deadline));
  return lease->Run(commands, deadline);
}

absl::StatusOr<Answer> Client::RunOn(Connection& connection, const Call& call, const Next& where,
                                     SteadyTime deadline) const {
  std::vector<Command> commands;
  if (where.asking) commands.push_back({"ASKING"});
  const size_t answer = commands.size();
  commands.push_back(call.script == nullptr
                         ? call.arguments
                         : EvalCommand("EVALSHA", digests_.at(call.script), call));
  if (call.replicas > 0) {
    // Half of the time there is: the rest is for the reply to come back. 0 would be for ever.
    const auto left = deadline - std::chrono::steady_clock::now();
    const int64_t patience = std::max<int64_t>(
        1, std::chrono::duration_cast<std::chrono::milliseconds>(left).count() / 2);
    commands.push_back({"WAIT", absl::StrCat(call.replicas), absl::StrCat(patience)});
  }
  LEYE_ASSIGN_OR_RETURN(std::vector<Reply> replies, connection.Run(commands, deadline));
  if (call.script != nullptr && KindOf(replies[answer].view()) == "NOSCRIPT") {
    commands[answer] = EvalCommand("EVAL", TextOf(*call.script), call);
    LEYE_ASSIGN_OR_RETURN(replies, connection.Run(commands, deadline));
  }
  const int64_t replicas =
      call.replicas > 0 ? static_cast<int64_t>(replies.back().view().number()) : 0;
  return Answer{std::move(replies[answer]), replicas};
}

Client::Next Client::After(ReplyView reply, const Call& call, const Address& server) {
  using Step = Next::Step;
  if (const std::optional<Address> redirect = RedirectOf(reply, server)) {
    const bool moved = KindOf(reply) == "MOVED";
    if (moved) topology_->Learn(SlotOf(call.region), *redirect);
    return {.step = Step::kElsewhere, .server = *redirect, .asking = !moved};
  }
  if (!IsPassing(reply)) return {.step = Step::kDone};
  topology_->Forget();
  return {.step = Step::kLater};
}

absl::StatusOr<Pool::Lease> Client::Borrow(const Address& server, SteadyTime deadline) {
  LEYE_ASSIGN_OR_RETURN(Pool * pool, PoolOf(server));
  return pool->Borrow(deadline);
}

absl::StatusOr<Pool::Lease> Client::BorrowFor(Region region) {
  const SteadyTime deadline = SteadyDeadline(options_.call_timeout);
  LEYE_ASSIGN_OR_RETURN(const Address server, topology_->ServerOf(SlotOf(region), deadline));
  return Borrow(server, deadline);
}

// Pools stay until the end, so that pointers to them do; servers are few.
absl::StatusOr<Pool*> Client::PoolOf(const Address& server) {
  MutexLock lock(mutex_);
  if (closed_) return StoreClosed();
  std::unique_ptr<Pool>& pool = pools_[server];
  if (pool == nullptr) pool = std::make_unique<Pool>(server, options_.pool);
  return pool.get();
}

absl::StatusOr<std::unique_ptr<Connection>> Client::ConnectTo(Region region) {
  const SteadyTime deadline = SteadyDeadline(options_.pool.connect_timeout);
  LEYE_ASSIGN_OR_RETURN(const Address server, topology_->ServerOf(SlotOf(region), deadline));
  absl::StatusOr<std::unique_ptr<Connection>> made =
      Connection::Open(server, options_.pool.login, deadline);
  if (!made.ok()) topology_->Forget();
  return made;
}

// False when there is no time for another attempt.
bool Client::PauseUntil(SteadyTime deadline) {
  const SteadyTime until = SteadyDeadline(options_.retry_pause);
  if (until >= deadline) return false;
  MutexLock lock(mutex_);
  while (!closed_ && closing_.WaitUntil(mutex_, until)) {
  }
  return !closed_;
}

void Client::Close() {
  std::vector<Pool*> pools;
  {
    MutexLock lock(mutex_);
    closed_ = true;
    for (const auto& [server, pool] : pools_) pools.push_back(pool.get());
  }
  closing_.NotifyAll();
  for (Pool* pool : pools) pool->Close();
}

}  // namespace leye::store::redis
