#include "tests/bench/peers/postgres_queries.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "tests/bench/peers/postgres_schema.h"

namespace leye::bench {
namespace {

// From here on 0.3 exp(-km / 20) counts nothing: exp(-km / 20) rounds to zero millionths.
constexpr float kNearKm = 291;
constexpr double kIndexSlack = 1.001;

// Great-circle distance and nearness in millionths, as matcher/geo.cc and the rules compute them.
// {0}: x, {1}: y, {2}: z of the asking place.
std::string KmSql(const std::string& x, const std::string& y, const std::string& z) {
  return fmt::format(
      "float8 '12742.0175428' * asin(least(sqrt((x - {0}) * (x - {0}) + (y - {1}) * (y - {1}) + "
      "(z - {2}) * (z - {2})) / 2, 1))",
      x, y, z);
}

constexpr char kNearSql[] =
    "floor(power(float8 '2', -(km / float8 '13.862943611198906')) * 1000000 + 0.5)::int8";

std::string ScoreSql(const std::string& skills, const std::string& near,
                     const std::string& priority) {
  return fmt::format(
      "(600000 * ({}) + 300000 * ({}) + 100000 * ((2000000::int8 * {} + 3) / 6) + 500000) / "
      "1000000 AS score",
      skills, near, priority);
}

std::string BestSql(const std::string& rows, const std::string& k) {
  return fmt::format("SELECT id, score FROM ({}) AS pairs ORDER BY score DESC, id LIMIT {}", rows,
                     k);
}

// Where something stands, as parameters.
struct PlaceParameters {
  std::string km;     // SQL of the distance to x, y, z
  std::string place;  // geography
};

PlaceParameters AddPlace(const matcher::GeoPoint& point, Statement& statement) {
  const matcher::UnitVector at = matcher::ToUnitVector(point);
  const std::string x = statement.Add(fmt::format("{}", at.x), "float8");
  const std::string y = statement.Add(fmt::format("{}", at.y), "float8");
  const std::string z = statement.Add(fmt::format("{}", at.z), "float8");
  return {.km = KmSql(x, y, z), .place = statement.Add(PointText(point), "geography")};
}

std::string WithinSql(const std::string& place, float km, Statement& statement) {
  const double metres = km * 1000 * kIndexSlack;
  return fmt::format("ST_DWithin(place, {}, {}, false)", place,
                     statement.Add(fmt::format("{}", metres), "float8"));
}

// S in millionths, of a person `c` who holds everything required.
std::string HeldSql(const PostingRecord& posting, Statement& statement) {
  const auto required = static_cast<int64_t>(posting.required.size());
  int64_t most = required;
  for (const SkillEntry& wish : posting.preferred) most += wish.level_or_weight;
  if (most == 0) return "1000000::int8";
  std::string held = statement.Add(std::to_string(required), "int8");
  for (const SkillEntry& wish : posting.preferred) {
    const int code = SkillCode({.skill = wish.skill, .level_or_weight = 1});
    held += fmt::format(" + ({} = ANY (c.skills))::int4 * {}",
                        statement.Add(std::to_string(code), "int2"),
                        statement.Add(std::to_string(wish.level_or_weight), "int8"));
  }
  const std::string sum = statement.Add(std::to_string(most), "int8");
  return fmt::format("(2000000 * ({}) + {}) / (2 * {})", held, sum, sum);
}

// What is asked of a person but for the skills.
std::string FitsSql(const PostingRecord& posting, Statement& statement) {
  return fmt::format("c.available AND c.age BETWEEN {} AND {} AND c.education >= {}",
                     statement.Add(std::to_string(posting.age_min), "int2"),
                     statement.Add(std::to_string(posting.age_max), "int2"),
                     statement.Add(std::to_string(posting.education_min), "int2"));
}

// What else is asked, if any skill is.
std::string SkilledSql(const PostingRecord& posting, Statement& statement) {
  if (posting.required.empty()) return "";
  std::vector<int> codes;
  for (const SkillEntry& skill : posting.required) codes.push_back(SkillCode(skill));
  return absl::StrCat(" AND c.skills @> ", statement.Add(ArrayText(codes), "int2[]"));
}

float Longest(float longest, float limit) { return limit < kAnywhereKm ? limit : longest; }

// What is asked of a posting `p` but for its place; everything required is held.
std::string SuitsSql(const CandidateRecord& person, const std::string& held, Statement& statement) {
  const std::string age = statement.Add(std::to_string(person.age), "int2");
  return fmt::format(
      "{} AND p.rarest = ANY ({}) AND p.age_min <= {} AND p.age_max >= {} AND "
      "p.education_min <= {} AND (p.required_count < 2 OR p.required <@ {})",
      statement.Add(person.available ? "t" : "f", "bool"), held, age, age,
      statement.Add(std::to_string(person.education), "int2"), held);
}

// S in millionths, of a posting `p` whose required skills are held.
std::string AskedSql(std::span<const SkillEntry> skills, Statement& statement) {
  std::string held = "p.required_count::int8";
  for (const SkillEntry& skill : skills) {
    held += fmt::format(" + coalesce(p.weights[array_position(p.preferred, {})], 0)",
                        statement.Add(std::to_string(skill.skill), "int2"));
  }
  return fmt::format(
      "CASE WHEN p.most = 0 THEN 1000000 ELSE (2000000 * ({}) + p.most) / (2 * p.most) END", held);
}

}  // namespace

LongestLimits LongestLimitsOf(const Dataset& data) {
  LongestLimits longest;
  for (const CandidateRecord& person : data.candidates) {
    longest.willing_km = std::max(longest.willing_km, Longest(0, person.willing_km));
  }
  for (const PostingRecord& posting : data.postings) {
    longest.radius_km = std::max(longest.radius_km, Longest(0, posting.radius_km));
  }
  return longest;
}

Statement RankStatement(const PostingRecord& posting, const LongestLimits& longest, size_t k) {
  Statement statement;
  const bool anywhere = posting.radius_km >= kAnywhereKm;
  const float reach_km = anywhere ? std::max(longest.willing_km, kNearKm) : posting.radius_km;
  const PlaceParameters at = AddPlace(posting.at, statement);
  const std::string fits = FitsSql(posting, statement);
  const std::string skilled = SkilledSql(posting, statement);
  const std::string held = HeldSql(posting, statement);
  // OFFSET 0 keeps the planner from merging a subquery, and so from computing twice or joining
  // otherwise.
  const std::string ways = fmt::format(
      "WITH ways AS MATERIALIZED (SELECT id, km, {} AS near FROM (SELECT id, {} AS km FROM areas "
      "WHERE {} OFFSET 0) AS a WHERE km <= {}) ",
      kNearSql, at.km, WithinSql(at.place, reach_km, statement),
      statement.Add(fmt::format("{}", reach_km), "float8"));
  std::string rows = fmt::format(
      "SELECT c.id, {} FROM ways CROSS JOIN LATERAL (SELECT * FROM candidates AS c WHERE c.area = "
      "ways.id AND c.willing_km >= ways.km AND {}{} OFFSET 0) AS c",
      ScoreSql(held, "ways.near", "c.priority"), fits, skilled);
  if (anywhere) {
    rows += fmt::format(
        " UNION ALL SELECT c.id, {} FROM candidates_anywhere AS c WHERE c.area NOT IN (SELECT id "
        "FROM ways) AND {}{}",
        ScoreSql(held, "0", "c.priority"), fits, skilled);
  }
  statement.sql = ways + BestSql(rows, statement.Add(std::to_string(k), "int8"));
  return statement;
}

Statement RecommendStatement(const Dataset& data, const CandidateRecord& person,
                             const LongestLimits& longest, size_t k) {
  Statement statement;
  const bool anywhere = person.willing_km >= kAnywhereKm;
  const float reach_km = anywhere ? longest.radius_km : person.willing_km;
  const auto skills = data.SkillsOf(person);
  const PlaceParameters at = AddPlace(data.areas[person.area].at, statement);
  const std::string held = statement.Add(HeldCodes(skills, NoneCode::kInclude), "int2[]");
  const std::string suits = SuitsSql(person, held, statement);
  const std::string asked = AskedSql(skills, statement);
  const std::string priority = statement.Add(std::to_string(person.priority), "int8");
  std::string rows = fmt::format(
      "SELECT p.id, {} FROM (SELECT p.*, {} AS km FROM {} AS p WHERE {} AND {} OFFSET 0) AS p "
      "WHERE km <= least(p.radius_km, {})",
      ScoreSql(asked, kNearSql, priority), at.km, anywhere ? "postings_within" : "postings",
      WithinSql(at.place, reach_km, statement), suits,
      statement.Add(fmt::format("{}", reach_km), "float8"));
  if (anywhere) {
    rows += fmt::format(
        " UNION ALL SELECT p.id, {} FROM (SELECT p.*, {} AS km FROM postings_anywhere AS p WHERE "
        "{} OFFSET 0) AS p",
        ScoreSql(asked, fmt::format("CASE WHEN km > {} THEN 0 ELSE {} END", kNearKm, kNearSql),
                 priority),
        at.km, suits);
  }
  statement.sql = BestSql(rows, statement.Add(std::to_string(k), "int8"));
  return statement;
}

}  // namespace leye::bench
