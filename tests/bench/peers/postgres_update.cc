#include "tests/bench/peers/postgres_update.h"

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "tests/bench/random_change.h"
#include "tests/oracle/dice.h"

namespace leye::bench {
namespace {

using Clock = std::chrono::steady_clock;

// The people at `positions` as they are in `data`: an UPDATE of one, or of several at once.
Statement UpdateStatement(const Dataset& data, const std::set<size_t>& positions) {
  std::vector<std::string> ids;
  std::vector<std::string> areas;
  std::vector<std::string> wages;
  std::vector<std::string> available;
  for (const size_t position : positions) {
    const CandidateRecord& person = data.candidates[position];
    ids.push_back(absl::StrCat(person.id));
    areas.push_back(absl::StrCat(person.area));
    wages.push_back(absl::StrCat(person.wage));
    available.emplace_back(person.available ? "t" : "f");
  }
  const auto array = [](const std::vector<std::string>& values) {
    return absl::StrCat("{", absl::StrJoin(values, ","), "}");
  };
  Statement statement;
  if (positions.size() == 1) {
    statement.sql = absl::StrCat("UPDATE candidates SET area = ", statement.Add(areas[0], "int4"),
                                 ", wage = ", statement.Add(wages[0], "int4"),
                                 ", available = ", statement.Add(available[0], "bool"),
                                 " WHERE id = ", statement.Add(ids[0], "int8"));
  } else {
    statement.sql = absl::StrCat(
        "UPDATE candidates AS c SET area = u.area, wage = u.wage, available = u.available ",
        "FROM unnest(", statement.Add(array(ids), "int8[]"), ", ",
        statement.Add(array(areas), "int4[]"), ", ", statement.Add(array(wages), "int4[]"), ", ",
        statement.Add(array(available), "bool[]"),
        ") AS u (id, area, wage, available) WHERE c.id = u.id");
  }
  return statement;
}

absl::Status CheckSums(const Dataset& data, Connection& connection) {
  int64_t available = 0;
  int64_t wages = 0;
  int64_t areas = 0;
  for (const CandidateRecord& person : data.candidates) {
    available += person.available ? 1 : 0;
    wages += person.wage;
    areas += person.area;
  }
  Statement statement;
  statement.sql = "SELECT sum(available::int4), sum(wage), sum(area) FROM candidates";
  const absl::StatusOr<Rows> rows = connection.Execute(statement);
  if (!rows.ok()) return rows.status();
  if (rows->Integer(0, 0) == available && rows->Integer(0, 1) == wages &&
      rows->Integer(0, 2) == areas) {
    return absl::OkStatus();
  }
  return absl::InternalError("after the updates the database holds other people than it was told");
}

}  // namespace

absl::StatusOr<double> UpdatePostgres(const PostgresUpdateOptions& options, Dataset& data,
                                      Connection& connection) {
  // A batch is found by id, however large the planner takes it to be.
  absl::Status status = connection.Run("SET enable_hashjoin = off; SET enable_mergejoin = off");
  matcher::oracle::Dice dice(options.seed);
  size_t changes = 0;
  double seconds = 0;
  for (const Clock::time_point start = Clock::now(); status.ok() && seconds < options.seconds;) {
    std::set<size_t> changed;
    for (size_t i = 0; i < options.batch; ++i) changed.insert(ChangeSomebody(data, dice));
    status = connection.Execute(UpdateStatement(data, changed)).status();
    changes += options.batch;
    seconds = std::chrono::duration<double>(Clock::now() - start).count();
  }
  if (status.ok()) status = CheckSums(data, connection);
  if (!status.ok()) return status;
  return static_cast<double>(changes) / seconds;
}

}  // namespace leye::bench
