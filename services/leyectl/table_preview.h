// What a dry run of an import shows, and what is told after a real one.

#ifndef LEYE_SERVICES_LEYECTL_TABLE_PREVIEW_H_
#define LEYE_SERVICES_LEYECTL_TABLE_PREVIEW_H_

#include "services/leyectl/import_report.h"
#include "services/leyectl/resource.h"
#include "services/leyectl/session.h"
#include "services/leyectl/table_source.h"

namespace leye::ctl {

// Prints the columns and what each is taken for, the first rows as the records they would become,
// and what is wrong with which rows. kSomeRejected when some rows would be rejected.
ExitCode PreviewTable(Session& session, const ResourceKind& kind, const TableImport& import,
                      TableSource& source, ImportReport& report);

// Says how much free text was not understood and is left out.
void PrintNotes(const Session& session, const TableSource& source);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_TABLE_PREVIEW_H_
