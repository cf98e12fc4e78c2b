// Certificates, tokens and keys over real connections; limits on calls; the audit of them.

#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "leye/v1/audit.pb.h"
#include "leye/v1/candidate.pb.h"
#include "leye/v1/employer.pb.h"
#include "services/access/audit.h"
#include "services/app/audit_trail.h"
#include "services/base/status.h"
#include "tests/e2e/callers.h"
#include "tests/e2e/certificates.h"
#include "tests/e2e/client.h"
#include "tests/e2e/planted_people.h"
#include "tests/e2e/server_in_process.h"
#include "tests/e2e/small_world.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/raw_http.h"
#include "tests/testing/status_matchers.h"

namespace leye::e2e {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::leye::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::StatusCode kUnauthenticated = absl::StatusCode::kUnauthenticated;

v1::GetEmployerRequest GetGarment() {
  v1::GetEmployerRequest request;
  request.set_name(NameOf("employers", "garment"));
  return request;
}

class Tls : public ::testing::Test {
 protected:
  Tls() {
    Install(authority_.Issue({.dns = "localhost"}));
    WriteFile(folder_.File("ca.pem"), authority_.pem());
  }

  // The key first: a pair that does not fit is not taken.
  void Install(const Certificate& certificate) const {
    WriteFile(folder_.File("server-key.pem"), certificate.key_pem);
    WriteFile(folder_.File("server.pem"), certificate.pem);
  }

  LeyedOptions Options() const {
    LeyedOptions options = callers_.Options();
    options.tls_certificate_file = folder_.File("server.pem");
    options.tls_key_file = folder_.File("server-key.pem");
    options.client_ca_file = folder_.File("ca.pem");
    return options;
  }

  // A new connection by whoever believes `authority` and shows `own`.
  static Client Connected(const ServerInProcess& server, const Authority& authority,
                          const Certificate& own, const Headers& headers = {}) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt("grpc.enable_http_proxy", 0);
    arguments.SetSslTargetNameOverride("localhost");
    return Client(grpc::CreateCustomChannel(
                      server.address(),
                      grpc::SslCredentials({authority.pem(), own.key_pem, own.pem}), arguments),
                  headers);
  }
  Client As(const ServerInProcess& server, const Subject& subject) const {
    return Connected(server, authority_, authority_.Issue(subject));
  }

  testing::TempDir folder_;
  const Callers callers_;
  const Authority authority_;
};

