#include "tests/bench/world_import.h"

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <vector>

#include <fmt/core.h>
#include <grpcpp/client_context.h>

#include "leye/v1/employer.grpc.pb.h"
#include "leye/v1/settlement_area.grpc.pb.h"

namespace leye::bench {
namespace {

void CreateAreas(const std::shared_ptr<grpc::Channel>& channel, const GrpcWorld& world) {
  const auto stub = v1::SettlementAreaService::NewStub(channel);
  for (const v1::SettlementArea& area : world.areas) {
    v1::CreateSettlementAreaRequest request;
    request.set_parent("regions/13");
    request.set_settlement_area_id(IdOf(area.name()));
    *request.mutable_settlement_area() = area;
    v1::CreateSettlementAreaResponse response;
    grpc::ClientContext context;
    const grpc::Status status = stub->CreateSettlementArea(&context, request, &response);
    if (!status.ok()) Fail(status.error_message());
  }
}

void CreateEmployers(const std::shared_ptr<grpc::Channel>& channel, const GrpcWorld& world) {
  const auto stub = v1::EmployerService::NewStub(channel);
  for (const v1::Employer& employer : world.employers) {
    v1::CreateEmployerRequest request;
    request.set_parent("regions/13");
    request.set_employer_id(IdOf(employer.name()));
    *request.mutable_employer() = employer;
    v1::CreateEmployerResponse response;
    grpc::ClientContext context;
    const grpc::Status status = stub->CreateEmployer(&context, request, &response);
    if (!status.ok()) Fail(status.error_message());
  }
}

template <typename Kind, typename Resource>
ImportRun Import(const GrpcServer& server, const std::vector<Resource>& items, int message_items) {
  ImportRun run = RunImport<Kind>(server.Connect(), items, message_items);
  if (!run.error.empty()) Fail(run.error);
  if (run.other > 0) Fail(fmt::format("{} items were not created", run.other));
  return run;
}

}  // namespace

Folder::Folder() : path_((std::filesystem::temp_directory_path() / "leye-bench-XXXXXX").string()) {
  if (mkdtemp(path_.data()) == nullptr) Fail("no temporary folder");
}

Folder::~Folder() { std::filesystem::remove_all(path_); }

int64_t Folder::Bytes() const {
  int64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
    if (entry.is_regular_file()) bytes += static_cast<int64_t>(entry.file_size());
  }
  return bytes;
}

WorldImport ImportWorld(const GrpcServer& server, const GrpcWorld& world, int message_items) {
  CreateAreas(server.Connect(), world);
  CreateEmployers(server.Connect(), world);
  WorldImport imported;
  imported.households = Import<HouseholdImport>(server, world.households, message_items);
  imported.candidates = Import<CandidateImport>(server, world.candidates, message_items);
  imported.postings = Import<PostingImport>(server, world.postings, message_items);
  return imported;
}

Subjects SubjectsOf(const GrpcWorld& world) {
  Subjects subjects;
  for (const v1::Posting& posting : world.postings) subjects.postings.push_back(posting.name());
  for (const v1::Candidate& candidate : world.candidates) {
    if (candidate.preferences().willing()) subjects.candidates.push_back(candidate.name());
  }
  if (subjects.postings.empty() || subjects.candidates.empty()) Fail("the world is too small");
  return subjects;
}

}  // namespace leye::bench
