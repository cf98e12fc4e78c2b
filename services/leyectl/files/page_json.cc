#include "services/leyectl/files/page_json.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include <nlohmann/json.hpp>

#include "services/leyectl/json.h"

namespace leye::ctl::files {

using nlohmann::json;

absl::StatusOr<json> ParsePage(absl::string_view text) {
  constexpr int kMostNested = 64;  // What comes later copies and prints by recursion.
  if (text.size() > kMaxPageBytes) {
    return absl::InvalidArgumentError(absl::StrCat("is larger than ", kMaxPageBytes >> 20, " MiB"));
  }
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  json value = json::parse(
      text.begin(), text.end(),
      [](int depth, json::parse_event_t, json&) { return depth <= kMostNested; },
      /*allow_exceptions=*/false);
  if (value.is_discarded()) return absl::InvalidArgumentError("holds JSON that cannot be read");
  return value;
}

std::string PageText(const json& value) {
  // In JSON a < stands in texts only.
  return absl::StrReplaceAll(value.dump(-1, ' ', false, json::error_handler_t::replace),
                             {{"<", "\\u003c"}});
}

std::string AsMarkup(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\n", "<br>"}});
}

json WholeOf(const v1::Posting& posting) { return json::parse(ToJson(posting)); }

void LeaveChanged(const json& as_written, json& object) {
  for (const auto& [name, value] : as_written.items()) {
    const auto found = object.find(name);
    if (found != object.end() && *found == value) object.erase(found);
  }
}

std::string TimeUnitOf(const v1::Pay& pay) {
  if (pay.unit() == v1::PAY_UNIT_UNSPECIFIED || pay.unit() == v1::PAY_UNIT_MEASURE) return "";
  if (!pay.has_min_yuan() && !pay.has_max_yuan()) return "";
  return std::string(absl::StripPrefix(v1::PayUnit_Name(pay.unit()), "PAY_UNIT_"));
}

}  // namespace leye::ctl::files
