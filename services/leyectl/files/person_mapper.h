// Rows of a ledger of people: each a candidate and the household it belongs to.

#ifndef LEYE_SERVICES_LEYECTL_FILES_PERSON_MAPPER_H_
#define LEYE_SERVICES_LEYECTL_FILES_PERSON_MAPPER_H_

#include <memory>

#include "services/leyectl/files/row_mapper.h"

namespace leye::ctl::files {

// The household is that of the household number; else that of the head (by identity number, or by
// name, area and address together). Where the household's columns are all empty and the relation to
// the head is given and not 户主, it is that of the row above, as in ledgers with merged cells.
std::unique_ptr<RowMapper> NewPersonMapper(const Table& table, const Headers& headers,
                                           const MapperContext& context);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_PERSON_MAPPER_H_
