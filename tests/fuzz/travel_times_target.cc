// Files of travel times: what leyectl makes of them is what a server takes or refuses, way by way.

#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"

#include "leye/v1/posting.pb.h"
#include "leye/v1/settlement_area.pb.h"
#include "leye/v1/travel.pb.h"
#include "services/access/sealer.h"
#include "services/app/catalogue.h"
#include "services/app/context.h"
#include "services/app/settlement_areas.h"
#include "services/base/logging.h"
#include "services/base/random.h"
#include "services/leyectl/travel_times.h"
#include "services/store/sqlite_store.h"
#include "tests/e2e/client.h"
#include "tests/fuzz/input_files.h"
#include "tests/fuzz/target.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/temp_dir.h"

namespace leye::fuzz {
namespace {

// Takes what is sent as leyed does, but keeps nothing. It knows areas `yian` and `bei`, and
// postings `job` and, without a point, `home`.
class Taker {
 public:
  Taker() {
    for (const auto& [id, latitude] : {std::pair("yian", 41.8), std::pair("bei", 41.89)}) {
      v1::CreateSettlementAreaRequest request;
      request.set_parent("regions/13");
      request.set_settlement_area_id(id);
      request.mutable_settlement_area()->set_display_name(id);
      request.mutable_settlement_area()->set_division_code("130723");
      request.mutable_settlement_area()->mutable_location()->set_latitude(latitude);
      request.mutable_settlement_area()->mutable_location()->set_longitude(114.6);
      const auto made = areas_.CreateSettlementArea(request, context_);
      e2e::Require(made.ok(), made.status().ToString());
    }
    v1::Posting posting;
    PutPosting("regions/13/postings/home", posting);
    posting.mutable_place()->mutable_location()->set_latitude(41.85);
    posting.mutable_place()->mutable_location()->set_longitude(114.62);
    PutPosting("regions/13/postings/job", posting);
  }

  grpc::Status Take(const v1::ImportTravelTimesRequest& request,
                    v1::ImportTravelTimesResponse& response) {
    constexpr size_t kServerTakes = 4 << 20;
    const std::string bytes = request.SerializeAsString();
    v1::ImportTravelTimesRequest received;
    if (!received.ParseFromString(bytes)) wrong_ = "a request that cannot be sent";
    if (bytes.size() > kServerTakes) wrong_ = "a request that no server takes";
    auto answer = areas_.ImportTravelTimes(received, context_);
    if (!answer.ok()) {
      if (!absl::IsInvalidArgument(answer.status())) wrong_ = answer.status().ToString();
      return {grpc::StatusCode::INVALID_ARGUMENT, std::string(answer.status().message())};
    }
    taken_ += answer->taken_times();
    left_out_ += answer->problems_size();
    if (answer->taken_times() + answer->problems_size() != received.times_size()) {
      wrong_ = "a way is neither taken nor left out";
    }
    response = *std::move(answer);
    return grpc::Status::OK;
  }

  // What is wrong with what came since the last time and what leyectl tells of it.
  std::string Finish(ctl::ExitCode code, const ctl::ImportCounts& told) {
    const auto [taken, left_out] = std::pair(std::exchange(taken_, 0), std::exchange(left_out_, 0));
    if (!wrong_.empty()) return std::exchange(wrong_, "");
    if (code != ctl::ExitCode::kOk) return "";
    return told.updated == taken && told.rejected >= left_out ? "" : "tells of other ways";
  }

 private:
  void PutPosting(const std::string& name, const v1::Posting& posting) {
    store::Envelope envelope;
    envelope.set_open(posting.SerializeAsString());
    const auto made = store_->Commit(
        {.region = store::Region::FromNumber(13),
         .mutations = {store::Mutation::Put(store::Kind::kPosting, name, std::move(envelope),
                                            store::Precondition::Absent())}});
    e2e::Require(made.ok(), made.status().ToString());
  }

  testing::TempDir folder_;
  testing::FakeClock clock_;
  SystemRandom random_;
  const Logger log_ = Logger::Discard();
  const std::unique_ptr<store::Store> store_ =
      store::OpenSqliteStore(
          {.path = folder_.File("leye.db"), .durability = store::Durability::kProcessCrashUnsafe},
          {clock_, random_, log_})
          .value();
  const access::PlainSealer sealer_;
  const app::Catalogue catalogue_ = *app::Catalogue::Parse(app::BuiltInTables());
  const app::SettlementAreas areas_{{*store_, sealer_, catalogue_, clock_, random_}};
  const app::CallContext context_{.principal = access::LocalOperator(),
                                  .scope = access::Scope::kEverywhere};
  int64_t taken_ = 0;
  int64_t left_out_ = 0;
  std::string wrong_;
};

// Input: how people travel, for a routing engine's table, then the files (input_files.h): ways.csv
// or table.json, places.csv, areas.csv.
class TravelTimesTarget final : public Target {
 public:
  std::string Try(absl::string_view input) override {
    std::map<std::string, std::string> paths;  // By name; of those that the input has.
    ctl::TravelTimesFlags flags{.validate_only = true};
    const std::vector<InputFile> files = FilesIn(input);
    flags.mode = std::string(absl::StripAsciiWhitespace(files.front().name));
    for (const InputFile& file : files) {
      if (file.name == "ways.csv" || file.name == "table.json" || file.name == "places.csv" ||
          file.name == "areas.csv") {
        paths[file.name] = folder_.File(file.name);
        std::ofstream(paths[file.name], std::ios::binary) << file.content;
      }
    }
    flags.places_file = paths["places.csv"];
    flags.areas_file = paths["areas.csv"];
    const std::string& table = paths["table.json"];
    return Import(table.empty() ? paths["ways.csv"] : table, flags);
  }

  std::string Mutate(absl::string_view input, Dice& dice) const override {
    return dice.OneIn(2) ? MutateNumber(input, dice) : MutateText(input, dice);
  }

 private:
  std::string Import(const std::string& file, const ctl::TravelTimesFlags& flags) {
    std::ostringstream out;
    std::ostringstream err;
    ctl::Session session(out, err);
    ctl::ImportReport report(session);
    const ctl::ExitCode code = ctl::ImportTravelTimesBy(
        [this](const v1::ImportTravelTimesRequest& request,
               v1::ImportTravelTimesResponse& response) { return taker_.Take(request, response); },
        session, file, flags, report);
    const std::string wrong = taker_.Finish(code, report.total());
    if (!wrong.empty()) return wrong;
    const bool silent = code != ctl::ExitCode::kOk && err.str().empty();
    return silent ? "an error that says nothing" : "";
  }

  testing::TempDir folder_;
  Taker taker_;
};

}  // namespace

std::unique_ptr<Target> NewTravelTimesTarget() { return std::make_unique<TravelTimesTarget>(); }

}  // namespace leye::fuzz
