// Measures how long SQLite waits until what it wrote to a file is durable.
//
//   std::unique_ptr<TimedFile, DeleteTimedFile> timed = TimeFsyncs(file, figures);

#ifndef LEYE_SERVICES_STORE_SQLITE_FSYNCS_H_
#define LEYE_SERVICES_STORE_SQLITE_FSYNCS_H_

#include <memory>

#include "services/base/outcome_figures.h"

struct sqlite3_file;

namespace leye::store::sqlite {

struct TimedFile;
struct DeleteTimedFile {
  void operator()(TimedFile* file) const;
};
using TimedFilePtr = std::unique_ptr<TimedFile, DeleteTimedFile>;

// From now on each xSync of `file` is added to `figures`: OK or UNAVAILABLE, and how long it took.
// REQUIRES: `file` is open; it is closed before what is returned goes, and before `figures`.
TimedFilePtr TimeFsyncs(sqlite3_file& file, OutcomeFigures& figures);

}  // namespace leye::store::sqlite

#endif  // LEYE_SERVICES_STORE_SQLITE_FSYNCS_H_
