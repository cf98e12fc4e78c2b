// leyectl's import and its exit codes, against a server in this process that keeps records in a
// map.
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include "leye/v1/candidate.grpc.pb.h"
#include "leye/v1/settlement_area.grpc.pb.h"
#include "services/leyectl/commands.h"
#include "services/leyectl/record_reader.h"

namespace leye::ctl {
namespace {

using ::testing::HasSubstr;

// Rejects people without birth date; after `break_after` items the stream breaks.
class FakeCandidates final : public v1::CandidateService::Service {
 public:
  grpc::Status ImportCandidates(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::ImportCandidatesResponse, v1::ImportCandidatesRequest>* stream)
      override {
    int64_t index = 0;
    for (v1::ImportCandidatesRequest request; stream->Read(&request); ++messages) {
      v1::ImportCandidatesResponse response;
      for (const v1::Candidate& person : request.candidates()) {
        if (index == break_after) return {grpc::StatusCode::UNAVAILABLE, "store is full"};
        v1::ImportReceipt& receipt = *response.add_receipts();
        receipt.set_index(index++);
        Judge(person, receipt);
      }
      stream->Write(response);
    }
    return grpc::Status::OK;
  }

  std::map<std::string, std::string> stored;
  int messages = 0;
  int64_t break_after = -1;

 private:
  void Judge(const v1::Candidate& person, v1::ImportReceipt& receipt) {
    if (person.birth_date().empty()) {
      receipt.set_outcome(v1::IMPORT_OUTCOME_REJECTED);
      v1::ImportProblem& problem = *receipt.add_problems();
      problem.set_field("candidate.birth_date");
      problem.set_reason("REQUIRED");
      problem.set_description("must be set");
      problem.set_description_zh("必须填写");
      return;
    }
    const bool known = stored.contains(person.name());
    receipt.set_outcome(!known ? v1::IMPORT_OUTCOME_CREATED
                        : stored[person.name()] == person.SerializeAsString()
                            ? v1::IMPORT_OUTCOME_UNCHANGED
                            : v1::IMPORT_OUTCOME_UPDATED);
    stored[person.name()] = person.SerializeAsString();
    receipt.set_revision("1-7");
  }
};

class FakeAreas final : public v1::SettlementAreaService::Service {
 public:
  grpc::Status CreateSettlementArea(grpc::ServerContext*,
                                    const v1::CreateSettlementAreaRequest* request,
                                    v1::CreateSettlementAreaResponse*) override {
    const std::string name =
        absl::StrCat(request->parent(), "/settlementAreas/", request->settlement_area_id());
    if (stored.contains(name)) return {grpc::StatusCode::ALREADY_EXISTS, "exists"};
    stored[name] = request->settlement_area();
    stored[name].set_etag("1");
    return grpc::Status::OK;
  }

  grpc::Status GetSettlementArea(grpc::ServerContext*, const v1::GetSettlementAreaRequest* request,
                                 v1::GetSettlementAreaResponse* response) override {
    *response->mutable_settlement_area() = stored.at(request->name());
    return grpc::Status::OK;
  }

  // Keeps points in a form of its own, as leyed does.
  grpc::Status UpdateSettlementArea(grpc::ServerContext*,
                                    const v1::UpdateSettlementAreaRequest* request,
                                    v1::UpdateSettlementAreaResponse* response) override {
    v1::SettlementArea& area = *response->mutable_settlement_area();
    area = request->settlement_area();
    if (area.has_location()) area.mutable_location()->set_datum(v1::DATUM_WGS84);
    if (request->validate_only()) return grpc::Status::OK;
    updates.push_back(*request);
    stored[area.name()] = area;
    return grpc::Status::OK;
  }

