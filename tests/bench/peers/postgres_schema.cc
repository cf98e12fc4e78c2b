#include "tests/bench/peers/postgres_schema.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <fmt/core.h>

namespace leye::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLevels = 8;
constexpr int kCodes = 32'768;  // of a smallint that is not negative
constexpr size_t kCopyRows = 1'000;

constexpr char kTables[] = R"sql(
CREATE EXTENSION postgis;
CREATE TABLE areas (
  id int4 NOT NULL, x float8 NOT NULL, y float8 NOT NULL, z float8 NOT NULL,
  place geography(Point, 4326) NOT NULL);
CREATE TABLE candidates (
  id int8 NOT NULL, area int4 NOT NULL, willing_km float4 NOT NULL, wage int4 NOT NULL,
  age int2 NOT NULL, education int2 NOT NULL, priority int2 NOT NULL, available bool NOT NULL,
  male bool NOT NULL, skills int2[] NOT NULL) PARTITION BY RANGE (willing_km);
CREATE TABLE candidates_within PARTITION OF candidates
  FOR VALUES FROM (MINVALUE) TO (5000) WITH (fillfactor = 90);
CREATE TABLE candidates_anywhere PARTITION OF candidates
  FOR VALUES FROM (5000) TO (MAXVALUE) WITH (fillfactor = 90);
CREATE TABLE postings (
  id int8 NOT NULL, x float8 NOT NULL, y float8 NOT NULL, z float8 NOT NULL,
  radius_km float4 NOT NULL, wage int4 NOT NULL, headcount int4 NOT NULL, most int4 NOT NULL,
  channel int2 NOT NULL, age_min int2 NOT NULL, age_max int2 NOT NULL,
  education_min int2 NOT NULL, required_count int2 NOT NULL, rarest int2 NOT NULL,
  required int2[] NOT NULL, preferred int2[] NOT NULL, weights int4[] NOT NULL,
  place geography(Point, 4326) NOT NULL) PARTITION BY RANGE (radius_km);
CREATE TABLE postings_within PARTITION OF postings FOR VALUES FROM (MINVALUE) TO (5000);
CREATE TABLE postings_anywhere PARTITION OF postings FOR VALUES FROM (5000) TO (MAXVALUE);
)sql";

constexpr char kIndexes[] = R"sql(
ALTER TABLE areas ADD PRIMARY KEY (id);
CREATE INDEX ON areas USING gist (place);
CREATE UNIQUE INDEX ON candidates_within (id);
CREATE UNIQUE INDEX ON candidates_anywhere (id);
CREATE INDEX ON candidates_within (area, willing_km);
CREATE INDEX ON candidates_anywhere (area);
CREATE INDEX ON candidates_anywhere USING gin (skills);
CREATE UNIQUE INDEX ON postings_within (id);
CREATE UNIQUE INDEX ON postings_anywhere (id);
CREATE INDEX ON postings_within USING gist (place);
CREATE INDEX ON postings_anywhere USING gist (place);
CREATE INDEX ON postings_anywhere (rarest);
)sql";

template <typename Skills>
absl::Status CheckCodes(const Skills& skills) {
  for (const SkillEntry& skill : skills) {
    const int level = skill.level_or_weight;
    if (level >= 1 && level < kLevels && SkillCode(skill) < kCodes) continue;
    return absl::InvalidArgumentError(
        fmt::format("skill {} at level {}: only skills below {} at levels 1..{} have a code",
                    skill.skill, level, kCodes / kLevels, kLevels - 1));
  }
  return absl::OkStatus();
}

absl::Status CheckCodes(const Dataset& data) {
  absl::Status status = CheckCodes(data.skills);
  for (const PostingRecord& posting : data.postings) {
    if (status.ok()) status = CheckCodes(posting.required);
  }
  return status;
}

std::string PlaceColumns(const matcher::GeoPoint& point) {
  const matcher::UnitVector at = matcher::ToUnitVector(point);
  return fmt::format("{}\t{}\t{}", at.x, at.y, at.z);
}

