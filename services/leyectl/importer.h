// Sends the records of files to the server: households, candidates and postings through their
// import streams, areas and employers by create and update. Sending the same files again changes
// nothing, so a broken import is simply repeated.

#ifndef LEYE_SERVICES_LEYECTL_IMPORTER_H_
#define LEYE_SERVICES_LEYECTL_IMPORTER_H_

#include <string>
#include <vector>

#include "services/leyectl/import_report.h"
#include "services/leyectl/record_reader.h"
#include "services/leyectl/resource.h"
#include "services/leyectl/session.h"

namespace leye::ctl {

struct ImportOptions {
  RecordFormat format = RecordFormat::kByName;
  bool validate_only = false;
};

// Imports `files` into one collection. kOk also when items were rejected: `report` counts them.
ExitCode ImportByStream(Session& session, const ResourceKind& kind,
                        const std::vector<std::string>& files, const ImportOptions& options,
                        ImportReport& report);
ExitCode ImportByCalls(Session& session, const ResourceKind& kind,
                       const std::vector<std::string>& files, const ImportOptions& options,
                       ImportReport& report);

// The problem of an item that cannot even be read.
std::vector<v1::ImportProblem> Malformed(const absl::Status& status);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_IMPORTER_H_
