// Import of tables: a bureau's ledger of people, a recruitment list, lists of areas and employers.

#ifndef LEYE_SERVICES_LEYECTL_TABLE_IMPORT_H_
#define LEYE_SERVICES_LEYECTL_TABLE_IMPORT_H_

#include <string>

#include "services/leyectl/files/table.h"
#include "services/leyectl/import_report.h"
#include "services/leyectl/resource.h"
#include "services/leyectl/session.h"

namespace leye::ctl {

struct TableFlags {
  files::TableOptions table{};
  std::string mapping_file{};  // Further headers and constants.
  std::string places_file{};   // Further places of work.
  std::string id_key_file{};
  std::string source{};       // Of external ids; empty: `ledger`, or `recruitment` for postings.
  std::string rejects{};      // Empty: FILE.rejects.csv beside the file.
  std::string suggestions{};  // As in ImportOptions.
  bool hr_open = false;       // Of ImportLinkedData: the file holds HR Open's openings.
  bool dry_run = false;
};

// Imports the file: owners (households, employers) first, then the records. A dry run shows how the
// file is understood, and sends nothing that changes anything.
ExitCode ImportTable(Session& session, const ResourceKind& kind, const std::string& file,
                     const TableFlags& flags, ImportReport& report);

// The same for the JobPostings of a file, by schema.org or HR Open.
ExitCode ImportLinkedData(Session& session, const std::string& file, const TableFlags& flags,
                          ImportReport& report);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_TABLE_IMPORT_H_
