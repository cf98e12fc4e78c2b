// The use cases on a store of their own, called by the names of their RPCs.
//
//   App app;
//   Answer answer = app.Call("CreatePosting", R"(parent: "regions/13" posting { ... })");
//   answer.status;  answer.Text("posting.etag");
//
// Requests are protobuf text; answers are read by paths, so that one test serves every resource.
#ifndef LEYE_TESTS_SERVICES_APP_APP_FIXTURE_H_
#define LEYE_TESTS_SERVICES_APP_APP_FIXTURE_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <google/protobuf/message.h>

#include "services/access/principal.h"
#include "services/access/sealer.h"
#include "services/app/candidates.h"
#include "services/app/catalogue.h"
#include "services/app/employers.h"
#include "services/app/households.h"
#include "services/app/notices.h"
#include "services/app/postings.h"
#include "services/app/ruleset_source.h"
#include "services/app/settlement_areas.h"
#include "services/app/skills.h"
#include "services/store/sqlite_store.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/temp_dir.h"

namespace leye::app {

// What an RPC answered.
struct Answer {
  absl::Status status;
  std::unique_ptr<google::protobuf::Message> response;

  bool ok() const { return status.ok(); }
  // The field at `path` as text, "posting.place.address"; numbers and enums in text form. Of lists
  // the first element; empty where there is none.
  std::string Text(const std::string& path) const;
  // The number of elements of a list.
  int Size(const std::string& path) const;
  // The reason and the fields at fault: "INVALID_FIELDS: posting.title, posting.openings".
  std::string Fault() const;
};

// Says fixed figures of one household.
class StubFigures final : public HouseholdFiguresSource {
 public:
  std::optional<v1::HouseholdFigures> FiguresOf(absl::string_view household) const override;

  bool zero_employment = false;
};

// One ruleset everywhere and always, which a test may change.
struct TheRuleset final : public RulesetSource {
  Ruleset InForce(store::Region, absl::CivilDay) const override { return now; }

  Ruleset now = std::make_shared<const matcher::Ruleset>(matcher::DefaultRuleset());
};

class App {
 public:
  App();

  // As `principal`.
  Answer Call(const std::string& rpc, const std::string& request_text) const;
  Answer Call(const std::string& rpc, const google::protobuf::Message& request) const;
  std::unique_ptr<google::protobuf::Message> NewRequest(const std::string& rpc) const;

  // Area a, households h and h2 in it, employer e: what the others refer to.
  void AddBasics() const;

  CallContext Caller() const { return {.principal = principal}; }

  testing::TempDir dir;
  testing::FakeClock clock;
  SeededRandom random{7};
  Logger logger = Logger::Discard();
  std::unique_ptr<store::Store> store;
  access::PlainSealer sealer;
  StubFigures figures;
  TheRuleset rulesets;
  access::Principal principal = access::LocalOperator();
  std::unique_ptr<Dependencies> dependencies;
  std::unique_ptr<SettlementAreas> areas;
  std::unique_ptr<Households> households;
  std::unique_ptr<Employers> employers;
  std::unique_ptr<Candidates> candidates;
  std::unique_ptr<Postings> postings;
  std::unique_ptr<Skills> skills;
  std::unique_ptr<Notices> notices;

 private:
  struct Rpc {
    const google::protobuf::Message* request;
    std::function<Answer(const google::protobuf::Message&, const CallContext&)> call;
  };

  template <typename Request, typename Response, typename UseCases>
  void Bind(const UseCases& use_cases,
            absl::StatusOr<Response> (UseCases::*method)(const Request&, const CallContext&) const);
  void BindPlaces();
  void BindPeople();
  void BindWork();

  std::map<std::string, Rpc> rpcs_;
};

// The built-in catalogue, loaded once.
const Catalogue& TestCatalogue();

// Protobuf text into a message; a mistake in it aborts.
void ParseInto(const std::string& text, google::protobuf::Message& message);
template <typename T>
T Parse(const std::string& text) {
  T message;
  ParseInto(text, message);
  return message;
}

// A resource for tests that hold for all of them.
struct ResourceCase {
  std::string type;        // "Posting"
  std::string field;       // "posting"
  std::string collection;  // "postings"
  std::string body;        // Protobuf text of a valid one, without external id.
  std::string change;      // A field that may be changed, with another value.
  std::string path;        // Of that field.
  std::string required;    // The fields that must be there, sorted, joined by ", ".
  bool has_delete = false;
  bool has_batch = false;

  std::string Name(const std::string& id) const { return "regions/13/" + collection + "/" + id; }
  // Text of Create<Type>Request.
  std::string Create(const std::string& id, const std::string& more_body = "",
                     const std::string& more = "") const;
};

const std::vector<ResourceCase>& AllResources();
const ResourceCase& CaseOf(const std::string& type);

}  // namespace leye::app

#endif  // LEYE_TESTS_SERVICES_APP_APP_FIXTURE_H_
