// A connection to PostgreSQL: libpq with statuses.
//
//   absl::StatusOr<Connection> connection = Connection::Open("host=/run/pg user=postgres");
//   Statement statement;
//   statement.sql = absl::StrCat("SELECT id FROM areas WHERE id = ", statement.Add(7, "int4"));
//   absl::StatusOr<Rows> rows = connection->Execute(statement);   // rows->Integer(0, 0) == 7
//
// What goes wrong is INTERNAL with the server's message. Thread-compatible.
#ifndef LEYE_TESTS_BENCH_PEERS_POSTGRES_CONNECTION_H_
#define LEYE_TESTS_BENCH_PEERS_POSTGRES_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

// libpq's handles, so that its header stays in the .cc file.
struct pg_conn;
struct pg_result;

namespace leye::bench {

// SQL with $1, $2... and their values. Statements of one shape have equal texts, so that they are
// prepared once.
struct Statement {
  std::string sql;
  std::vector<std::string> values;

  // Takes up a value, as text, and returns how to write it in the SQL.
  std::string Add(const std::string& value, absl::string_view type) {
    values.push_back(value);
    return absl::StrCat("$", values.size(), "::", type);
  }
};

// What a statement returned.
class Rows {
 public:
  explicit Rows(pg_result* result) : result_(result) {}

  int count() const;
  // REQUIRES: a column of integers, not null.
  int64_t Integer(int row, int column) const;

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };

  std::unique_ptr<pg_result, Clear> result_;
};

class Connection {
 public:
  // UNAVAILABLE if there is no server.
  static absl::StatusOr<Connection> Open(const std::string& address);

  // One or several statements without parameters.
  absl::Status Run(const std::string& sql);

  // Prepares the statement when its text is new to this connection.
  absl::StatusOr<Rows> Execute(const Statement& statement);

  // COPY ... FROM STDIN with what `next` returns until it returns nothing; each is whole lines.
  absl::Status Copy(const std::string& sql, const std::function<std::string()>& next);

 private:
  struct Finish {
    void operator()(pg_conn* connection) const;
  };

  explicit Connection(pg_conn* connection) : connection_(connection) {}

  absl::Status Failure(absl::string_view what) const;
  absl::StatusOr<Rows> Checked(pg_result* result, absl::string_view what) const;

  std::unique_ptr<pg_conn, Finish> connection_;
  absl::flat_hash_map<std::string, std::string> prepared_;  // SQL to name
};

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_PEERS_POSTGRES_CONNECTION_H_
