#include "services/access/audit.h"

#include <algorithm>
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
#include "services/access/audit_reader.h"
#include "tests/oracle/dice.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace leye::access {
namespace {

using ::leye::testing::FailsWith;
using ::leye::testing::IsOk;
using ::leye::testing::IsOkAndHolds;
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

// An audit of some hundred calls by a clock that is set back now and then, and its plain twin.
class AuditPages : public Audit {
 protected:
  void Write(uint32_t seed, int lines) {
    matcher::oracle::Dice dice(seed);
    const auto audit = *AuditLog::Open(path_, log_);
    absl::Time now = absl::FromUnixSeconds(1'790'000'000);
    for (int i = 0; i < lines; ++i) {
      now += absl::Milliseconds(dice.Between(0, 600'000));
      const int set_back = dice.OneIn(10) ? dice.Between(0, 600'000) : 0;
      AuditEntry entry{.time = now - absl::Milliseconds(set_back),
                       .principal = dice.OneOf({"bureau/13", "bureau/1307", "bureaus", "auditor"}),
                       .method = absl::StrCat("/leye.v1.", dice.OneOf({"A/Get", "A/List"})),
                       .outcome = "OK",
                       .records = {}};
      for (int names = dice.Between(0, 3); names > 0; --names) {
        entry.records.push_back(absl::StrCat("regions/13/candidates/p", dice.Between(0, 20)));
      }
      ASSERT_THAT(audit->Append(entry), IsOk());
      written_.push_back(std::move(entry));
    }
    head_ = audit->head();
  }

  AuditQuery AnyQuery(matcher::oracle::Dice& dice) const {
    AuditQuery query;
    if (dice.OneIn(3)) query.principal = dice.OneOf({"bureau", "bureau/1307", "auditor", "b"});
    if (dice.OneIn(3)) query.rpc = dice.OneOf({"A/Get", "A/List", "Get"});
    if (dice.OneIn(3)) query.record = absl::StrCat("regions/13/candidates/p", dice.Between(0, 30));
    const auto any_time = [&] {
      return dice.OneOf(written_).time + absl::Milliseconds(dice.Between(-1, 1));
    };
    if (dice.OneIn(2)) query.from = any_time();
    if (dice.OneIn(2)) query.until = any_time();
    return query;
  }

  bool Asks(const AuditQuery& query, const AuditEntry& entry) const {
    const std::string role = entry.principal.substr(0, entry.principal.find('/'));
    return (query.principal.empty() || query.principal == entry.principal ||
            query.principal == role) &&
           (query.rpc.empty() || "/leye.v1." + query.rpc == entry.method) &&
           (query.record.empty() || std::find(entry.records.begin(), entry.records.end(),
                                              query.record) != entry.records.end()) &&
           entry.time >= query.from && entry.time < query.until;
  }

  std::vector<uint64_t> Expected(const AuditQuery& query) const {
    std::vector<uint64_t> numbers;
    for (size_t i = 0; i < written_.size(); ++i) {
      if (Asks(query, written_[i])) numbers.push_back(i + 1);
    }
    return numbers;
  }

  // All pages, one after another. `pages` counts them.
  absl::StatusOr<std::vector<uint64_t>> Found(const AuditQuery& query,
                                              const AuditPageLimits& limits = {}) {
    std::vector<uint64_t> numbers;
    AuditPlace place;
    for (bool more = true; more; ++pages_) {
      LEYE_ASSIGN_OR_RETURN(const AuditPage page,
                            ReadAuditPage(path_, head_, query, place, limits));
      for (const SequencedEntry& line : page.lines) {
        const AuditEntry& entry = written_[line.at.number - 1];
        EXPECT_EQ(line.entry.time, absl::FromUnixMillis(absl::ToUnixMillis(entry.time)));
        EXPECT_EQ(line.entry.principal, entry.principal);
        EXPECT_EQ(line.entry.records, entry.records);
        numbers.push_back(line.at.number);
      }
      more = page.more;
      place = page.end;
    }
    return numbers;
  }

  void Rewrite(const std::vector<std::string>& lines) const {
    std::ofstream(path_, std::ios::binary) << absl::StrJoin(lines, "\n") << "\n";
  }

  std::vector<AuditEntry> written_;
  AuditHead head_;
  int pages_ = 0;
};

TEST_F(AuditPages, AreWhatAPlainReadingFinds) {
  Write(7, 400);
  for (uint32_t seed = 0; seed < 150; ++seed) {
    matcher::oracle::Dice dice(seed);
    const AuditQuery query = AnyQuery(dice);
    const AuditPageLimits limits{.lines = static_cast<size_t>(dice.OneOf({1, 7, 1'000})),
                                 .bytes = static_cast<uint64_t>(dice.OneOf({1, 2'000, 1 << 20})),
                                 .found_bytes = static_cast<uint64_t>(dice.OneOf({1, 1 << 20}))};
    EXPECT_THAT(Found(query, limits), IsOkAndHolds(Expected(query))) << "seed " << seed;
  }
  EXPECT_GT(pages_, 500);
}

TEST_F(AuditPages, EveryChangeOfWhatIsReadIsFound) {
  Write(8, 40);
  const std::vector<std::string> lines = Lines();
  for (size_t i = 0; i < lines.size(); ++i) {
    for (size_t at = i % 7; at < lines[i].size(); at += 7) {
      std::vector<std::string> changed = lines;
      changed[i][at] = changed[i][at] == '0' ? '1' : '0';
      Rewrite(changed);
      const auto found = Found({});
      // The last line's hash is as long as nothing follows it; the head tells.
      EXPECT_TRUE(!found.ok() || i + 1 == lines.size()) << i << " " << at;
      if (found.ok()) continue;
      EXPECT_THAT(found, kBroken);
      EXPECT_THAT(std::string(found.status().message()),
                  ::testing::AnyOf(HasSubstr(absl::StrCat("line ", i + 1, " ")),
                                   HasSubstr(absl::StrCat("line ", i + 2, " "))));
    }
    std::vector<std::string> without = lines;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    Rewrite(without);
    EXPECT_THAT(Found({}), kBroken) << i;
  }
}

TEST_F(AuditPages, ADayIsFoundWithoutReadingWhatIsBeforeIt) {
  Write(9, 3'000);
  AuditQuery late;
  late.from = written_[2'990].time;
  AuditPageLimits limits;
  limits.bytes = 20'000;
  EXPECT_THAT(Found(late, limits), IsOkAndHolds(Expected(late)));
  EXPECT_LE(pages_, 3);
  std::vector<std::string> lines = Lines();
  lines[100].replace(lines[100].find("/leye"), 5, "/LEYE");
  Rewrite(lines);
  EXPECT_THAT(Found(late), IsOkAndHolds(Expected(late)));
  EXPECT_THAT(Found({}), kBroken);
}

TEST_F(AuditPages, WhatChangesBetweenPagesIsFound) {
  Write(10, 20);
  LEYE_ASSERT_OK_AND_ASSIGN(const AuditPage page,
                            ReadAuditPage(path_, head_, {}, {}, {.lines = 5}));
  EXPECT_TRUE(page.more);
  const auto next = [&](const AuditPlace& place) {
    return ReadAuditPage(path_, head_, {}, place, {.lines = 5});
  };
  EXPECT_THAT(next(page.end), IsOk());
  EXPECT_THAT(next({.offset = page.end.offset + 1, .line = page.end.line}), kBroken);
  EXPECT_THAT(next({.offset = 1 << 30, .line = page.end.line}), kBroken);
  std::vector<std::string> lines = Lines();
  lines.erase(lines.begin());
  Rewrite(lines);
  EXPECT_THAT(next(page.end), kBroken);
}

// While a line is being written; and an end that was cut off.
TEST_F(AuditPages, GoToTheHeadAndNoFarther) {
  Write(11, 5);
  { std::ofstream(path_, std::ios::binary | std::ios::app) << "6\t2026-"; }
  EXPECT_THAT(Found({}), IsOkAndHolds(ElementsAre(1, 2, 3, 4, 5)));
  AuditQuery never;
  never.from = written_.back().time + absl::Hours(1);
  EXPECT_THAT(Found(never), IsOkAndHolds(IsEmpty()));
  head_.number = 6;
  EXPECT_THAT(Found({}), kBroken);
  EXPECT_THAT(ReadAuditPage(dir_.File("none"), head_, {}, {}, {}),
              FailsWith(absl::StatusCode::kUnavailable, "AUDIT_FAILED"));
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
