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

#include "leye/storage/v1/envelope.pb.h"
#include "leye/storage/v1/log.pb.h"
#include "leye/v1/candidate.grpc.pb.h"
#include "leye/v1/employer.grpc.pb.h"
#include "leye/v1/household.grpc.pb.h"
#include "leye/v1/import.pb.h"
#include "leye/v1/match.grpc.pb.h"
#include "leye/v1/posting.grpc.pb.h"
#include "leye/v1/referral.grpc.pb.h"
#include "leye/v1/ruleset.grpc.pb.h"
#include "leye/v1/settlement_area.grpc.pb.h"
#include "leye/v1/skill.grpc.pb.h"

#endif  // LEYE_DEPLOY_CMAKE_PRECOMPILED_H_
