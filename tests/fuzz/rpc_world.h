// A small world on a whole server, and callers of every role.
//
//   RpcWorld world;
//   world.Ask("leye://bureau/130723", rpc, {bytes});
//   world.End();                 // "": what is stored is sound

#ifndef LEYE_TESTS_FUZZ_RPC_WORLD_H_
#define LEYE_TESTS_FUZZ_RPC_WORLD_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/base/clock.h"
#include "services/base/logging.h"
#include "services/leyed/leyed.h"
#include "tests/e2e/callers.h"
#include "tests/e2e/client.h"
#include "tests/e2e/rpcs.h"
#include "tests/testing/temp_dir.h"

namespace leye::fuzz {

// Of every role, those whom it concerns and others; `nobody` proves nothing.
const std::vector<std::string>& Identities();

// Aborts when the server cannot be started or the world not be made. Thread-compatible.
class RpcWorld {
 public:
  RpcWorld();

  e2e::Answer Ask(const std::string& identity, const e2e::Rpc& rpc, const std::string& request);

  // Ends the server. What is wrong with the store that it leaves, "" when nothing is.
  std::string End();

 private:
  testing::TempDir folder_;
  SystemClock clock_;
  const Logger log_ = Logger::Discard();
  e2e::Callers callers_;
  LeyedOptions options_;
  std::unique_ptr<Leyed> leyed_;
  std::map<std::string, e2e::Client> clients_;  // By identity.
};

}  // namespace leye::fuzz

#endif  // LEYE_TESTS_FUZZ_RPC_WORLD_H_
