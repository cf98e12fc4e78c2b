// headers.tsv, words.tsv and deploy/sample/hebei/divisions.tsv, compiled in by the build
// (built_in_tables.cc.in).

#ifndef LEYE_SERVICES_LEYECTL_FILES_BUILT_IN_TABLES_H_
#define LEYE_SERVICES_LEYECTL_FILES_BUILT_IN_TABLES_H_

namespace leye::ctl::files {

extern const char* const kHeadersTsv;
extern const char* const kWordsTsv;
extern const char* const kDivisionsTsv;

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_BUILT_IN_TABLES_H_
