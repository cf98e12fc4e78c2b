// Addresses as people write them: "127.0.0.1:7400", "[::1]:7400", "localhost", "unix:/run/leyed".
#ifndef LEYE_SERVICES_BASE_ADDRESS_H_
#define LEYE_SERVICES_BASE_ADDRESS_H_

#include <string>

namespace leye {

// Whether only this machine can be meant: "localhost", an address of the loopback net, with or
// without a port, or a "unix:" path. A name that only looks like one may lead anywhere.
bool IsLoopback(const std::string& address);

}  // namespace leye

#endif  // LEYE_SERVICES_BASE_ADDRESS_H_
