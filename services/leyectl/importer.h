// Sends the records of files to the server: households, candidates and postings through their
// import streams, areas and employers by create and update. Sending the same files again changes
// nothing, so a broken import is simply repeated.

#ifndef LEYE_SERVICES_LEYECTL_IMPORTER_H_
#define LEYE_SERVICES_LEYECTL_IMPORTER_H_

#include <string>

#include "services/leyectl/import_report.h"
#include "services/leyectl/item_source.h"
#include "services/leyectl/resource.h"
#include "services/leyectl/session.h"

namespace leye::ctl {

struct ImportOptions {
  bool validate_only = false;
  std::string suggestions = {};  // Of postings: the file for what their texts say besides; or "".
};

// Imports what `source` gives into one collection. kOk also when items were rejected: `report`
// counts them.
ExitCode ImportByStream(Session& session, const ResourceKind& kind, ItemSource& source,
                        const ImportOptions& options, ImportReport& report);
ExitCode ImportByCalls(Session& session, const ResourceKind& kind, ItemSource& source,
                       const ImportOptions& options, ImportReport& report);

// The one of the two that the collection has; with suggestions, through a NoticeSource.
ExitCode ImportInto(Session& session, const ResourceKind& kind, ItemSource& source,
                    const ImportOptions& options, ImportReport& report);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_IMPORTER_H_
