// The tables that the benchmark's work is done on in PostgreSQL, and how facts are written in them.
//
// Physical design, as somebody would who knows the queries:
// - People who would go anywhere, and postings that take anybody from anywhere, are partitions of
//   their own (`candidates_anywhere`, `postings_anywhere`): no place can cut them, so they are read
//   as a whole or by skill; everything else is found by place.
// - People stand area by area, so that an area is a few neighbouring pages.
// - Nothing that changes often (whether somebody is available, the wage) is in an index, and pages
//   keep room, so that such an update touches one page (HOT).
// - A skill at a level is one smallint, skill * 8 + level, and a person holds it at every level up
//   to the own: "at least" is "contains".
#ifndef LEYE_TESTS_BENCH_PEERS_POSTGRES_SCHEMA_H_
#define LEYE_TESTS_BENCH_PEERS_POSTGRES_SCHEMA_H_

#include <span>
#include <string>

#include "absl/status/statusor.h"

#include "tests/bench/dataset.h"
#include "tests/bench/peers/postgres_connection.h"

namespace leye::bench {

// What loading took, and takes.
struct LoadReport {
  double build_seconds = 0;  // copying, indexes, statistics
  double bytes_per_candidate = 0;
  double bytes_per_posting = 0;
};

// Makes the tables and fills them. INVALID_ARGUMENT for a skill that has no code.
absl::StatusOr<LoadReport> LoadPostgres(const Dataset& data, Connection& connection);

// The code of a skill at a level.
int SkillCode(const SkillEntry& skill);
// The codes of everything that a person who holds `skills` can do, "{1,2,9}"; with `also_none`, 0
// is among them, which stands for a posting that requires nothing.
enum class NoneCode { kLeaveOut, kInclude };
std::string HeldCodes(std::span<const SkillEntry> skills, NoneCode none);
// "SRID=4326;POINT(longitude latitude)".
std::string PointText(const matcher::GeoPoint& point);
// "{1,2,3}".
std::string ArrayText(std::span<const int> numbers);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_PEERS_POSTGRES_SCHEMA_H_
