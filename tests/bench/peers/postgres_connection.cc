#include "tests/bench/peers/postgres_connection.h"

#include "absl/strings/numbers.h"
#include <libpq-fe.h>

namespace leye::bench {

void Rows::Clear::operator()(pg_result* result) const { PQclear(result); }

int Rows::count() const { return PQntuples(result_.get()); }

int64_t Rows::Integer(int row, int column) const {
  int64_t value = 0;
  const bool number = absl::SimpleAtoi(PQgetvalue(result_.get(), row, column), &value);
  return number ? value : 0;
}

void Connection::Finish::operator()(pg_conn* connection) const { PQfinish(connection); }

absl::StatusOr<Connection> Connection::Open(const std::string& address) {
  Connection connection(PQconnectdb(address.c_str()));
  if (PQstatus(connection.connection_.get()) != CONNECTION_OK) {
    return absl::UnavailableError(PQerrorMessage(connection.connection_.get()));
  }
  return connection;
}

absl::Status Connection::Failure(absl::string_view what) const {
  return absl::InternalError(absl::StrCat(PQerrorMessage(connection_.get()), " in: ", what));
}

absl::StatusOr<Rows> Connection::Checked(pg_result* result, absl::string_view what) const {
  Rows rows(result);
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return rows;
  return Failure(what);
}

absl::Status Connection::Run(const std::string& sql) {
  return Checked(PQexec(connection_.get(), sql.c_str()), sql).status();
}

absl::StatusOr<Rows> Connection::Execute(const Statement& statement) {
  const auto [prepared, is_new] =
      prepared_.try_emplace(statement.sql, absl::StrCat("s", prepared_.size()));
  const std::string& name = prepared->second;
  if (is_new) {
    const absl::Status status =
        Checked(PQprepare(connection_.get(), name.c_str(), statement.sql.c_str(), 0, nullptr),
                statement.sql)
            .status();
    if (!status.ok()) return status;
  }
  std::vector<const char*> values;
  values.reserve(statement.values.size());
  for (const std::string& value : statement.values) values.push_back(value.c_str());
  return Checked(PQexecPrepared(connection_.get(), name.c_str(), static_cast<int>(values.size()),
                                values.data(), nullptr, nullptr, 0),
                 statement.sql);
}

absl::Status Connection::Copy(const std::string& sql, const std::function<std::string()>& next) {
  pg_conn* const connection = connection_.get();
  const Rows begun(PQexec(connection, sql.c_str()));
  if (PQtransactionStatus(connection) != PQTRANS_ACTIVE) return Failure(sql);
  for (std::string lines = next(); !lines.empty(); lines = next()) {
    if (PQputCopyData(connection, lines.data(), static_cast<int>(lines.size())) != 1) {
      return Failure(sql);
    }
  }
  if (PQputCopyEnd(connection, nullptr) != 1) return Failure(sql);
  const absl::Status copied = Checked(PQgetResult(connection), sql).status();
  // The protocol ends with an empty result.
  while (pg_result* rest = PQgetResult(connection)) PQclear(rest);
  return copied;
}

}  // namespace leye::bench
