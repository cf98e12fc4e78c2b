#include "services/access/audit.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "leye/v1/candidate.pb.h"
#include "leye/v1/match.pb.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye::access {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const auto kBroken = FailsWith(absl::StatusCode::kDataLoss, "AUDIT_BROKEN");

class Audit : public ::testing::Test {
 protected:
  static AuditEntry Entry(int i) {
    return {.time = absl::FromUnixSeconds(1'790'000'000 + i),
            .principal = "bureau/1307",
            .method = "/leye.v1.CandidateService/GetCandidate",
            .purpose = "visit",
            .outcome = "OK",
            .records = {absl::StrCat("regions/13/candidates/p", i)}};
  }
  void Append(int from, int to) {
    const auto audit = AuditLog::Open(path_, log_);
    ASSERT_THAT(audit, IsOk());
    for (int i = from; i < to; ++i) ASSERT_THAT((*audit)->Append(Entry(i)), IsOk());
  }
  std::string Text() const {
    std::ostringstream text;
    text << std::ifstream(path_, std::ios::binary).rdbuf();
    return text.str();
  }
  std::vector<std::string> Lines() const {
    std::vector<std::string> lines = absl::StrSplit(Text(), '\n');
    lines.pop_back();
    return lines;
  }
  static absl::StatusOr<AuditHead> Verify(const std::string& text, const AuditHead& head = {}) {
    std::istringstream file(text);
    return VerifyAudit(file, head);
  }
  static absl::StatusOr<AuditHead> VerifyLines(const std::vector<std::string>& lines) {
    return Verify(absl::StrJoin(lines, "\n") + "\n");
  }

  testing::TempDir dir_;
  const std::string path_ = dir_.File("audit");
  const Logger log_ = Logger::Discard();
};

TEST_F(Audit, IsAsItWasWrittenAcrossRestarts) {
  Append(0, 3);
  Append(3, 5);
  LEYE_ASSERT_OK_AND_ASSIGN(const AuditHead head, Verify(Text()));
  EXPECT_EQ(head.number, 5u);
  EXPECT_EQ(Lines().size(), 5u);
  EXPECT_THAT(Lines()[1], HasSubstr("2\t2026-09-21T14:13:21.000Z\tbureau/1307\t"
                                    "/leye.v1.CandidateService/GetCandidate\tvisit\tOK\t"
                                    "regions/13/candidates/p1\t"));
}

TEST_F(Audit, EveryChangedLineIsFound) {
  Append(0, 6);
  const std::vector<std::string> lines = Lines();
  for (size_t i = 0; i < lines.size(); ++i) {
    for (size_t at = 0; at < lines[i].size(); at += 7) {
      std::vector<std::string> changed = lines;
      changed[i][at] = changed[i][at] == '0' ? '1' : '0';
      const auto verified = VerifyLines(changed);
      EXPECT_THAT(verified, kBroken) << i << " " << at;
      // A changed hash of a line is noticed there, or by the next one.
      EXPECT_THAT(std::string(verified.status().message()),
                  ::testing::AnyOf(HasSubstr(absl::StrCat("line ", i + 1)),
                                   HasSubstr(absl::StrCat("line ", i + 2))));
    }
  }
}

TEST_F(Audit, EveryLineTakenOutPutInOrMovedIsFound) {
  Append(0, 6);
  const std::vector<std::string> lines = Lines();
  for (size_t i = 0; i + 1 < lines.size(); ++i) {
    std::vector<std::string> without = lines;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_THAT(VerifyLines(without), kBroken) << i;
    std::vector<std::string> twice = lines;
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    EXPECT_THAT(VerifyLines(twice), kBroken) << i;
    std::vector<std::string> swapped = lines;
    std::swap(swapped[i], swapped[i + 1]);
    EXPECT_THAT(VerifyLines(swapped), kBroken) << i;
  }
}

// The end is the one place where the file alone cannot tell.
TEST_F(Audit, AnEndCutOffIsFoundByAHeadThatWasTold) {
  Append(0, 6);
  LEYE_ASSERT_OK_AND_ASSIGN(const AuditHead head, Verify(Text()));
  std::vector<std::string> cut = Lines();
  cut.pop_back();
  const std::string text = absl::StrJoin(cut, "\n") + "\n";
  EXPECT_THAT(Verify(text), IsOk());
  EXPECT_THAT(Verify(text, head), kBroken);
  Append(6, 8);
  EXPECT_THAT(Verify(Text(), head), IsOk()) << "an earlier head stays in it";
  EXPECT_THAT(Verify(Text().substr(0, Text().size() - 5)), kBroken) << "a torn line";
}

TEST_F(Audit, ALineThatACrashHasTornIsCutOff) {
  Append(0, 2);
  { std::ofstream(path_, std::ios::binary | std::ios::app) << "3\t2026-"; }
  Append(2, 3);
  LEYE_ASSERT_OK_AND_ASSIGN(const AuditHead head, Verify(Text()));
  EXPECT_EQ(head.number, 3u);
}

TEST_F(Audit, WhatIsNoAuditIsNotGoneOnWith) {
  { std::ofstream(path_) << "hello\n"; }
  EXPECT_THAT(AuditLog::Open(path_, log_), kBroken);
  EXPECT_THAT(AuditLog::Open(dir_.File("none/audit"), log_),
              FailsWith(absl::StatusCode::kUnavailable, "AUDIT_FAILED"));
}

TEST_F(Audit, TellsItsHeadToTheLog) {
  std::vector<std::string> told;
  const Logger log =
      Logger::ToFunction(LogLevel::kInfo, [&](const std::string& line) { told.push_back(line); });
  {
    const auto audit = *AuditLog::Open(path_, log);
    ASSERT_THAT(audit->Append(Entry(0)), IsOk());
    ASSERT_THAT(audit->Append(Entry(1)), IsOk());
  }
  ASSERT_EQ(told.size(), 1u);
  EXPECT_THAT(told[0], HasSubstr(Verify(Text())->hash));
}

TEST_F(Audit, WhatSomebodyMayHaveTypedIsLeftOut) {
  {
    const auto audit = *AuditLog::Open(path_, log_);
    AuditEntry entry = Entry(0);
    entry.purpose = "查看李梅\t\n9";
    entry.records = {"regions/13/candidates/p0", "regions/13/candidates/李梅", "a\tb", ""};
    ASSERT_THAT(audit->Append(entry), IsOk());
  }
  EXPECT_THAT(Text(), Not(HasSubstr("李梅")));
  EXPECT_THAT(Verify(Text()), IsOk());
  EXPECT_THAT(Lines()[0], HasSubstr("\t-\tOK\tregions/13/candidates/p0\t"));
}

TEST_F(Audit, TellsTheLastCallsAboutOneRecord) {
  Append(0, 4);
  {
    const auto audit = *AuditLog::Open(path_, log_);
    AuditEntry entry = Entry(11);
    entry.records = {"regions/13/candidates/p11", "regions/13/candidates/p1"};
    entry.purpose = "";
    ASSERT_THAT(audit->Append(entry), IsOk());
  }
  const auto about = [&](size_t most) {
    return ReadAuditAbout(path_, "regions/13/candidates/p1", most);
  };
  LEYE_ASSERT_OK_AND_ASSIGN(const AuditExcerpt all, about(10));
  ASSERT_EQ(all.entries.size(), 2u);  // Not p11's own.
  EXPECT_FALSE(all.truncated);
  EXPECT_EQ(all.entries[0].time, Entry(1).time);
  EXPECT_EQ(all.entries[0].principal, "bureau/1307");
  EXPECT_EQ(all.entries[0].purpose, "visit");
  EXPECT_EQ(all.entries[1].purpose, "");
  EXPECT_THAT(all.entries[1].records, IsEmpty());
  LEYE_ASSERT_OK_AND_ASSIGN(const AuditExcerpt last, about(1));
  ASSERT_EQ(last.entries.size(), 1u);
  EXPECT_TRUE(last.truncated);
  EXPECT_EQ(last.entries[0].time, Entry(11).time);
  EXPECT_THAT(ReadAuditAbout("/nowhere/audit", "regions/13/candidates/p1", 1),
              FailsWith(absl::StatusCode::kUnavailable, "AUDIT_FAILED"));
}

TEST_F(Audit, NamesEveryRecordOfALongAnswerInAsManyLinesAsItTakes) {
  constexpr int kPeople = 1'000;
  v1::ListCandidatesResponse page;
  AuditEntry entry = Entry(0);
  for (int i = 0; i < kPeople; ++i) {
    v1::Candidate& person = *page.add_candidates();
    person.set_name(absl::StrCat("regions/13/candidates/p", i));
    person.set_household(absl::StrCat("regions/13/households/h", i));
  }
  entry.records = RecordsIn({&page});
  EXPECT_EQ(entry.records.size(), 2 * kPeople);
  ASSERT_THAT((*AuditLog::Open(path_, log_))->Append(entry), IsOk());
  Append(1, 2);  // Goes on after the last of them.
  LEYE_ASSERT_OK_AND_ASSIGN(const AuditHead head, Verify(Text()));
  EXPECT_EQ(head.number, 3u);
  for (const char* record : {"candidates/p0", "households/h499", "candidates/p500",
                             "candidates/p999", "households/h999"}) {
    LEYE_ASSERT_OK_AND_ASSIGN(const AuditExcerpt about,
                              ReadAuditAbout(path_, absl::StrCat("regions/13/", record), 10));
    ASSERT_EQ(about.entries.size(), 1u) << record;
    EXPECT_EQ(about.entries[0].purpose, "visit");
  }
  size_t names = 0;
  for (const std::string& line : Lines()) {
    EXPECT_LT(line.size(), 1'000 * 201 + 500);  // Short enough to be found from the file's end.
    names += std::vector<std::string>(absl::StrSplit(line, "regions/")).size() - 1;
  }
  EXPECT_EQ(names, 2 * kPeople + 1);
}

TEST_F(Audit, RecordsOfAnAnswerAreFoundAtAnyDepthAndNothingElse) {
  v1::RankCandidatesRequest request;
  request.set_posting("regions/13/postings/x");
  v1::RankCandidatesResponse response;
  response.add_matches()->mutable_candidate()->set_name("regions/13/candidates/a");
  response.mutable_matches(0)->mutable_candidate()->set_settlement_area_display_name("怡安");
  response.add_matches()->mutable_candidate()->set_name("regions/13/candidates/b");
  response.add_matches()->mutable_candidate()->set_name("regions/13/candidates/a");
  EXPECT_THAT(
      RecordsIn({&request, &response}),
      ElementsAre("regions/13/postings/x", "regions/13/candidates/a", "regions/13/candidates/b"));
  v1::GetCandidateResponse person;
  person.mutable_candidate()->set_name("李梅");
  person.mutable_candidate()->set_full_name("regions/13/candidates/c");
  EXPECT_THAT(RecordsIn({&person}), ::testing::IsEmpty());
}

}  // namespace
}  // namespace leye::access
