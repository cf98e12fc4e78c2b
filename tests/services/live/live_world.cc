#include "tests/services/live/live_world.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <google/protobuf/text_format.h>

#include "leye/storage/v1/claim.pb.h"
#include "matcher/ranker.h"
#include "matcher/ruleset.h"
#include "services/store/sqlite_store.h"

namespace leye::live {
namespace {

std::unique_ptr<store::Store> Open(const LiveWorld& world, const testing::TempDir& dir,
                                   RandomSource& random, store::History history) {
  auto store = store::OpenSqliteStore({.path = dir.File("leye.db"),
                                       .durability = store::Durability::kProcessCrashUnsafe,
                                       .history = history},
                                      {world.clock, random, world.logger});
  if (!store.ok()) {
    std::cerr << store.status() << '\n';
    std::abort();
  }
  return *std::move(store);
}

// The digit at the end of "<prefix><digit>".
std::optional<int> DigitAfter(absl::string_view prefix, absl::string_view text) {
  if (text.size() != prefix.size() + 1 || !absl::StartsWith(text, prefix)) return std::nullopt;
  const char digit = text.back();
  if (digit < '0' || digit > '9') return std::nullopt;
  return digit - '0';
}

const matcher::SkillCatalogue& EmptyCatalogue() {
  static const auto* const kEmpty = new matcher::SkillCatalogue();
  return *kEmpty;
}

void AppendFindings(const std::vector<matcher::Finding>& findings, std::string& text) {
  for (const matcher::Finding& finding : findings) {
    absl::StrAppend(&text, " ", matcher::CauseName(finding.cause), "(", finding.asked.value_or(-1),
                    ",", finding.had.value_or(-1), ",", finding.subject.value_or(-1), ")");
  }
}

void AppendRanking(const LiveSnapshot& snapshot, const matcher::PostingProfile& posting,
                   const matcher::FitContext& basis, std::string& text) {
  matcher::Ranker ranker;
  const matcher::CandidateRanking ranking =
      ranker.RankCandidates(*snapshot.people, posting, {.k = 1000, .side = {}, .after = {}}, basis);
  for (const matcher::RankedCandidate& entry : ranking.entries) {
    absl::StrAppend(&text, "    ", snapshot.directory.NameOf(entry.order.id), " ",
                    entry.order.score.micros(), " ", entry.order.waiting_since.number(), " ",
                    snapshot.directory.FindArea(entry.area)->display_name, "\n");
  }
}

void AppendPair(const LiveSnapshot& snapshot, const matcher::CandidateRecord& person,
                const matcher::PostingProfile& posting, const matcher::FitContext& basis,
                std::string& text) {
  const auto area = snapshot.people->FindArea(person.candidate.area);
  absl::StrAppend(&text, "    ", snapshot.directory.NameOf(person.candidate.id));
  if (!area.has_value()) {
    absl::StrAppend(&text, " nowhere\n");
    return;
  }
  const matcher::FitResult fit = Fit(
      {person.candidate, person.household, posting, TravelBetween(*area, posting, basis)}, basis);
  absl::StrAppend(&text, " ", fit.travel.minutes.value_or(0), "min");
  for (const matcher::Score value : fit.criteria.scores) {
    absl::StrAppend(&text, " ", value.micros());
  }
  AppendFindings(fit.failures, text);
  AppendFindings(fit.notes, text);
  text += '\n';
}

void AppendFigures(const RegionTables& tables, std::string& text) {
  std::vector<std::string> lines;
  for (uint32_t slot = 0; slot < tables.households.entries.size(); ++slot) {
    const HouseholdEntry& entry = tables.households.entries[slot];
    if (entry.number == 0) continue;
    const HouseholdCounts& counts = entry.counts;
    lines.push_back(absl::StrCat("  ", tables.households.names.NameOf(slot), " ", counts.members,
                                 " ", counts.able, " ", counts.able_and_willing, " ",
                                 counts.earners, "\n"));
  }
  std::ranges::sort(lines);
  for (const std::string& line : lines) text += line;
}

}  // namespace

std::optional<matcher::SkillId> StubCodes::FindSkill(absl::string_view name) const {
  const std::optional<int> digit = DigitAfter("skills/s", name);
  if (!digit.has_value()) return std::nullopt;
  return matcher::SkillId(static_cast<uint16_t>(*digit));
}

std::optional<matcher::TradeId> StubCodes::FindTrade(absl::string_view code) const {
  const std::optional<int> digit = DigitAfter("6-00-00-0", code);
  if (!digit.has_value()) return std::nullopt;
  return matcher::TradeId(static_cast<uint16_t>(*digit));
}

void ParseText(const std::string& text, google::protobuf::Message& message) {
  if (google::protobuf::TextFormat::MergeFromString(text, &message)) return;
  std::cerr << "not a " << message.GetTypeName() << ": " << text << '\n';
  std::abort();
}

std::string Describe(const LiveSnapshot& snapshot) {
  const matcher::Ruleset rules = matcher::DefaultRuleset();
  const matcher::FitContext basis{.ruleset = rules,
                                  .catalogue = EmptyCatalogue(),
                                  .day = matcher::Day::FromCivil(2024, 5, 1),
                                  .travel_times = snapshot.travel_times.get()};
  std::vector<matcher::PostingProfile> postings;
  snapshot.postings->ForEach([&](const auto& posting) { postings.push_back(posting); });
  std::ranges::sort(postings, {}, &matcher::PostingProfile::id);
  std::vector<matcher::CandidateId> people;
  snapshot.people->ForEach([&](const auto& record) { people.push_back(record.candidate.id); });
  std::ranges::sort(people);
  std::string text;
  for (const matcher::CandidateId id : people) {
    for (const matcher::Showing& showing : snapshot.directory.ShowingsOf(id)) {
      absl::StrAppend(&text, snapshot.directory.NameOf(id), " shown for ", showing.posting.value(),
                      "\n");
    }
  }
  for (const matcher::PostingProfile& posting : postings) {
    absl::StrAppend(&text, snapshot.directory.NameOf(posting.id), " '",
                    snapshot.directory.TitleOf(posting.id), "' of '",
                    snapshot.directory.EmployerOf(posting.id), "'\n  ranking\n");
    AppendRanking(snapshot, posting, basis, text);
    absl::StrAppend(&text, "  pairs\n");
    for (const matcher::CandidateId id : people) {
      AppendPair(snapshot, *snapshot.people->Find(id), posting, basis, text);
    }
  }
  for (const auto& [region, revision] : snapshot.revisions) {
    absl::StrAppend(&text, store::FormatToken({region, revision}), "\n");
    AppendFigures(*snapshot.directory.region(region), text);
  }
  return text;
}

LiveWorld::LiveWorld()
    : store(std::make_unique<StoreProxy>(Open(*this, dir, random, store::History::kContinue))),
      rounds(std::make_unique<FollowerRounds>(FollowerOptions(), Environment())) {}

std::string LiveWorld::Name(const std::string& path) {
  return absl::StartsWith(path, "regions/") ? path : absl::StrCat("regions/13/", path);
}

store::Kind LiveWorld::KindOf(const google::protobuf::Message& message) {
  const std::string& type = message.GetDescriptor()->name();
  if (type == "SettlementArea") return store::Kind::kSettlementArea;
  if (type == "Household") return store::Kind::kHousehold;
  if (type == "Candidate") return store::Kind::kCandidate;
  if (type == "Employer") return store::Kind::kEmployer;
  if (type == "TravelPlace") return store::Kind::kTravelTimes;
  return store::Kind::kPosting;
}

store::RegionRevision LiveWorld::PutBytes(store::Kind kind, const std::string& path,
                                          std::string open) {
  const std::string name = Name(path);
  store::CommitRequest request{.region = *store::Region::Parse(name.substr(8, 2))};
  store::Envelope envelope;
  envelope.set_open(std::move(open));
  request.mutations.push_back(
      store::Mutation::Put(kind, name, std::move(envelope), store::Precondition::Any()));
  const auto result = store->Commit(request);
  if (!result.ok()) std::abort();
  return {request.region, result->revision};
}

store::RegionRevision LiveWorld::PutHolds(const std::string& path, const std::string& text) {
  return PutBytes(store::Kind::kHolds, path,
                  FromText<storage::v1::Holds>(text).SerializeAsString());
}

store::RegionRevision LiveWorld::Delete(store::Kind kind, const std::string& path) {
  const std::string name = Name(path);
  store::CommitRequest request{.region = *store::Region::Parse(name.substr(8, 2))};
  request.mutations.push_back(store::Mutation::Delete(kind, name, store::Precondition::Any()));
  const auto result = store->Commit(request);
  if (!result.ok()) std::abort();
  return {request.region, result->revision};
}

void LiveWorld::AddBasics() {
  Put<v1::SettlementArea>("settlementAreas/a", R"(display_name: "怡安社区"
      division_code: "130723" location { latitude: 41.85 longitude: 114.61 })");
  Put<v1::Household>("households/h", R"(settlement_area: "regions/13/settlementAreas/a"
      category: HOUSEHOLD_CATEGORY_LIFTED_FROM_POVERTY)");
  Put<v1::Employer>("employers/e", R"(display_name: "怡安服装厂" state: EMPLOYER_STATE_ACTIVE)");
}

std::string LiveWorld::PersonText(const std::string& more) {
  return R"(household: "regions/13/households/h" birth_date: "1990-03-01" sex: SEX_FEMALE
      labour_class: LABOUR_CLASS_COMMON preferences { willing: true }
      consent { given_date: "2024-01-01" } unemployed_since: "2023-09-01" )" +
         more;
}