std::string AreaLine(const Dataset& data, uint32_t area) {
  const matcher::GeoPoint& at = data.areas[area].at;
  return fmt::format("{}\t{}\t{}\n", area, PlaceColumns(at), PointText(at));
}

std::string CandidateLine(const Dataset& data, const CandidateRecord& person) {
  return fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{:d}\t{}\t{}\n", person.id, person.area,
                     person.willing_km, person.wage, person.age, person.education, person.priority,
                     person.available, person.sex != 0 ? "t" : "f",
                     HeldCodes(data.SkillsOf(person), NoneCode::kLeaveOut));
}

// How many people hold each code.
std::vector<uint32_t> CountHolders(const Dataset& data) {
  std::vector<uint32_t> holders(kCodes);
  for (const SkillEntry& skill : data.skills) {
    const int code = SkillCode(skill);
    for (int level = 0; level < skill.level_or_weight; ++level) {
      ++holders[static_cast<size_t>(code - level)];
    }
  }
  return holders;
}

// The required code that the fewest people hold; 0 if nothing is required.
int RarestCode(const PostingRecord& posting, const std::vector<uint32_t>& holders) {
  const auto rarest = std::ranges::min_element(posting.required, {}, [&](const SkillEntry& skill) {
    return holders[static_cast<size_t>(SkillCode(skill))];
  });
  return rarest == posting.required.end() ? 0 : SkillCode(*rarest);
}

std::string PostingLine(const PostingRecord& posting, int rarest) {
  std::vector<int> required;
  std::vector<int> preferred;
  std::vector<int> weights;
  for (const SkillEntry& skill : posting.required) required.push_back(SkillCode(skill));
  for (const SkillEntry& skill : posting.preferred) {
    preferred.push_back(skill.skill);
    weights.push_back(skill.level_or_weight);
  }
  const int most = std::accumulate(weights.begin(), weights.end(), 0) +
                   static_cast<int>(posting.required.size());
  return fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", posting.id,
                     PlaceColumns(posting.at), posting.radius_km, posting.wage, posting.headcount,
                     most, posting.channel, posting.age_min, posting.age_max, posting.education_min,
                     posting.required.size(), rarest, ArrayText(required), ArrayText(preferred),
                     ArrayText(weights), PointText(posting.at));
}

// COPY of one line for each position.
template <typename Line>
absl::Status CopyLines(const std::string& table, const std::vector<uint32_t>& positions,
                       const Line& line, Connection& connection) {
  size_t done = 0;
  return connection.Copy(absl::StrCat("COPY ", table, " FROM STDIN (FREEZE)"), [&] {
    std::string lines;
    const size_t end = std::min(positions.size(), done + kCopyRows);
    for (; done < end; ++done) lines += line(positions[done]);
    return lines;
  });
}

// Positions of records that satisfy `wanted`, ascending by `key`.
template <typename Record, typename Wanted, typename Key>
std::vector<uint32_t> Positions(const std::vector<Record>& records, const Wanted& wanted,
                                const Key& key) {
  std::vector<uint32_t> positions;
  for (uint32_t i = 0; i < records.size(); ++i) {
    if (wanted(records[i])) positions.push_back(i);
  }
  std::ranges::stable_sort(positions, {}, [&](uint32_t i) { return key(i); });
  return positions;
}

absl::Status CopyAreas(const Dataset& data, Connection& connection) {
  std::vector<uint32_t> all(data.areas.size());
  std::iota(all.begin(), all.end(), 0);
  return CopyLines(
      "areas", all, [&](uint32_t area) { return AreaLine(data, area); }, connection);
}

