#include "tests/bench/seal_command.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <fmt/core.h>

#include "leye/v1/candidate.pb.h"
#include "services/access/keyed_sealer.h"
#include "services/access/master_keys.h"
#include "services/base/clock.h"
#include "services/base/logging.h"
#include "services/base/status.h"
#include "tests/testing/temp_dir.h"

namespace leye::bench {
namespace {

// What a record of the ledger has: the name, both numbers and a line of the health papers.
std::string SomePerson() {
  v1::Candidate person;
  person.set_full_name("欧阳小梅");
  person.set_id_number("130723199003040021");
  person.set_phone("13900000001");
  person.set_health_note("高血压二级，须避免高处作业");
  return person.SerializeAsString();
}

// Mean microseconds of `step` over the people.
template <typename Step>
absl::StatusOr<double> Time(int people, const Step& step) {
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < people; ++i) {
    if (absl::Status done = step(static_cast<size_t>(i)); !done.ok()) return done;
  }
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - began;
  return took.count() / people;
}

absl::Status Run(const SealBenchOptions& options) {
  const testing::TempDir folder;
  const SystemClock clock;
  const Logger log = Logger::Discard();
  const std::string file = folder.File("keys");
  LEYE_RETURN_IF_ERROR(access::AddMasterKey(file, clock.Now()));
  LEYE_ASSIGN_OR_RETURN(const auto keys, access::MasterKeySource::Open({.file = file}, clock, log));
  LEYE_ASSIGN_OR_RETURN(const auto sealer, access::KeyedSealer::Create(*keys));

  const std::string content = SomePerson();
  std::vector<std::string> names;
  for (int i = 0; i < options.people; ++i)
    names.push_back(absl::StrCat("regions/13/candidates/", i));
  std::vector<storage::v1::Sealed> sealed(names.size());
  LEYE_ASSIGN_OR_RETURN(const double seal, Time(options.people, [&](size_t i) {
                          return sealer->Seal(names[i], content, sealed[i]);
                        }));
  LEYE_ASSIGN_OR_RETURN(const double open, Time(options.people, [&](size_t i) {
                          return sealer->Open(names[i], sealed[i]).status();
                        }));
  LEYE_ASSIGN_OR_RETURN(const double renew, Time(options.people, [&](size_t i) {
                          return sealer->Renew(names[i], sealed[i]);
                        }));
  fmt::print("{} bytes become {}; seal {:.2f} us, open {:.2f} us, renew {:.2f} us\n",
             content.size(), sealed[0].ByteSizeLong(), seal, open, renew);
  return absl::OkStatus();
}

}  // namespace

int RunSealBench(const SealBenchOptions& options) {
  const absl::Status done = Run(options);
  if (done.ok()) return EXIT_SUCCESS;
  fmt::print(stderr, "leye_bench: {}\n", done.ToString());
  return EXIT_FAILURE;
}

}  // namespace leye::bench