std::string LiveWorld::PostingText(const std::string& more) {
  return R"(employer: "regions/13/employers/e" title: "缝纫工" state: POSTING_STATE_OPEN
      enterprise {} openings: 2
      place { division_code: "130723" location { latitude: 41.86 longitude: 114.62 } } )" +
         more;
}

bool LiveWorld::CatchUp() {
  do {
    if (!rounds->Run(absl::ZeroDuration()).ok()) return false;
  } while (rounds->behind());
  return true;
}

std::shared_ptr<const LiveSnapshot> LiveWorld::Fresh() {
  SnapshotHolder fresh;
  FollowerRounds follower(FollowerOptions(), {*store, codes, clock, logger, fresh});
  do {
    if (!follower.Run(absl::ZeroDuration()).ok()) std::abort();
  } while (follower.behind());
  return fresh.Get();
}

size_t LiveWorld::RankedFor(const std::string& posting) const {
  const std::shared_ptr<const LiveSnapshot> now = Now();
  const auto id = now->directory.FindPosting(Name("postings/" + posting));
  if (!id.has_value()) return 0;
  const matcher::Ruleset rules = matcher::DefaultRuleset();
  const matcher::FitContext basis{.ruleset = rules,
                                  .catalogue = EmptyCatalogue(),
                                  .day = matcher::Day::FromCivil(Today(clock))};
  matcher::Ranker ranker;
  return ranker
      .RankCandidates(*now->people, *now->postings->Find(*id), {.k = 1000, .side = {}, .after = {}},
                      basis)
      .entries.size();
}

void LiveWorld::ReopenWithNewEpoch() {
  store->Exchange(nullptr);
  store->Exchange(Open(*this, dir, random, store::History::kNewEpoch));
}

void LiveWorld::KeepStore() {
  // Closing it leaves everything in the one file.
  store->Exchange(nullptr);
  std::filesystem::copy_file(dir.File("leye.db"), dir.File("kept"),
                             std::filesystem::copy_options::overwrite_existing);
  store->Exchange(Open(*this, dir, random, store::History::kContinue));
}

void LiveWorld::ForkFromKept() {
  store->Exchange(nullptr);
  std::filesystem::copy_file(dir.File("kept"), dir.File("leye.db"),
                             std::filesystem::copy_options::overwrite_existing);
  store->Exchange(Open(*this, dir, random, store::History::kNewEpoch));
}

}  // namespace leye::live
