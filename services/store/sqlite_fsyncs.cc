#include "services/store/sqlite_fsyncs.h"

#include <chrono>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include <sqlite3.h>

namespace leye::store::sqlite {

// The methods of a file with a measured xSync. SQLite calls an open file by this table alone.
struct TimedFile : sqlite3_io_methods {
  TimedFile(const sqlite3_io_methods& own, OutcomeFigures& given)
      : sqlite3_io_methods(own), sync(own.xSync), figures(given) {
    xSync = [](sqlite3_file* file, int flags) {
      const auto& timed = static_cast<const TimedFile&>(*file->pMethods);
      const auto begin = std::chrono::steady_clock::now();
      const int code = timed.sync(file, flags);
      timed.figures.Add(code == SQLITE_OK ? absl::StatusCode::kOk : absl::StatusCode::kUnavailable,
                        absl::FromChrono(std::chrono::steady_clock::now() - begin));
      return code;
    };
  }

  int (*sync)(sqlite3_file*, int);
  OutcomeFigures& figures;
};

void DeleteTimedFile::operator()(TimedFile* file) const { delete file; }

TimedFilePtr TimeFsyncs(sqlite3_file& file, OutcomeFigures& figures) {
  TimedFilePtr timed(new TimedFile(*file.pMethods, figures));
  file.pMethods = timed.get();
  return timed;
}

}  // namespace leye::store::sqlite
