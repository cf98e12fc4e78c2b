#include "services/app/violations.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"

#include "services/base/status.h"

namespace leye::app {
namespace {

constexpr size_t kMaxBytes = 2'400;  // Of texts; they are sent three times, partly in base 64.

// "；" between the Chinese sentences.
void AppendZh(const Violation& violation, std::string& text) {
  absl::StrAppend(&text, text.empty() ? "" : "；", violation.field,
                  violation.field.empty() ? "" : "：", violation.description_zh);
}

}  // namespace

absl::Status Violations::ToStatus() const {
  if (all_.empty()) return absl::OkStatus();
  std::vector<FieldViolation> told;
  std::string zh;
  size_t bytes = 0;
  for (const Violation& violation : all_) {
    bytes +=
        2 * violation.field.size() + violation.description.size() + violation.description_zh.size();
    if (bytes > kMaxBytes && !told.empty()) break;
    told.push_back({violation.field, absl::StrCat(violation.reason, ": ", violation.description)});
    AppendZh(violation, zh);
  }
  if (const size_t more = all_.size() - told.size(); more > 0) {
    told.push_back({"", absl::StrCat("and ", more, " more")});
    absl::StrAppend(&zh, "；另有 ", more, " 处");
  }
  return WithMessageZh(InvalidFields(std::move(told)), zh);
}

Violation BadName(absl::string_view field, absl::string_view collection) {
  return {
      std::string(field), "INVALID_NAME",
      absl::StrCat("must be regions/{region}/", collection,
                   "/{id}, {region} being a province's two digits such as 13"),
      absl::StrCat("须形如 regions/13/", collection, "/{id}，其中 13 为省级行政区划代码前两位")};
}

}  // namespace leye::app
