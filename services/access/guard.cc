#include "services/access/guard.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"

#include "services/base/status.h"

namespace leye::access {

namespace {

// What is not written like a name is left to validation.
bool NamesOtherRegion(const Principal& principal, absl::string_view resource) {
  const std::string region = RegionOf(principal);
  return !region.empty() && absl::ConsumePrefix(&resource, "regions/") &&
         !absl::StartsWith(resource, region);
}

}  // namespace

absl::StatusOr<std::vector<std::string>> MethodsOf(const std::vector<std::string>& services) {
  std::vector<std::string> methods;
  for (const std::string& name : services) {
    const google::protobuf::ServiceDescriptor* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    if (service == nullptr) {
      return Error(absl::StatusCode::kNotFound, "SERVICE_UNKNOWN",
                   absl::StrCat("there is no service ", name), {{"service", name}});
    }
    for (int i = 0; i < service->method_count(); ++i) {
      methods.push_back(absl::StrCat("/", name, "/", service->method(i)->name()));
    }
  }
  return methods;
}

absl::StatusOr<Guard> Guard::Create(const Policy& policy, const std::vector<std::string>& methods) {
  const absl::flat_hash_set<std::string> known(methods.begin(), methods.end());
  absl::flat_hash_set<std::string> spoken_of;
  absl::flat_hash_map<Line, Scope> lines;
  std::vector<std::string> mistakes;
  for (const PolicyLine& line : policy) {
    if (!known.contains(line.method)) {
      mistakes.push_back(absl::StrCat("there is no method ", line.method));
    }
    spoken_of.insert(line.method);
    if (!lines.emplace(Line(line.method, line.role), line.scope).second) {
      mistakes.push_back(
          absl::StrCat(line.method, " has two lines for the role ", RoleName(line.role)));
    }
  }
  for (const std::string& method : methods) {
    if (!spoken_of.contains(method)) mistakes.push_back(absl::StrCat(method, " has no line"));
  }
  if (!mistakes.empty()) {
    return Error(absl::StatusCode::kFailedPrecondition, "POLICY_INCOMPLETE",
                 absl::StrCat("the access policy is wrong: ", absl::StrJoin(mistakes, "; ")));
  }
  return Guard(std::move(lines));
}

absl::StatusOr<Scope> Guard::Check(const Principal& principal, absl::string_view method,
                                   absl::string_view resource) const {
  const auto line = lines_.find(Line(std::string(method), principal.role));
  if (line == lines_.end() || line->second == Scope::kNowhere) {
    return WithMessageZh(
        Error(absl::StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED",
              absl::StrCat(RoleName(principal.role), " may not call ", method),
              {{"method", std::string(method)}, {"resource", std::string(resource)}}),
        absl::StrCat("您的角色无权调用 ", method));
  }
  if (line->second == Scope::kOwn && NamesOtherRegion(principal, resource)) {
    return WithMessageZh(
        Error(absl::StatusCode::kPermissionDenied, "OUT_OF_SCOPE",
              absl::StrCat(principal.id, " may not reach into that region"),
              {{"method", std::string(method)}, {"resource", std::string(resource)}}),
        "您无权访问该地区的数据");
  }
  return line->second;
}

}  // namespace leye::access