  // Leaves out what takes a minute.
  grpc::Status ImportTravelTimes(grpc::ServerContext*, const v1::ImportTravelTimesRequest* request,
                                 v1::ImportTravelTimesResponse* response) override {
    travel.push_back(*request);
    response->set_revision("13.1-9");
    for (int i = 0; i < request->times_size(); ++i) {
      if (request->times(i).minutes() != 1) {
        response->set_taken_times(response->taken_times() + 1);
        continue;
      }
      v1::ImportProblem& problem = *response->add_problems();
      problem.set_field(absl::StrCat("times[", i, "].minutes"));
      problem.set_reason("TOO_FAST");
      problem.set_description("must not be faster");
    }
    return grpc::Status::OK;
  }

  std::map<std::string, v1::SettlementArea> stored;
  std::vector<v1::ImportTravelTimesRequest> travel;
  std::vector<v1::UpdateSettlementAreaRequest> updates;
};

class ImportTest : public testing::Test {
 protected:
  ImportTest() : folder_(std::filesystem::path(testing::TempDir()) / "import_test") {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&candidates_);
    builder.RegisterService(&areas_);
    server_ = builder.BuildAndStart();
  }
  ~ImportTest() override { server_->Shutdown(); }

  std::string File(const std::string& name, const std::string& content) {
    std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  static std::string Read(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  }

  // Runs leyectl with these words against the fake server.
  ExitCode Run(std::vector<std::string> words) {
    out_.str("");
    err_.str("");
    Session session(out_, err_);
    words.insert(words.begin(), {"leyectl", "--server", absl::StrCat("127.0.0.1:", port_)});
    std::vector<const char*> arguments;
    for (const std::string& word : words) arguments.push_back(word.c_str());
    return RunProgram(static_cast<int>(arguments.size()), arguments.data(), session);
  }

  std::filesystem::path folder_;
  FakeCandidates candidates_;
  FakeAreas areas_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::ostringstream out_;
  std::ostringstream err_;
};

std::string Person(int number) {
  return absl::StrCat(R"({"name":"regions/13/candidates/c)", number,
                      R"(","birthDate":"1980-01-01"})", "\n");
}