absl::Status CopyCandidates(const Dataset& data, Connection& connection) {
  for (const bool anywhere : {false, true}) {
    const std::vector<uint32_t> positions = Positions(
        data.candidates,
        [&](const CandidateRecord& record) {
          return (record.willing_km >= kAnywhereKm) == anywhere;
        },
        [&](uint32_t i) {
          return std::pair(data.candidates[i].area, data.candidates[i].willing_km);
        });
    const absl::Status copied = CopyLines(
        anywhere ? "candidates_anywhere" : "candidates_within", positions,
        [&](uint32_t i) { return CandidateLine(data, data.candidates[i]); }, connection);
    if (!copied.ok()) return copied;
  }
  return absl::OkStatus();
}

absl::Status CopyPostings(const Dataset& data, Connection& connection) {
  const std::vector<uint32_t> holders = CountHolders(data);
  std::vector<int> rarest;
  for (const PostingRecord& posting : data.postings) {
    rarest.push_back(RarestCode(posting, holders));
  }
  for (const bool anywhere : {false, true}) {
    const std::vector<uint32_t> positions = Positions(
        data.postings,
        [&](const PostingRecord& record) { return (record.radius_km >= kAnywhereKm) == anywhere; },
        [&](uint32_t i) { return rarest[i]; });
    const absl::Status copied = CopyLines(
        anywhere ? "postings_anywhere" : "postings_within", positions,
        [&](uint32_t i) { return PostingLine(data.postings[i], rarest[i]); }, connection);
    if (!copied.ok()) return copied;
  }
  return absl::OkStatus();
}

absl::StatusOr<double> BytesARow(const std::string& table, size_t rows, Connection& connection) {
  Statement statement;
  statement.sql = absl::StrCat("SELECT sum(pg_total_relation_size(relid))::int8 FROM ",
                               "pg_partition_tree('", table, "')");
  const absl::StatusOr<Rows> bytes = connection.Execute(statement);
  if (!bytes.ok()) return bytes.status();
  return static_cast<double>(bytes->Integer(0, 0)) / static_cast<double>(std::max<size_t>(1, rows));
}

}  // namespace

int SkillCode(const SkillEntry& skill) { return skill.skill * kLevels + skill.level_or_weight; }

std::string ArrayText(std::span<const int> numbers) {
  return absl::StrCat("{", absl::StrJoin(numbers, ","), "}");
}

std::string HeldCodes(std::span<const SkillEntry> skills, NoneCode none) {
  std::vector<int> codes;
  if (none == NoneCode::kInclude) codes.push_back(0);
  for (const SkillEntry& skill : skills) {
    for (int level = 1; level <= skill.level_or_weight; ++level) {
      codes.push_back(skill.skill * kLevels + level);
    }
  }
  return ArrayText(codes);
}

std::string PointText(const matcher::GeoPoint& point) {
  return fmt::format("SRID=4326;POINT({} {})", point.longitude_degrees(), point.latitude_degrees());
}

absl::StatusOr<LoadReport> LoadPostgres(const Dataset& data, Connection& connection) {
  absl::Status status = CheckCodes(data);
  const Clock::time_point start = Clock::now();
  // In one transaction with the tables' creation, COPY may FREEZE and writes no log.
  if (status.ok()) status = connection.Run("BEGIN");
  if (status.ok()) status = connection.Run(kTables);
  if (status.ok()) status = CopyAreas(data, connection);
  if (status.ok()) status = CopyCandidates(data, connection);
  if (status.ok()) status = CopyPostings(data, connection);
  if (status.ok()) status = connection.Run(kIndexes);
  if (status.ok()) status = connection.Run("COMMIT");
  if (status.ok()) status = connection.Run("VACUUM (ANALYZE) areas, candidates, postings");
  if (!status.ok()) return status;
  LoadReport report;
  report.build_seconds = std::chrono::duration<double>(Clock::now() - start).count();
  const auto candidate = BytesARow("candidates", data.candidates.size(), connection);
  if (!candidate.ok()) return candidate.status();
  report.bytes_per_candidate = *candidate;
  const auto posting = BytesARow("postings", data.postings.size(), connection);
  if (!posting.ok()) return posting.status();
  report.bytes_per_posting = *posting;
  return report;
}

}  // namespace leye::bench
