#include "tests/fuzz/rpc_target.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "tests/fuzz/answer_check.h"

namespace leye::fuzz {
namespace {

constexpr absl::string_view kBetweenCalls = "\n---\n";
constexpr size_t kMostCalls = 4;
constexpr size_t kMostBytes = 256 << 10;  // Well below what the server takes.

const e2e::Rpc* FindRpc(absl::string_view name) {
  static const auto& all = *new std::vector<const e2e::Rpc*>(e2e::AllRpcs());
  for (const e2e::Rpc* rpc : all) {
    if (rpc->full_name() == name) return rpc;
  }
  return nullptr;
}

bool IsIdentity(absl::string_view name) {
  const std::vector<std::string>& all = Identities();
  return std::find(all.begin(), all.end(), name) != all.end();
}

std::string BytesOf(const Call& call) {
  const auto message = e2e::NewMessage(*call.rpc->input_type());
  return ReadText(call.request, *message) ? message->SerializeAsString() : call.request;
}

std::vector<Call> SampleCalls() {
  std::vector<Call> calls;
  for (const e2e::SampleRequest& sample : e2e::SampleRequests()) {
    calls.push_back({"leye://operator", sample.rpc, WriteText(*sample.message)});
  }
  for (const std::string& name : e2e::RpcsWithoutSample()) {
    calls.push_back({"leye://operator", FindRpc(name), ""});
  }
  return calls;
}

std::vector<std::string> WordsOf(const std::vector<Call>& calls) {
  std::vector<std::string> words;
  for (const Call& call : calls) {
    const auto message = e2e::NewMessage(*call.rpc->input_type());
    ReadText(call.request, *message);
    for (std::string& text : TextsIn(*message)) words.push_back(std::move(text));
  }
  return words;
}

}  // namespace

std::vector<Call> ReadCalls(absl::string_view input) {
  std::vector<Call> calls;
  for (const absl::string_view part : absl::StrSplit(input, kBetweenCalls)) {
    const std::pair<absl::string_view, absl::string_view> lines =
        absl::StrSplit(part, absl::MaxSplits('\n', 1));
    const std::pair<absl::string_view, absl::string_view> words =
        absl::StrSplit(lines.first, absl::MaxSplits(' ', 1));
    const e2e::Rpc* rpc = FindRpc(words.second);
    if (rpc == nullptr || !IsIdentity(words.first)) continue;
    calls.push_back({std::string(words.first), rpc, std::string(lines.second)});
  }
  return calls;
}

std::string WriteCalls(const std::vector<Call>& calls) {
  std::string text;
  for (const Call& call : calls) {
    absl::StrAppend(&text, text.empty() ? "" : kBetweenCalls, call.identity, " ",
                    call.rpc->full_name(), "\n", call.request);
  }
  return text;
}

RpcTarget::RpcTarget(Between between)
    : between_(std::move(between)), samples_(SampleCalls()), mutator_(WordsOf(samples_)) {}

std::vector<std::string> RpcTarget::Seeds() const {
  std::vector<std::string> seeds;
  for (const Call& call : samples_) seeds.push_back(WriteCalls({call}));
  return seeds;
}

std::string RpcTarget::Try(absl::string_view input) {
  if (world_ == nullptr || calls_ >= kCallsOfAWorld) {
    const std::string wrong = RenewWorld();
    if (!wrong.empty()) return wrong;
  }
  for (const Call& call : ReadCalls(input)) {
    if (call.request.size() > kMostBytes) continue;
    const std::string wrong = Make(call);
    if (!wrong.empty()) return wrong;
  }
  return "";
}

std::string RpcTarget::Make(const Call& call) {
  ++calls_;
  WriteJournal(call);
  e2e::Answer answer = world_->Ask(call.identity, *call.rpc, BytesOf(call));
  if (between_ != nullptr) answer = between_(call, std::move(answer));
  const std::string wrong = WhatIsWrong(call.identity, *call.rpc, answer);
  return wrong.empty() ? "" : absl::StrCat(call.rpc->full_name(), ": ", wrong);
}

std::string RpcTarget::RenewWorld() {
  std::string wrong = world_ == nullptr ? "" : world_->End();
  world_ = std::make_unique<RpcWorld>();
  calls_ = 0;
  return wrong;
}

void RpcTarget::WriteJournal(const Call& call) const {
  const char* path = std::getenv("LEYE_FUZZ_JOURNAL");
  if (path == nullptr) return;
  const bool first = calls_ == 1;
  std::ofstream journal(path, first ? std::ios::trunc : std::ios::app);
  journal << (first ? "" : kBetweenCalls) << WriteCalls({call});
}

Call RpcTarget::AnyCall(Dice& dice) const {
  Call call = dice.OneOf(samples_);
  call.identity = dice.OneOf(Identities());
  return call;
}

void RpcTarget::Change(Call& call, Dice& dice) const {
  if (dice.OneIn(6)) {
    call.identity = dice.OneOf(Identities());
    return;
  }
  const auto message = e2e::NewMessage(*call.rpc->input_type());
  if (dice.OneIn(12)) {
    call.request = MutateText(BytesOf(call), dice);
  } else if (ReadText(call.request, *message)) {
    mutator_.Mutate(*message, dice);
    call.request = WriteText(*message);
  } else {
    call.request = dice.OneIn(2) ? MutateText(call.request, dice) : "";
  }
}

std::string RpcTarget::Mutate(absl::string_view input, Dice& dice) const {
  std::vector<Call> calls = ReadCalls(input);
  if (calls.empty() || dice.OneIn(8)) calls.push_back(AnyCall(dice));
  if (calls.size() > kMostCalls) {
    calls.erase(calls.begin() + dice.Between(0, static_cast<int>(calls.size()) - 1));
  }
  Change(calls[static_cast<size_t>(dice.Between(0, static_cast<int>(calls.size()) - 1))], dice);
  return WriteCalls(calls);
}

std::unique_ptr<Target> NewRpcTarget() { return std::make_unique<RpcTarget>(); }

}  // namespace leye::fuzz