TEST_F(ImportTest, SecondTimeChangesNothing) {
  const std::string file = File("candidates.jsonl", Person(1) + Person(2));
  EXPECT_EQ(Run({"--json", "import", "candidates", file}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr(R"("created":2)"));
  EXPECT_EQ(Run({"--json", "import", "candidates", file}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr(R"("created":0,"updated":0,"unchanged":2,"rejected":0)"));
}

TEST_F(ImportTest, BadLinesCostOnlyThemselvesAndAreNamed) {
  const std::string file =
      File("people.jsonl",
           Person(1) + "{oops\n" + R"({"name":"regions/13/candidates/c2"})" + "\n" + Person(3));
  const std::string rejects = folder_ / "rejects.tsv";
  EXPECT_EQ(Run({"import", "candidates", file, "--rejects", rejects}), ExitCode::kSomeRejected);
  EXPECT_EQ(candidates_.stored.size(), 2u);
  EXPECT_THAT(Read(rejects), HasSubstr(file + ":2\t\tMALFORMED\t"));
  EXPECT_THAT(Read(rejects), HasSubstr(file + ":3\tcandidate.birth_date\tREQUIRED\tmust be set\n"));
  EXPECT_THAT(err_.str(), HasSubstr(file + ":3: candidate.birth_date: REQUIRED: must be set"));
}

TEST_F(ImportTest, RejectedLinesAreMendedAndImportedAgain) {
  const std::string bad = "{oops\n" + std::string(R"({"name":"regions/13/candidates/c2"})") + "\n";
  const std::string file = File("people.jsonl", Person(1) + bad + Person(3));
  const std::string rejects = folder_ / "people.rejects.jsonl";
  EXPECT_EQ(Run({"import", "candidates", file, "--validate-only"}), ExitCode::kSomeRejected);
  EXPECT_FALSE(std::filesystem::exists(rejects));
  EXPECT_EQ(Run({"import", "candidates", file}), ExitCode::kSomeRejected);
  EXPECT_THAT(err_.str(), HasSubstr(rejects));
  EXPECT_EQ(Read(rejects), bad);
  EXPECT_EQ(std::filesystem::status(rejects).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::ofstream(rejects) << Person(2) << Person(4);
  EXPECT_EQ(Run({"import", "candidates", rejects}), ExitCode::kOk);
  EXPECT_EQ(candidates_.stored.size(), 4u);
}

TEST_F(ImportTest, SaysWhichRevisionHoldsTheChanges) {
  EXPECT_EQ(Run({"import", "candidates", File("people.jsonl", Person(1))}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("\nrevision 1-7\n"));
}

constexpr char kPlaces[] =
    "place,latitude,longitude,radius_m\n"
    "town,41.85,114.62,\npark,41.80,114.50,500\nfar,40.1,115.2,\n";

TEST_F(ImportTest, ReadsTravelTimesFromATable) {
  const std::string ways = File("ways.csv",
                                "安置区,地点,方式,分钟,费用\n"
                                "yian,town,公交,25,2.5\nbei,park,驾车,1,\n"
                                "bei,town,foot,30,\nbei,town,sledge,30,\nbei,town,bus,soon,\n");
  EXPECT_EQ(Run({"import", "travel-times", ways, "--places", File("places.csv", kPlaces)}),
            ExitCode::kSomeRejected);
  // Place by place, each with its ways; at last those without.
  ASSERT_EQ(areas_.travel.size(), 2u);
  const v1::ImportTravelTimesRequest& sent = areas_.travel[0];
  EXPECT_EQ(sent.parent(), "regions/13");
  EXPECT_EQ(sent.places_size(), 2);
  ASSERT_EQ(sent.times_size(), 3);
  EXPECT_EQ(sent.times(0).settlement_area(), "regions/13/settlementAreas/yian");
  EXPECT_EQ(sent.times(0).place(), "regions/13/travelPlaces/town");
  EXPECT_EQ(sent.times(0).mode(), v1::TRAVEL_MODE_BUS);
  EXPECT_EQ(sent.times(0).minutes(), 25);
  EXPECT_EQ(sent.times(0).cost_fen(), 250);
  EXPECT_FALSE(sent.times(1).has_cost_fen());
  EXPECT_EQ(areas_.travel[1].places(0).name(), "regions/13/travelPlaces/far");
  EXPECT_THAT(err_.str(), HasSubstr(ways + ":3: minutes: TOO_FAST: must not be faster"));
  EXPECT_THAT(err_.str(), HasSubstr(ways + ":5: mode: NOT_READABLE"));
  EXPECT_THAT(err_.str(), HasSubstr(ways + ":6: minutes: NOT_READABLE"));
  EXPECT_THAT(out_.str(), HasSubstr("updated 2, unchanged 0, rejected 3"));
}

TEST_F(ImportTest, TakesPostingsForPlacesOfTravel) {
  const std::string ways = File("ways.csv",
                                "settlement_area,place,mode,minutes\n"
                                "yian,postings/hr--17,bus,25\nyian,11/postings/far,car,1\n"
                                "yian,regions/13/postings/job-1,foot,9\n");
  EXPECT_EQ(Run({"import", "travel-times", ways}), ExitCode::kSomeRejected);
  const auto named = [this] {
    std::vector<std::string> names;
    for (const auto& time : areas_.travel.back().times()) names.push_back(time.place());
    return names;
  };
  EXPECT_THAT(named(),
              testing::UnorderedElementsAre("regions/13/postings/hr--17", "regions/11/postings/far",
                                            "regions/13/postings/job-1"));
  EXPECT_THAT(err_.str(), HasSubstr(ways + ":3: minutes: TOO_FAST"));
  // A routing engine's destinations; the server knows where those lie that are postings.
  const std::string table = File("table.json", R"({"durations": [[600, 900]]})");
  const std::string areas = File("areas.csv", "settlement_area\nyian\n");
  const std::string places =
      File("places.csv", "place,latitude,longitude\npostings/job-1,41.8,114.6\ntown,41.8,114.6\n");
  EXPECT_EQ(Run({"import", "travel-times", table, "--areas", areas, "--places", places}),
            ExitCode::kOk);
  EXPECT_THAT(named(),
              testing::ElementsAre("regions/13/postings/job-1", "regions/13/travelPlaces/town"));
  EXPECT_EQ(areas_.travel.back().places_size(), 1);
}

TEST_F(ImportTest, ReadsTheTableOfARoutingEngine) {
  const std::string table =
      File("table.json", R"({"code": "Ok", "durations": [[0, 600.1, null], [3600, 1.5, 90]]})");
  const std::string areas = File("areas.csv", "settlement_area\nyian\nbei\n");
  const std::string places = File("places.csv", kPlaces);
  EXPECT_EQ(Run({"import", "travel-times", table, "--areas", areas, "--places", places, "--mode",
                 "e-bike"}),
            ExitCode::kSomeRejected);
  ASSERT_EQ(areas_.travel.size(), 1u);
  std::vector<int> minutes;
  for (const v1::TravelTime& time : areas_.travel[0].times()) {
    EXPECT_EQ(time.mode(), v1::TRAVEL_MODE_ELECTRIC_BIKE);
    minutes.push_back(time.minutes());
  }
  EXPECT_THAT(minutes, testing::ElementsAre(1, 60, 11, 1, 2));
  EXPECT_THAT(err_.str(), HasSubstr(table + ":1: durations[0][0]: TOO_FAST"));
  EXPECT_THAT(err_.str(), HasSubstr(table + ":2: durations[1][1]: TOO_FAST"));
  EXPECT_THAT(err_.str(), HasSubstr("1 pairs without a way"));
  EXPECT_EQ(Run({"import", "travel-times", table, "--areas", places, "--places", places}),
            ExitCode::kFile);
  EXPECT_EQ(Run({"import", "travel-times", table, "--places", places}), ExitCode::kUsage);
}

TEST_F(ImportTest, SpeaksChinese) {
  const std::string file = File("people.jsonl", "{\"name\":\"regions/13/candidates/c2\"}\n");
  EXPECT_EQ(Run({"import", "candidates", file, "--lang", "zh-CN"}), ExitCode::kSomeRejected);
  EXPECT_THAT(err_.str(), HasSubstr("必须填写"));
  EXPECT_THAT(out_.str(), HasSubstr("拒绝 1"));
}

TEST_F(ImportTest, NumbersGoOnOverMessages) {
  std::string lines;
  for (int i = 1; i <= 1'200; ++i) lines += Person(i);
  lines += "{}\n";
  EXPECT_EQ(Run({"import", "candidates", File("many.jsonl", lines)}), ExitCode::kSomeRejected);
  EXPECT_EQ(candidates_.stored.size(), 1'200u);
  EXPECT_GE(candidates_.messages, 3);
  EXPECT_THAT(err_.str(), HasSubstr("many.jsonl:1201: candidate.birth_date"));
}

TEST_F(ImportTest, ReadsTheBinaryForm) {
  v1::Candidate person;
  person.set_name("regions/13/candidates/c1");
  person.set_birth_date("1980-01-01");
  std::string bytes;
  AppendRecord(person, RecordFormat::kBinary, &bytes);
  EXPECT_EQ(Run({"import", "candidates", File("candidates.binpb", bytes)}), ExitCode::kOk);
  EXPECT_EQ(candidates_.stored.at(person.name()), person.SerializeAsString());
}

// What /dev/stdin and a shell's <(...) are.
TEST_F(ImportTest, PipeIsReadFromItsBeginning) {
  std::array<int, 2> ends = {};
  ASSERT_EQ(pipe(ends.data()), 0);
  const std::string people = Person(1) + Person(2);
  ASSERT_EQ(write(ends[1], people.data(), people.size()), static_cast<ssize_t>(people.size()));
  close(ends[1]);
  EXPECT_EQ(Run({"import", "candidates", absl::StrCat("/dev/fd/", ends[0])}), ExitCode::kOk);
  EXPECT_EQ(candidates_.stored.size(), 2u);
  close(ends[0]);
}

TEST_F(ImportTest, ExportOfARegionIsRefused) {
  const std::string file = File("hebei.leye", "leyereg1 and more");
  EXPECT_EQ(Run({"import", "candidates", file}), ExitCode::kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("leyed import"));
}

TEST_F(ImportTest, BrokenStreamSaysSoAndHowToGoOn) {
  candidates_.break_after = 1;
  const std::string file = File("candidates.jsonl", Person(1) + Person(2));
  EXPECT_EQ(Run({"import", "candidates", file}), ExitCode::kUnavailable);
  EXPECT_THAT(err_.str(), HasSubstr("import the same files again"));
}

TEST_F(ImportTest, AreasAreUpdatedOnlyWhereTheyDiffer) {
  const std::string yian = R"({"name":"regions/13/settlementAreas/yian","displayName":"怡安社区"})";
  const std::string other = R"({"name":"regions/13/settlementAreas/yian","displayName":"怡安"})";
  EXPECT_EQ(Run({"import", "areas", File("areas.jsonl", yian)}), ExitCode::kOk);
  EXPECT_EQ(Run({"import", "areas", File("areas.jsonl", yian)}), ExitCode::kOk);
  EXPECT_TRUE(areas_.updates.empty());
  EXPECT_EQ(Run({"import", folder_.string()}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("unchanged 1"));
  EXPECT_EQ(Run({"import", "areas", File("areas.jsonl", other)}), ExitCode::kOk);
  ASSERT_EQ(areas_.updates.size(), 1u);
  EXPECT_THAT(areas_.updates[0].update_mask().paths(), testing::ElementsAre("display_name"));
  EXPECT_EQ(areas_.updates[0].settlement_area().etag(), "1");
}

TEST_F(ImportTest, WhatTheServerKeepsInAnotherFormIsNoDifference) {
  const std::string file =
      File("areas.jsonl", R"({"name":"regions/13/settlementAreas/yian",)"
                          R"("location":{"latitude":41.8,"longitude":114.6}})");
  EXPECT_EQ(Run({"import", "areas", file}), ExitCode::kOk);
  areas_.stored.begin()->second.mutable_location()->set_datum(v1::DATUM_WGS84);
  EXPECT_EQ(Run({"import", "areas", file}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("unchanged 1"));
  EXPECT_TRUE(areas_.updates.empty());
}

TEST_F(ImportTest, ValidateOnlySaysWhatWouldChangeAndChangesNothing) {
  const std::string yian = R"({"name":"regions/13/settlementAreas/yian","displayName":"怡安社区"})";
  const std::string other = R"({"name":"regions/13/settlementAreas/yian","displayName":"怡安"})";
  EXPECT_EQ(Run({"import", "areas", File("areas.jsonl", yian)}), ExitCode::kOk);
  EXPECT_EQ(Run({"import", "areas", "--validate-only", File("areas.jsonl", other)}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("updated 1"));
  EXPECT_TRUE(areas_.updates.empty());
}

TEST_F(ImportTest, UsageErrorsSendNothing) {
  EXPECT_EQ(Run({"import", "planets", "file"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"import", "candidates"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"conquer"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"--timeout", "soon", "status"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"--lang", "fr", "status"}), ExitCode::kUsage);
  EXPECT_EQ(candidates_.messages, 0);
}

TEST_F(ImportTest, MissingFileIsAFileError) {
  EXPECT_EQ(Run({"import", "candidates", "no/such/file"}), ExitCode::kFile);
  EXPECT_EQ(Run({"import", "areas", "no/such/file"}), ExitCode::kFile);
  EXPECT_EQ(Run({"import", "candidates", "--rejects", "/no/such/folder/x", "f"}), ExitCode::kFile);
}

TEST_F(ImportTest, HelpEndsWell) {
  EXPECT_EQ(Run({"--help"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("Exit status:"));
}

}  // namespace
}  // namespace leye::ctl
