// SIGKILL in the middle of an import: whatever had its receipt is there afterwards, and importing
// the same again changes nothing of it. (A kill proves nothing about a power cut: that is the
// store's own durability test.)

#include <algorithm>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/candidate.pb.h"
#include "tests/e2e/client.h"
#include "tests/e2e/import_stream.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/server_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye::e2e {
namespace {

using ::leye::testing::IsOk;

constexpr int kItemsOfMessage = 200;

std::vector<std::string> Arguments(const testing::TempDir& folder) {
  return {"--listen=127.0.0.1:0", absl::StrCat("--data-dir=", folder.File("data"))};
}

// Writes message after message until the stream breaks; kills the server when `kill_after`
// receipts have come.
std::vector<v1::ImportReceipt> ImportAndKill(const ServerProcess& server, size_t kill_after) {
  CandidateStream stream{Client(Connect(server.address()))};
  std::thread killer([&] {
    stream.WaitForReceipts(kill_after);
    server.Signal(SIGKILL);
  });
  int sent = 0;
  while (stream.Write(CandidateItems(sent, kItemsOfMessage))) sent += kItemsOfMessage;
  killer.join();
  const ImportResult result = stream.Finish();
  EXPECT_EQ(result.status.code(), absl::StatusCode::kUnavailable) << result.status;
  return result.receipts;
}

void ExpectAllThere(const Client& client, const std::vector<v1::ImportReceipt>& receipts) {
  for (size_t first = 0; first < receipts.size(); first += 1'000) {
    v1::BatchGetCandidatesRequest get;
    get.set_parent("regions/13");
    for (size_t i = first; i < std::min(first + 1'000, receipts.size()); ++i) {
      get.add_names(receipts[i].name());
    }
    EXPECT_THAT(client.Call<v1::BatchGetCandidatesResponse>(get), IsOk());
  }
}

void ExpectUnchanged(const Client& client, const std::vector<v1::ImportReceipt>& receipts) {
  CandidateStream stream(client);
  const int count = static_cast<int>(receipts.size());
  for (int first = 0; first < count; first += 1'000) {
    ASSERT_TRUE(stream.Write(CandidateItems(first, std::min(1'000, count - first))));
  }
  const ImportResult again = stream.Finish();
  ASSERT_THAT(again.status, IsOk());
  for (const v1::ImportReceipt& receipt : again.receipts) {
    ASSERT_EQ(receipt.outcome(), v1::IMPORT_OUTCOME_UNCHANGED) << receipt.DebugString();
  }
}

TEST(Crash, InTheMiddleOfAnImportLosesNothingThatWasReceipted) {
  const testing::TempDir folder;
  {
    ServerProcess server(Arguments(folder));
    ASSERT_TRUE(server.WaitUntilServing()) << server.errors();
    ASSERT_THAT(MakeSmallWorld(Client(Connect(server.address()))), IsOk());
    server.Signal(SIGTERM);
    ASSERT_EQ(server.WaitForExit(), 0);
  }
  for (const size_t kill_after : {1U, 2'000U, 5'000U}) {
    ServerProcess server(Arguments(folder));
    ASSERT_TRUE(server.WaitUntilServing()) << server.errors();
    const std::vector<v1::ImportReceipt> receipts = ImportAndKill(server, kill_after);
    EXPECT_GE(receipts.size(), kill_after);
    EXPECT_EQ(server.WaitForExit(), -SIGKILL);

    ServerProcess again(Arguments(folder));
    ASSERT_TRUE(again.WaitUntilServing()) << again.errors();
    const Client client(Connect(again.address()));
    ExpectAllThere(client, receipts);
    ExpectUnchanged(client, receipts);
  }
}

}  // namespace
}  // namespace leye::e2e
