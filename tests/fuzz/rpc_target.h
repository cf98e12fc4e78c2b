// Calls as text, and the target that makes them.
//
//   leye://bureau/130723 leye.v1.PostingService.GetPosting
//   name: "regions/13/postings/sewing"
//   ---
//   nobody leye.v1.SkillService.ListSkills
//
// The first line of a call says who calls what; the request follows in text form. What is no text
// form of the request is sent as the bytes that it is. Calls are made one after another, in a
// world that earlier inputs have changed: LEYE_FUZZ_JOURNAL names a file in which all calls since
// the world began stand, and which is an input itself.

#ifndef LEYE_TESTS_FUZZ_RPC_TARGET_H_
#define LEYE_TESTS_FUZZ_RPC_TARGET_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/client.h"
#include "tests/e2e/requests.h"
#include "tests/fuzz/message_mutator.h"
#include "tests/fuzz/rpc_world.h"
#include "tests/fuzz/target.h"

namespace leye::fuzz {

struct Call {
  std::string identity;
  const e2e::Rpc* rpc;
  std::string request;
};

// What of `input` can be read as calls.
std::vector<Call> ReadCalls(absl::string_view input);
std::string WriteCalls(const std::vector<Call>& calls);

class RpcTarget final : public Target {
 public:
  // Stands between the server and what looks at its answers, so that a fault can be planted.
  using Between = std::function<e2e::Answer(const Call& call, e2e::Answer answer)>;

  explicit RpcTarget(Between between = nullptr);

  std::string Try(absl::string_view input) override;
  std::string Finish() override { return world_ == nullptr ? "" : world_->End(); }
  // A sample of every RPC; of those without one the empty request.
  std::vector<std::string> Seeds() const override;
  std::string Mutate(absl::string_view input, Dice& dice) const override;

 private:
  // A world that is worn out is looked over and replaced, which takes as long as hundreds of calls.
  static constexpr int kCallsOfAWorld = 4'000;

  std::string Make(const Call& call);
  // What is wrong with the old world.
  std::string RenewWorld();
  void WriteJournal(const Call& call) const;
  Call AnyCall(Dice& dice) const;
  void Change(Call& call, Dice& dice) const;

  const Between between_;
  std::vector<Call> samples_;
  MessageMutator mutator_;
  std::unique_ptr<RpcWorld> world_;
  int calls_ = 0;  // In this world.
};

}  // namespace leye::fuzz

#endif  // LEYE_TESTS_FUZZ_RPC_TARGET_H_
