// A store, a follower run by hand, and records written as protobuf text.
//
//   LiveWorld world;
//   world.Put<v1::Household>("households/zhang", R"(settlement_area: "regions/13/...")");
//   world.CatchUp();
//   world.Describe();      // everything that answers could say, as text
//
// Skills are "skills/s0".."skills/s9" and trades "6-00-00-00".."6-00-00-09".
#ifndef LEYE_TESTS_SERVICES_LIVE_LIVE_WORLD_H_
#define LEYE_TESTS_SERVICES_LIVE_LIVE_WORLD_H_

#include <memory>
#include <optional>
#include <string>

#include <google/protobuf/message.h>

#include "leye/v1/candidate.pb.h"
#include "leye/v1/employer.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/settlement_area.pb.h"
#include "matcher/skill_catalogue.h"
#include "services/base/random.h"
#include "services/live/follower_rounds.h"
#include "tests/services/live/store_proxy.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/temp_dir.h"

namespace leye::live {

class StubCodes final : public CodeBook {
 public:
  std::optional<matcher::SkillId> FindSkill(absl::string_view name) const override;
  std::optional<matcher::TradeId> FindTrade(absl::string_view code) const override;
};

// Protobuf text into a message; a field given again overrides. A mistake in it aborts.
void ParseText(const std::string& text, google::protobuf::Message& message);
template <typename T>
T FromText(const std::string& text) {
  T message;
  ParseText(text, message);
  return message;
}

// Everything answers could say of a snapshot: who ranks how for each posting, why not, names,
// figures.
std::string Describe(const LiveSnapshot& snapshot);

class LiveWorld {
 public:
  LiveWorld();

  // "regions/13/<path>"; a path that begins with "regions/" is taken as it is. The kind of record
  // is that of the message. Answers the revision.
  template <typename T>
  store::RegionRevision Put(const std::string& path, const std::string& text) {
    T message;
    ParseText(text, message);
    message.set_name(Name(path));
    return PutBytes(KindOf(message), path, message.SerializeAsString());
  }
  store::RegionRevision PutBytes(store::Kind kind, const std::string& path, std::string open);
  store::RegionRevision Delete(store::Kind kind, const std::string& path);
  // What referrals hold of a posting or a household; the text of a storage.v1.Holds.
  store::RegionRevision PutHolds(const std::string& path, const std::string& text);

  // Area "a", household "h", and employer "e" of region 13, which the texts below refer to.
  void AddBasics();
  // A person of household h who fits everything, and a posting of employer e that takes everybody.
  static std::string PersonText(const std::string& more = "");
  static std::string PostingText(const std::string& more = "");

  // Rounds until nothing is left. False after an error.
  bool CatchUp();
  // What a follower that starts now would publish.
  std::shared_ptr<const LiveSnapshot> Fresh();
  std::shared_ptr<const LiveSnapshot> Now() const { return holder.Get(); }
  std::string Describe() const { return live::Describe(*Now()); }

  // How many people rank for a posting of region 13.
  size_t RankedFor(const std::string& posting) const;
  // Closes the store's file and opens it again, with a new epoch.
  void ReopenWithNewEpoch();
  // Keeps a copy of the store's file as it is.
  void KeepStore();
  // The store as it was kept, with a new epoch: what a replica is that takes over and lacks a tail.
  void ForkFromKept();

  FollowerEnvironment Environment() { return {*store, codes, clock, logger, holder}; }
  static std::string Name(const std::string& path);
  static store::Kind KindOf(const google::protobuf::Message& message);

  testing::TempDir dir;
  testing::FakeClock clock;
  SeededRandom random{7};
  Logger logger = Logger::Discard();
  StubCodes codes;
  SnapshotHolder holder;
  std::unique_ptr<StoreProxy> store;
  std::unique_ptr<FollowerRounds> rounds;
};

}  // namespace leye::live

#endif  // LEYE_TESTS_SERVICES_LIVE_LIVE_WORLD_H_
