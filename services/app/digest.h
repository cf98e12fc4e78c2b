// SHA-256, for fingerprints and check sums.
#ifndef LEYE_SERVICES_APP_DIGEST_H_
#define LEYE_SERVICES_APP_DIGEST_H_

#include "services/access/digest.h"

namespace leye::app {

using access::Sha256;

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_DIGEST_H_
