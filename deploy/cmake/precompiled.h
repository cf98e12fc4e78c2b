// Headers that most sources read, for builds with LEYE_PRECOMPILE; see leye.cmake.
#ifndef LEYE_DEPLOY_CMAKE_PRECOMPILED_H_
#define LEYE_DEPLOY_CMAKE_PRECOMPILED_H_

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

#endif  // LEYE_DEPLOY_CMAKE_PRECOMPILED_H_
