#include "tests/e2e/planted_people.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"

#include "leye/v1/employer.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/match.pb.h"
#include "leye/v1/personal_data.pb.h"
#include "leye/v1/posting.pb.h"
#include "leye/v1/referral.pb.h"
#include "services/base/status.h"
#include "tests/e2e/requests.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/raw_http.h"

namespace leye::e2e {
namespace {

struct Mark {
  const char* kind;
  const char* text;  // What every value of this kind has, and nothing else.
};

constexpr Mark kMarks[] = {
    {"address", "PLANTED-address-"}, {"certificate", "PLANTED-paper-"},
    {"contact", "PLANTED-contact-"}, {"health", "PLANTED-health-"},
    {"id_number", "13990719"},       {"name", "PLANTED-name-"},
    {"phone", "199-5555-"},
};

// By GB 11643: the weights' sum over the first 17 digits says the last character.
char CheckCharacter(const std::string& digits) {
  constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < std::size(kWeights); ++i) sum += (digits[i] - '0') * kWeights[i];
  return "10X98765432"[sum % 11];
}

std::string Phone(int number) { return absl::StrFormat("199-5555-%04d", number); }

void SetContact(const char* kind, v1::Contact& contact) {
  contact.set_full_name(absl::StrCat("PLANTED-contact-", kind));
  contact.set_phone(Phone(9'999));
}

template <typename Response>
absl::Status Do(const Client& client, const google::protobuf::Message& request) {
  const absl::Status status = client.Call<Response>(request).status();
  return WithContext(status, request.GetDescriptor()->name());
}

// Each of a stream's receipts says that its item was written.
template <typename Response>
absl::Status Import(const Client& client, const google::protobuf::Message& request) {
  const Answer answer = client.CallMethodOf(request);
  LEYE_RETURN_IF_ERROR(WithContext(answer.status, request.GetDescriptor()->name()));
  for (const std::string& bytes : answer.messages) {
    Response response;
    Require(response.ParseFromString(bytes), "receipts");
    for (const v1::ImportReceipt& receipt : response.receipts()) {
      if (receipt.problems_size() > 0) return absl::InternalError(receipt.ShortDebugString());
    }
  }
  return absl::OkStatus();
}

absl::Status ImportPeople(const Client& client, int people) {
  constexpr int kItems = 250;
  for (int first = 0; first < people; first += kItems) {
    v1::ImportCandidatesRequest candidates;
    v1::ImportHouseholdsRequest households;
    candidates.set_parent("regions/13");
    households.set_parent("regions/13");
    for (int i = first; i < std::min(first + kItems, people); ++i) {
      v1::Candidate& person = *candidates.add_candidates();
      person = PlantedCandidate(i);
      person.set_household(NameOf("households", absl::StrCat("planted--h", i)));
      v1::Household& household = *households.add_households();
      household.mutable_external_id()->set_source("planted");
      household.mutable_external_id()->set_id(absl::StrCat("h", i));
      household.set_settlement_area(NameOf("settlementAreas", "yian"));
      household.set_address(absl::StrFormat("PLANTED-address-%04d", i));
    }
    LEYE_RETURN_IF_ERROR(Import<v1::ImportHouseholdsResponse>(client, households));
    LEYE_RETURN_IF_ERROR(Import<v1::ImportCandidatesResponse>(client, candidates));
    // And once more, when nothing changes.
    LEYE_RETURN_IF_ERROR(Import<v1::ImportCandidatesResponse>(client, candidates));
  }
  return absl::OkStatus();
}

v1::CreateCandidateRequest Creation(const std::string& id, int number) {
  v1::CreateCandidateRequest create;
  create.set_parent("regions/13");
  create.set_candidate_id(id);
  create.set_request_id(absl::StrCat("create-", id));
  *create.mutable_candidate() = PlantedCandidate(number);
  create.mutable_candidate()->clear_external_id();
  return create;
}

absl::Status CreateAndChange(const Client& client) {
  for (const auto& [id, number] : {std::pair("stays", 9'001), std::pair("goes", 9'002)}) {
    const v1::CreateCandidateRequest create = Creation(id, number);
    LEYE_RETURN_IF_ERROR(Do<v1::CreateCandidateResponse>(client, create));
    LEYE_RETURN_IF_ERROR(Do<v1::CreateCandidateResponse>(client, create));  // A replay.
  }
  v1::UpdateCandidateRequest update;
  update.mutable_candidate()->set_name(NameOf("candidates", "stays"));
  update.mutable_candidate()->set_phone(Phone(9'003));
  update.mutable_update_mask()->add_paths("phone");
  update.set_request_id("update-stays");
  LEYE_RETURN_IF_ERROR(Do<v1::UpdateCandidateResponse>(client, update));
  update.set_request_id("");
  update.set_validate_only(true);
  LEYE_RETURN_IF_ERROR(Do<v1::UpdateCandidateResponse>(client, update));

  v1::UpdateEmployerRequest employer;
  employer.mutable_employer()->set_name(NameOf("employers", "garment"));
  SetContact("employer", *employer.mutable_employer()->mutable_contact());
  employer.mutable_update_mask()->add_paths("contact");
  LEYE_RETURN_IF_ERROR(Do<v1::UpdateEmployerResponse>(client, employer));
  v1::UpdatePostingRequest posting;
  posting.mutable_posting()->set_name(NameOf("postings", "sewing"));
  SetContact("posting", *posting.mutable_posting()->mutable_contact());
  posting.mutable_update_mask()->add_paths("contact");
  LEYE_RETURN_IF_ERROR(Do<v1::UpdatePostingResponse>(client, posting));

  v1::DeleteCandidateRequest erase;
  erase.set_name(NameOf("candidates", "goes"));
  return Do<v1::DeleteCandidateResponse>(client, erase);
}

// The person is there, with all fields; then everything that reads people does.
absl::Status ReadAndMatch(const Client& client) {
  v1::GetCandidateRequest get;
  get.set_name(NameOf("candidates", "stays"));
  const auto got = client.Call<v1::GetCandidateResponse>(get);
  LEYE_RETURN_IF_ERROR(got);
  const std::string marks = MarksOf(got->SerializeAsString());
  if (marks != "certificate health id_number name phone") return absl::InternalError(marks);
  LEYE_RETURN_IF_ERROR(Do<v1::ListCandidatesResponse>(
      client, Parse<v1::ListCandidatesRequest>(R"pb(parent: "regions/13" page_size: 500)pb")));
  v1::BatchGetCandidatesRequest batch;
  batch.set_parent("regions/13");
  batch.add_names(get.name());
  LEYE_RETURN_IF_ERROR(Do<v1::BatchGetCandidatesResponse>(client, batch));
  LEYE_RETURN_IF_ERROR(Do<v1::RankCandidatesResponse>(
      client, Parse<v1::RankCandidatesRequest>(R"pb(posting: "regions/13/postings/sewing")pb")));
  LEYE_RETURN_IF_ERROR(Do<v1::RecommendPostingsResponse>(
      client,
      Parse<v1::RecommendPostingsRequest>(R"pb(candidate: "regions/13/candidates/stays")pb")));
  LEYE_RETURN_IF_ERROR(Do<v1::ExplainMatchResponse>(
      client, Parse<v1::ExplainMatchRequest>(R"pb(pair {
                                                    candidate: "regions/13/candidates/stays"
                                                    posting: "regions/13/postings/sewing"
                                                  })pb")));
  return MakeReferral(client).status();
}

// Every one must fail, and carries marks in places where a careless server repeats what it was
// sent.
absl::Status MakeMistakes(const Client& client) {
  std::vector<v1::CreateCandidateRequest> bad(6, Creation("bad", 9'004));
  bad[0].mutable_candidate()->set_id_number("139907199003040020");
  bad[1].mutable_candidate()->set_full_name(std::string(100, 'x') + "PLANTED-name-long");
  bad[2].mutable_candidate()->set_birth_date("PLANTED-name-date");
  bad[3].mutable_candidate()->set_household("PLANTED-address-household");
  bad[4].mutable_candidate()->set_phone("199-5555-letters");
  bad[5].set_candidate_id("stays");  // There is one.
  bad[5].set_request_id("again");
  for (const v1::CreateCandidateRequest& create : bad) {
    if (client.Call<v1::CreateCandidateResponse>(create).ok()) {
      return absl::InternalError(create.ShortDebugString());
    }
  }
  v1::ImportCandidatesRequest items;
  items.set_parent("regions/13");
  *items.add_candidates() = bad[0].candidate();
  *items.add_candidates() = bad[1].candidate();
  client.CallMethodOf(items);
  v1::ListCandidatesRequest list;
  list.set_parent("regions/13");
  list.set_filter("full_name = \"PLANTED-name-0001\"");
  if (client.Call<v1::ListCandidatesResponse>(list).ok()) return absl::InternalError("filter");
  v1::UpdateCandidateRequest stale;
  *stale.mutable_candidate() = PlantedCandidate(9'005);
  stale.mutable_candidate()->clear_external_id();
  stale.mutable_candidate()->set_name(NameOf("candidates", "stays"));
  stale.mutable_candidate()->set_etag("1-1");
  if (client.Call<v1::UpdateCandidateResponse>(stale).ok()) return absl::InternalError("etag");
  // Cut off in the middle of a field, and sent to a method of another type.
  const std::string bytes = Creation("cut", 9'006).SerializeAsString();
  for (const size_t size : {bytes.size() / 3, bytes.size() / 2, bytes.size() - 1}) {
    client.CallRaw("leye.v1.CandidateService.CreateCandidate", {bytes.substr(0, size)});
  }
  client.CallRaw("leye.v1.MatchService.RankCandidates", {bytes});
  return absl::OkStatus();
}

// Piece by piece: a core file may be larger than memory. A mark that lies across two pieces is seen
// in the end of one that is carried over.
std::string MarksInFile(const std::filesystem::path& path) {
  constexpr size_t kPiece = 4 << 20;
  constexpr size_t kCarried = 64;
  std::ifstream file(path, std::ios::binary);
  std::string piece;
  std::set<std::string> found;
  while (file) {
    const size_t carried = std::min(piece.size(), kCarried);
    piece.erase(0, piece.size() - carried);
    piece.resize(carried + kPiece);
    file.read(piece.data() + carried, kPiece);
    piece.resize(carried + static_cast<size_t>(file.gcount()));
    for (const Mark& mark : kMarks) {
      if (absl::StrContains(piece, mark.text)) found.insert(mark.kind);
    }
  }
  return absl::StrJoin(found, " ");
}

}  // namespace

v1::Candidate PlantedCandidate(int number) {
  const absl::CivilDay born = absl::CivilDay(1970, 1, 1) + number;
  std::string digits =
      absl::StrFormat("139907%04d%02d%02d002", born.year(), born.month(), born.day());
  digits.push_back(CheckCharacter(digits));
  v1::Candidate person;
  person.mutable_external_id()->set_source("planted");
  person.mutable_external_id()->set_id(absl::StrCat("p", number));
  person.set_household(NameOf("households", "li"));
  person.set_full_name(absl::StrFormat("PLANTED-name-%04d", number));
  person.set_id_number(digits);
  person.set_phone(Phone(number));
  person.set_birth_date(absl::FormatCivilTime(born));
  person.set_sex(v1::SEX_FEMALE);
  person.set_health_note(absl::StrFormat("PLANTED-health-%04d", number));
  v1::HeldCertificate& paper = *person.add_certificates();
  paper.set_skill("skills/cert-welding-thermal-cutting");
  paper.set_number(absl::StrFormat("PLANTED-paper-%04d", number));
  person.add_groups(v1::GROUP_RELOCATED);
  v1::HeldSkill& skill = *person.add_skills();
  skill.set_skill("skills/sewing-lockstitch");
  skill.set_level(3);
  person.mutable_preferences()->set_willing(true);
  person.mutable_consent()->set_given_date("2020-01-01");
  return person;
}

absl::Status PlantPeople(const Client& client, int people) {
  LEYE_RETURN_IF_ERROR(MakeSmallWorld(client));
  LEYE_RETURN_IF_ERROR(ImportPeople(client, people));
  LEYE_RETURN_IF_ERROR(CreateAndChange(client));
  LEYE_RETURN_IF_ERROR(ReadAndMatch(client));
  return MakeMistakes(client);
}

absl::Status CallAllThatReads(const Client& client) {
  constexpr absl::Duration kOfWatches = absl::Milliseconds(500);
  LEYE_RETURN_IF_ERROR(MakePlans(client));
  for (const SampleRequest& sample : SampleRequests()) {
    if (NeverEnds(*sample.rpc)) {
      // That of a posting's matches is refused: they are too many.
      client.CallMethodOf(*sample.message, {.patience = kOfWatches});
    } else if (!Mutates(*sample.rpc)) {
      LEYE_RETURN_IF_ERROR(
          WithContext(client.CallMethodOf(*sample.message).status, sample.rpc->full_name()));
    }
  }
  v1::WatchMatchesRequest watch;
  watch.set_candidate(NameOf("candidates", "stays"));
  const Answer watched = client.CallMethodOf(watch, {.patience = kOfWatches});
  if (!absl::IsDeadlineExceeded(watched.status)) return absl::InternalError("WatchMatches");
  v1::ExportPersonRequest person;
  person.set_name(NameOf("candidates", "stays"));
  LEYE_RETURN_IF_ERROR(Do<v1::ExportPersonResponse>(client, person));
  v1::WithdrawConsentRequest withdraw;
  withdraw.set_name(person.name());
  return Do<v1::WithdrawConsentResponse>(client, withdraw);
}

std::string CallByHttp(const std::string& http_address) {
  const std::string path = "/leye.v1.CandidateService/";
  const std::string name = R"("name": "regions/13/candidates/stays")";
  std::string first;
  for (const std::string& body : {absl::StrCat("{", name, "}"),
                                  absl::StrCat(R"({"full_name": "PLANTED-name-http", )", name, "}"),
                                  std::string(R"({"name": "PLANTED-name-http")")}) {
    testing::RawConnection connection(http_address);
    connection.Send(absl::StrCat(
        "POST ", path, "GetCandidate HTTP/1.1\r\nhost: ", http_address,
        "\r\ncontent-type: application/json\r\ncontent-length: ", body.size(), "\r\n\r\n", body));
    const std::string answer = connection.Receive().body;
    if (first.empty()) first = answer;
  }
  return first;
}

std::string MarksOf(const std::string& text) {
  std::string found;
  for (const Mark& mark : kMarks) {
    if (absl::StrContains(text, mark.text)) {
      absl::StrAppend(&found, found.empty() ? "" : " ", mark.kind);
    }
  }
  return found;
}

std::map<std::string, std::string> MarksIn(const std::string& folder) {
  std::map<std::string, std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::string marks = MarksInFile(entry.path());
    if (!marks.empty()) {
      found.emplace(std::filesystem::relative(entry.path(), folder).string(), std::move(marks));
    }
  }
  return found;
}

}  // namespace leye::e2e