TEST_F(Tls, ACertificatesNameSaysWhoCalls) {
  ServerInProcess server(Options());
  ASSERT_THAT(MakeSmallWorld(As(server, {.uris = {"leye://operator"}})), IsOk());
  const auto get = [&](const Client& client) { return client.CallMethodOf(GetGarment()).status; };
  EXPECT_THAT(get(As(server, {.uris = {"leye://bureau/130723"}})), IsOk());
  EXPECT_THAT(get(As(server, {.uris = {"leye://enterprise/13/garment"}})), IsOk());
  EXPECT_THAT(get(As(server, {.uris = {"leye://enterprise/13/other"}})),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(get(As(server, {.dns = "bureau", .uris = {"spiffe://x/y"}})),
              FailsWith(kUnauthenticated, "BAD_CERTIFICATE"));
  EXPECT_THAT(get(As(server, {.uris = {"leye://bureau/13", "leye://operator"}})),
              FailsWith(kUnauthenticated, "BAD_CERTIFICATE"));
  EXPECT_THAT(get(Connected(server, authority_, {})), FailsWith(kUnauthenticated, "NO_IDENTITY"));
}

TEST_F(Tls, ACertificateOfAnotherAuthorityDoesNotConnect) {
  ServerInProcess server(Options());
  const Authority stranger;
  const Client client =
      Connected(server, authority_, stranger.Issue({.uris = {"leye://operator"}}));
  EXPECT_THAT(client.CallMethodOf(GetGarment(), {.patience = absl::Seconds(5)}).status,
              ::testing::AnyOf(StatusIs(absl::StatusCode::kUnavailable),
                               StatusIs(absl::StatusCode::kDeadlineExceeded)));
}

TEST_F(Tls, WhereNothingElseProvesWhoCallsNobodyConnectsWithoutACertificate) {
  LeyedOptions options = Options();
  options.token_keys_file = "";
  options.api_keys_file = "";
  ServerInProcess server(options);
  EXPECT_THAT(MakeSmallWorld(As(server, {.uris = {"leye://operator"}})), IsOk());
  EXPECT_THAT(
      Connected(server, authority_, {}).CallMethodOf(GetGarment(), {.patience = absl::Seconds(5)}),
      ::testing::Field(&Answer::status,
                       ::testing::AnyOf(StatusIs(absl::StatusCode::kUnavailable),
                                        StatusIs(absl::StatusCode::kDeadlineExceeded))));
}

TEST_F(Tls, KeysAndTokensWorkOverItAndGoBeforeTheCertificate) {
  ServerInProcess server(Options());
  ASSERT_THAT(MakeSmallWorld(As(server, {.uris = {"leye://operator"}})), IsOk());
  EXPECT_THAT(Connected(server, authority_, {}, callers_.HeadersOf("leye://bureau/130723"))
                  .CallMethodOf(GetGarment())
                  .status,
              IsOk());
  const Certificate gateway = authority_.Issue({.uris = {"leye://operator"}});
  EXPECT_THAT(Connected(server, authority_, gateway, callers_.HeadersOf("leye://app/13/welder"))
                  .CallMethodOf(GetGarment())
                  .status,
              FailsWith(absl::StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED"));
}

// Over HTTP there are keys and tokens; whoever brings neither proves nothing, on loopback as well.
TEST(HttpIdentities, AreThoseOfGrpc) {
  const Callers callers;
  LeyedOptions options = callers.Options();
  options.http = "127.0.0.1:0";
  ServerInProcess server(options);
  ASSERT_THAT(MakeSmallWorld(callers.Of("leye://operator", server.address())), IsOk());
  const auto status_for = [&](const Headers& headers) {
    std::string lines = "content-type: application/json\r\n";
    for (const auto& [name, value] : headers) absl::StrAppend(&lines, name, ": ", value, "\r\n");
    testing::RawConnection connection(server.http_address());
    connection.Send(testing::RawPost("/leye.v1.EmployerService/GetEmployer", lines,
                                     R"({"name": "regions/13/employers/garment"})"));
    return connection.Receive().status;
  };
  EXPECT_EQ(status_for(callers.HeadersOf("leye://enterprise/13/garment")), 200);
  EXPECT_EQ(status_for(callers.HeadersOf("leye://enterprise/13/other")), 404);
  EXPECT_EQ(status_for(callers.HeadersOf("leye://app/13/welder")), 403);
  EXPECT_EQ(status_for({}), 401);
}

TEST_F(Tls, ANewCertificateIsTakenWithoutARestart) {
  ServerInProcess server(Options());
  const Authority next;
  const auto reached = [&](const Authority& believed) {
    const Client client = Connected(server, believed, {});
    return ErrorReason(client.CallMethodOf(GetGarment(), {.patience = absl::Seconds(5)}).status) ==
           "NO_IDENTITY";
  };
  EXPECT_TRUE(reached(authority_));
  EXPECT_FALSE(reached(next));
  Install(next.Issue({.dns = "localhost"}));
  const absl::Time give_up = absl::Now() + kPatience;
  while (!reached(next)) ASSERT_LT(absl::Now(), give_up) << "the new certificate is not served";
}

TEST(Identities, AKeyTakenAwayAndATokenThatIsOldAreWorthless) {
  const Callers callers;
  testing::FakeClock clock(absl::Now());
  ServerInProcess server(clock, callers.Options());
  const Client operating = callers.Of("leye://operator", server.address());
  ASSERT_THAT(MakeSmallWorld(operating), IsOk());
  const Client app = callers.Of("leye://app/13/welder", server.address());
  v1::GetCandidateRequest get;
  get.set_name(NameOf("candidates", "welder"));
  EXPECT_THAT(app.CallMethodOf(get).status, IsOk());
  clock.Advance(absl::Minutes(11));
  EXPECT_THAT(app.CallMethodOf(get).status, FailsWith(kUnauthenticated, "TOKEN_EXPIRED"));

  // The deadlines of calls are by the machine's clock.
  const CallOptions patient{.patience = absl::Hours(1)};
  const Client firm = callers.Of("leye://enterprise/13/garment", server.address());
  EXPECT_THAT(firm.CallMethodOf(GetGarment(), patient).status, IsOk());
  WriteFile(callers.key_file(), "# nobody\n");
  clock.Advance(absl::Seconds(2));
  EXPECT_THAT(firm.CallMethodOf(GetGarment(), patient).status,
              FailsWith(kUnauthenticated, "BAD_API_KEY"));
}

TEST(Identities, WithoutAnyOnLoopbackTheOperatorCalls) {
  ServerInProcess server;
  EXPECT_THAT(MakeSmallWorld(Client(server.channel())), IsOk());
}

TEST(Limits, OfOneCallerAreSaidWithWhenToComeAgain) {
  const Callers callers;
  testing::FakeClock clock(absl::Now());
  LeyedOptions options = callers.Options();
  options.calls_per_second = 1;
  options.burst_calls = 3;
  ServerInProcess server(clock, options);
  ASSERT_THAT(MakeSmallWorld(callers.Of("leye://operator", server.address())), IsOk());
  const Client firm = callers.Of("leye://enterprise/13/garment", server.address());
  for (int i = 0; i < 3; ++i) EXPECT_THAT(firm.CallMethodOf(GetGarment()).status, IsOk());
  const absl::Status refused = firm.CallMethodOf(GetGarment()).status;
  EXPECT_THAT(refused, FailsWith(absl::StatusCode::kResourceExhausted, "RATE_LIMITED"));
  google::rpc::RetryInfo retry;
  const auto payload = refused.GetPayload("type.googleapis.com/google.rpc.RetryInfo");
  ASSERT_TRUE(payload.has_value() && retry.ParseFromString(std::string(*payload)));
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_THAT(
      callers.Of("leye://bureau/130723", server.address()).CallMethodOf(GetGarment()).status,
      IsOk());
  clock.Advance(absl::Seconds(1));
  EXPECT_THAT(firm.CallMethodOf(GetGarment()).status, IsOk());
}

TEST(AuditE2e, SaysWhoSawAndChangedWhatWithoutSayingWhatItWas) {
  const testing::TempDir folder;
  const Callers callers;
  LeyedOptions options = callers.Options();
  options.audit_file = folder.File("audit");
  {
    ServerInProcess server(options);
    const Client operating = callers.Of("leye://operator", server.address());
    ASSERT_THAT(MakeSmallWorld(operating), IsOk());
    Headers clerk_headers = callers.HeadersOf("leye://bureau/130723");
    clerk_headers.emplace_back("x-purpose", "home-visit");
    const Client clerk(callers.Connect(server.address()), clerk_headers);
    const auto update =
        Parse<v1::UpdateCandidateRequest>(
            R"pb(
              candidate {
                name: "regions/13/candidates/welder"
                full_name: "赵强"
                phone: "13900000002"
              })pb");
    ASSERT_THAT(clerk.CallMethodOf(update).status, IsOk());
    v1::ListCandidatesRequest list;
    list.set_parent("regions/13");
    ASSERT_THAT(clerk.CallMethodOf(list).status, IsOk());
    const Client other = callers.Of("leye://bureau/44", server.address());
    ASSERT_FALSE(other.CallMethodOf(list).status.ok());
  }
  std::ifstream file(options.audit_file, std::ios::binary);
  EXPECT_THAT(access::VerifyAudit(file), IsOk());
  std::ostringstream text;
  text << std::ifstream(options.audit_file, std::ios::binary).rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("\tbureau/130723\t/leye.v1.CandidateService/UpdateCandidate\t"
                                    "home-visit\tOK\tregions/13/candidates/welder "));
  EXPECT_THAT(text.str(), HasSubstr("regions/13/candidates/sewer-far"));
  EXPECT_THAT(text.str(), HasSubstr("\tbureau/44\t/leye.v1.CandidateService/ListCandidates\t-\t"
                                    "PERMISSION_DENIED\t-\t"));
  EXPECT_THAT(text.str(), Not(HasSubstr("赵强")));
  EXPECT_THAT(text.str(), Not(HasSubstr("13900000002")));
}

TEST(AuditE2e, NamesEverybodyOnALongPage) {
  const testing::TempDir folder;
  LeyedOptions options;
  options.audit_file = folder.File("audit");
  ServerInProcess server(options);
  ASSERT_THAT(PlantPeople(Client(server.channel()), 1'000), IsOk());
  const Client counting(server.channel(), {{"x-purpose", "roll-call"}});
  LEYE_ASSERT_OK_AND_ASSIGN(
      const auto page, counting.Call<v1::ListCandidatesResponse>(Parse<v1::ListCandidatesRequest>(
                           R"pb(parent: "regions/13" page_size: 1000)pb")));
  ASSERT_EQ(page.candidates_size(), 1'000);
  std::set<std::string, std::less<>> named;
  std::ifstream file(options.audit_file, std::ios::binary);
  for (std::string line; std::getline(file, line);) {
    if (!absl::StrContains(line, "\troll-call\tOK\t")) continue;
    for (const auto word : absl::StrSplit(line, absl::ByAnyChar(" \t"))) named.emplace(word);
  }
  for (const v1::Candidate& person : page.candidates()) {
    EXPECT_TRUE(named.contains(person.name())) << person.name();
    EXPECT_TRUE(named.contains(person.household())) << person.household();
  }
}

// All pages of what is asked for.
std::vector<v1::AuditEntry> EntriesFor(const Client& client, v1::ListAuditEntriesRequest request) {
  std::vector<v1::AuditEntry> entries;
  do {
    const auto page = client.Call<v1::ListAuditEntriesResponse>(request);
    EXPECT_THAT(page, IsOk());
    if (!page.ok()) break;
    entries.insert(entries.end(), page->entries().begin(), page->entries().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return entries;
}

class AuditorE2e : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(MakeSmallWorld(callers_.Of("leye://operator", server_.address())), IsOk());
    v1::GetCandidateRequest get;
    get.set_name("regions/13/candidates/welder");
    Headers headers = callers_.HeadersOf("leye://bureau/130723");
    headers.emplace_back("x-purpose", "home-visit");
    const Client clerk(callers_.Connect(server_.address()), headers);
    ASSERT_THAT(clerk.CallMethodOf(get).status, IsOk());
  }

  static LeyedOptions Audited(LeyedOptions options, const std::string& file) {
    options.audit_file = file;
    return options;
  }

  const testing::TempDir folder_;
  const Callers callers_;
  ServerInProcess server_{Audited(callers_.Options(), folder_.File("audit"))};
  const Client auditor_ = callers_.Of("leye://auditor", server_.address());
};

TEST_F(AuditorE2e, FindsWhoSawWhomAndWhy) {
  const std::vector<v1::AuditEntry> found = EntriesFor(
      auditor_, Parse<v1::ListAuditEntriesRequest>(R"pb(record: "regions/13/candidates/welder"
                                                        principal: "bureau")pb"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].principal(), "bureau/130723");
  EXPECT_EQ(found[0].rpc(), "CandidateService/GetCandidate");
  EXPECT_EQ(found[0].purpose(), "home-visit");
  EXPECT_EQ(found[0].outcome(), "OK");
  EXPECT_THAT(found[0].records(), ::testing::Contains("regions/13/candidates/welder"));
  const std::vector<v1::AuditEntry> looks = EntriesFor(
      auditor_, Parse<v1::ListAuditEntriesRequest>(R"pb(principal: "auditor" page_size: 1)pb"));
  ASSERT_FALSE(looks.empty());
  EXPECT_EQ(looks[0].rpc(), "AuditService/ListAuditEntries") << "the reading is an entry";
  EXPECT_THAT(looks[0].records(), ElementsAre("regions/13/candidates/welder"));
}

TEST_F(AuditorE2e, GetsEveryLineOnceAndTheHead) {
  v1::ListAuditEntriesRequest request;
  request.set_page_size(3);
  const std::vector<v1::AuditEntry> all = EntriesFor(auditor_, request);
  std::ifstream file(folder_.File("audit"), std::ios::binary);
  size_t lines = 0;
  for (std::string line; lines < all.size() && std::getline(file, line); ++lines) {
    EXPECT_EQ(all[lines].sequence(), static_cast<int64_t>(lines) + 1);
    EXPECT_TRUE(absl::EndsWith(line, "\t" + all[lines].hash())) << lines;
  }
  EXPECT_EQ(lines, all.size());
  LEYE_ASSERT_OK_AND_ASSIGN(const auto last, auditor_.Call<v1::ListAuditEntriesResponse>(request));
  EXPECT_GT(last.head_sequence(), all.back().sequence());
  file.clear();
  file.seekg(0);
  EXPECT_THAT(access::VerifyAudit(file, {.number = static_cast<uint64_t>(last.head_sequence()),
                                         .hash = last.head_hash()}),
              IsOk());
}

TEST_F(AuditorE2e, IsToldWhereTheChainIsBroken) {
  {
    std::fstream file(folder_.File("audit"), std::ios::binary | std::ios::in | std::ios::out);
    std::string line;
    std::getline(file, line);
    file.seekp(static_cast<std::streamoff>(line.size()) + 1);
    file << "7";  // The number of the second line.
  }
  const absl::Status broken = auditor_.CallMethodOf(v1::ListAuditEntriesRequest()).status;
  EXPECT_THAT(broken, FailsWith(absl::StatusCode::kDataLoss, "AUDIT_BROKEN"));
  EXPECT_THAT(std::string(broken.message()), HasSubstr("line 2 "));
  EXPECT_EQ(GetErrorDetails(broken).metadata.at("line"), "2");
  EXPECT_THAT(GetErrorDetails(broken).message_zh, HasSubstr("审计"));
}

TEST(AuditE2e, WhereNoneIsKeptSaysSo) {
  EXPECT_THAT(app::AuditTrail(nullptr).ListAuditEntries({}, {}),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NO_AUDIT"));
}

TEST(AuditE2e, WhatCannotBeWrittenDownIsNotAnswered) {
  LeyedOptions options;
  options.audit_file = "/dev/full";
  ServerInProcess server(options);
  v1::ListCandidatesRequest list;
  list.set_parent("regions/13");
  EXPECT_THAT(Client(server.channel()).CallMethodOf(list).status,
              FailsWith(absl::StatusCode::kUnavailable, "AUDIT_FAILED"));
}

}  // namespace
}  // namespace leye::e2e
