// Many clients on one record: each change is one client's, and nobody's is lost.

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "leye/v1/household.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/settlement_area.pb.h"
#include "services/base/retry_delay.h"
#include "services/base/status.h"
#include "tests/e2e/client.h"
#include "tests/e2e/import_stream.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::leye::testing::IsOk;

class Concurrency : public ::testing::Test {
 protected:
  static constexpr int kClients = 8;

  void SetUp() override { ASSERT_THAT(MakeSmallWorld(client_), IsOk()); }

  // Runs `act(client, number)` in a thread a client, each with its own connection.
  template <typename Act>
  void InParallel(const Act& act) {
    std::vector<std::thread> threads;
    for (int number = 0; number < kClients; ++number) {
      threads.emplace_back([this, number, &act] { act(Client(server_.channel()), number); });
    }
    for (std::thread& thread : threads) thread.join();
  }

  v1::Posting Road() const {
    v1::GetPostingRequest get;
    get.set_name(NameOf("postings", "road"));
    return client_.Call<v1::GetPostingResponse>(get).value().posting();
  }

  // Sets the openings of `road` if it is still as `etag` says.
  static absl::Status SetOpenings(const Client& client, const std::string& etag, int openings) {
    v1::UpdatePostingRequest request;
    request.mutable_posting()->set_name(NameOf("postings", "road"));
    request.mutable_posting()->set_etag(etag);
    request.mutable_posting()->set_openings(openings);
    request.mutable_update_mask()->add_paths("openings");
    return client.Call<v1::UpdatePostingResponse>(request).status();
  }

  ServerInProcess server_;
  Client client_{server_.channel()};
};

TEST_F(Concurrency, OfManyWithTheSameEtagExactlyOneWins) {
  constexpr int kRounds = 20;
  for (int round = 0; round < kRounds; ++round) {
    const std::string etag = Road().etag();
    std::atomic<int> winners = 0;
    std::atomic<int> winner = -1;
    InParallel([&](const Client& client, int number) {
      const absl::Status status = SetOpenings(client, etag, number + 1);
      if (status.ok()) {
        ++winners;
        winner = number + 1;
      } else {
        EXPECT_EQ(status.code(), absl::StatusCode::kAborted) << status;
        EXPECT_EQ(ErrorReason(status), "ETAG_MISMATCH");
      }
    });
    ASSERT_EQ(winners, 1);
    EXPECT_EQ(Road().openings(), winner);
  }
}

TEST_F(Concurrency, WhoReadsAgainAndRetriesLosesNoUpdate) {
  constexpr int kIncrements = 10;
  v1::GetPostingRequest get;
  get.set_name(NameOf("postings", "road"));
  const int before = Road().openings();
  InParallel([&](const Client& client, int) {
    for (int done = 0; done < kIncrements;) {
      const v1::Posting now = client.Call<v1::GetPostingResponse>(get).value().posting();
      const absl::Status status = SetOpenings(client, now.etag(), now.openings() + 1);
      if (status.ok()) ++done;
    }
  });
  EXPECT_EQ(Road().openings(), before + kClients * kIncrements);
}

TEST_F(Concurrency, OneRequestIdSentByManyHasOneEffect) {
  v1::CreateHouseholdRequest request;
  request.set_parent("regions/13");
  request.set_request_id("one");
  request.mutable_household()->set_settlement_area(NameOf("settlementAreas", "yian"));
  std::vector<std::string> names(kClients);
  InParallel([&](const Client& client, int number) {
    const auto made = client.Call<v1::CreateHouseholdResponse>(request);
    ASSERT_THAT(made, IsOk());
    names[static_cast<size_t>(number)] = made->household().name();
  });
  for (const std::string& name : names) EXPECT_EQ(name, names[0]);
}

TEST_F(Concurrency, ImportsOfTheSamePeopleCreateEachOnce) {
  std::atomic<int> created = 0;
  InParallel([&](const Client& client, int) {
    const ImportResult result = ImportCandidates(client, CandidateItems(0, 300));
    EXPECT_THAT(result.status, IsOk());
    for (const v1::ImportReceipt& receipt : result.receipts) {
      created += receipt.outcome() == v1::IMPORT_OUTCOME_CREATED ? 1 : 0;
      EXPECT_NE(receipt.outcome(), v1::IMPORT_OUTCOME_REJECTED);
    }
  });
  EXPECT_EQ(created, 300);
}

TEST_F(Concurrency, AnAreaIsNotDeletedUnderTheHouseholdThatMovesIn) {
  for (int round = 0; round < 10; ++round) {
    v1::CreateSettlementAreaRequest area;
    area.set_parent("regions/13");
    area.set_settlement_area_id(absl::StrCat("area", round));
    area.mutable_settlement_area()->set_display_name("新区");
    area.mutable_settlement_area()->set_division_code("130723");
    area.mutable_settlement_area()->mutable_location()->set_latitude(41);
    area.mutable_settlement_area()->mutable_location()->set_longitude(114);
    ASSERT_THAT(client_.Call<v1::CreateSettlementAreaResponse>(area), IsOk());
    const std::string name = NameOf("settlementAreas", area.settlement_area_id());
    std::atomic<int> moved_in = 0;
    std::atomic<int> deleted = 0;
    InParallel([&](const Client& client, int number) {
      if (number % 2 == 0) {
        v1::CreateHouseholdRequest move;
        move.set_parent("regions/13");
        move.mutable_household()->set_settlement_area(name);
        moved_in += client.Call<v1::CreateHouseholdResponse>(move).ok() ? 1 : 0;
      } else {
        v1::DeleteSettlementAreaRequest erase;
        erase.set_name(name);
        deleted += client.Call<v1::DeleteSettlementAreaResponse>(erase).ok() ? 1 : 0;
      }
    });
    EXPECT_LE(deleted, 1);
    EXPECT_FALSE(deleted > 0 && moved_in > 0) << moved_in << " households live nowhere";
    EXPECT_TRUE(deleted > 0 || moved_in > 0);
  }
}

TEST(Overload, WhatCannotWaitIsRefusedAtOnceWithWhenToComeAgain) {
  LeyedOptions options;
  options.worker_threads = 1;
  options.queue_capacity = 1;
  const ServerInProcess server(options);
  ASSERT_THAT(MakeSmallWorld(Client(server.channel())), IsOk());
  v1::GetPostingRequest get;
  get.set_name(NameOf("postings", "road"));
  std::atomic<bool> refused = false;
  std::vector<std::thread> threads;
  for (int number = 0; number < 8; ++number) {
    threads.emplace_back([&] {
      const Client client(server.channel());
      while (!refused) {
        const absl::Status status = client.Call<v1::GetPostingResponse>(get).status();
        if (status.ok()) continue;
        EXPECT_THAT(status, testing::FailsWith(absl::StatusCode::kResourceExhausted, "OVERLOADED"));
        EXPECT_TRUE(status.GetPayload(kRetryInfoUrl).has_value());
        refused = true;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(Client(server.channel()).Call<v1::GetPostingResponse>(get), IsOk());
}

}  // namespace
}  // namespace leye::e2e
