// The tables of deploy/catalogue, compiled in by embed_catalogue.cmake.
#ifndef LEYE_SERVICES_APP_BUILT_IN_TABLES_H_
#define LEYE_SERVICES_APP_BUILT_IN_TABLES_H_

#include "services/app/catalogue.h"

namespace leye::app {

CatalogueTables BuiltInTables();

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_BUILT_IN_TABLES_H_
