#include "services/leyectl/files/hr_open.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include <nlohmann/json.hpp>

#include "services/base/status.h"
#include "services/leyectl/files/hr_open_writer.h"
#include "services/leyectl/files/linked_data.h"
#include "services/leyectl/files/page_json.h"
#include "services/leyectl/json.h"

namespace leye::ctl::files {
namespace {

using nlohmann::json;

// What stands at the path, as of RFC 6901; null when nothing does.
const json& PartAt(const json& value, const char* path) {
  static const json* const kNothing = new json();
  const json::json_pointer pointer(path);
  return value.contains(pointer) ? value.at(pointer) : *kNothing;
}

// A text, number or truth value; null for all else.
json ScalarAt(const json& value, const char* path) {
  const json& part = PartAt(value, path);
  return part.is_primitive() ? part : json();
}

std::string StringAt(const json& value, const char* path) {
  const json& part = PartAt(value, path);
  return part.is_string() ? part.get<std::string>() : "";
}

// A code as its list has it, however it is written: "Full-Time" and "full time" are FULLTIME.
std::string CodeAt(const json& value, const char* path) {
  return absl::AsciiStrToUpper(
      absl::StrReplaceAll(StringAt(value, path), {{" ", ""}, {"-", ""}, {"_", ""}}));
}

json DescriptionOf(const json& profile) {
  std::string text;
  for (const json& part : PartAt(profile, "/positionFormattedDescriptions")) {
    absl::StrAppend(&text, text.empty() ? "" : "<br>", StringAt(part, "/content"));
  }
  return text;
}

// The first that is not only a part of the employer.
json EmployerOf(const json& profile) {
  for (const json& organization : PartAt(profile, "/positionOrganizations")) {
    if (CodeAt(organization, "/responsibilityCode") != "DEPARTMENT") {
      return ScalarAt(organization, "/name");
    }
  }
  return {};
}

json PlaceOf(const json& profile) {
  const json& location = PartAt(profile, "/positionLocation/0");
  const json& inner = PartAt(location, "/address");
  const json& address = inner.is_object() ? inner : location;
  std::string text = StringAt(address, "/formattedAddress");
  if (text.empty()) {
    for (const json& division : PartAt(address, "/countrySubDivisions")) {
      absl::StrAppend(&text, StringAt(division, "/value"));
    }
    absl::StrAppend(&text, StringAt(address, "/city"), StringAt(address, "/line"));
  }
  if (text.empty()) text = StringAt(address, "/contextualName");
  return {{"address", text},
          {"geo",
           {{"latitude", ScalarAt(address, "/geoLocation/latitude")},
            {"longitude", ScalarAt(address, "/geoLocation/longitude")}}}};
}

json EmploymentTypeOf(const json& profile) {
  const std::string code = CodeAt(profile, "/positionScheduleTypeCodes/0");
  if (code == "FULLTIME") return "FULL_TIME";
  return code == "PARTTIME" ? json("PART_TIME") : json();
}

// Of ranges in the unit of the first. A range has both ends, or is one of them by its type.
json PayOf(const json& profile) {
  std::string unit;
  std::string currency;
  json least;
  json most;
  const auto take = [&currency](const json& range, const char* path, json& end) {
    const json value = ScalarAt(PartAt(range, path), "/value");
    if (value.is_null()) return;
    end = value;
    currency = StringAt(PartAt(range, path), "/currency");
  };
  for (const json& range : PartAt(profile, "/offeredRemunerationPackage/ranges")) {
    const std::string type = CodeAt(range, "/typeCode");
    const std::string interval = CodeAt(range, "/intervalCode");
    if (!type.empty() && !absl::EndsWith(type, "BASEPAY")) continue;
    if (unit.empty()) unit = interval;
    if (unit != interval) continue;
    if (!absl::StartsWith(type, "MAXIMUM")) take(range, "/referenceAmount", least);
    if (!absl::StartsWith(type, "MINIMUM")) take(range, "/referenceAmount", most);
    take(range, "/minimumAmount", least);
    take(range, "/maximumAmount", most);
  }
  if (least.is_null() && most.is_null()) return {};
  return {{"currency", currency},
          {"value", {{"minValue", least}, {"maxValue", most}, {"unitText", unit}}}};
}

// The same as schema.org says it.
json JobPostingOf(const json& profile) {
  return {{"@type", "JobPosting"},
          {"title", ScalarAt(profile, "/positionTitle")},
          {"description", DescriptionOf(profile)},
          {"identifier",
           {{"name", ScalarAt(profile, "/positionId/schemeId")},
            {"value", ScalarAt(profile, "/positionId/value")}}},
          {"datePosted", ScalarAt(profile, "/postingInstructions/0/start")},
          {"validThrough", ScalarAt(profile, "/postingInstructions/0/end")},
          {"employmentType", EmploymentTypeOf(profile)},
          {"totalJobOpenings", ScalarAt(profile, "/positionOpenQuantity")},
          {"hiringOrganization", EmployerOf(profile)},
          {"jobLocation", PlaceOf(profile)},
          {"baseSalary", PayOf(profile)}};
}

// The job of a profile; of an exported one the whole posting, and what somebody has changed.
json JobOf(json profile) {
  const json whole = PartAt(profile, absl::StrCat("/userArea/", kWholePosting).c_str());
  v1::Posting posting;
  if (!whole.is_null() && FromJson(whole.dump(), &posting).ok()) {
    LeaveChanged(PublicProfileOf(posting), profile);
  }
  json job = JobPostingOf(profile);
  if (!whole.is_null()) job[kWholePosting] = whole;
  return job;
}

// Calls `take` with each profile that is offered, and its opening.
template <typename Take>
void EachProfile(json& root, const Take& take) {
  const auto list = root.is_object() ? root.find("positionOpenings") : root.end();
  json& openings = list != root.end() && list->is_array() ? *list : root;
  const auto each_of = [&take](json& opening) {
    const std::string status = CodeAt(opening, "/statusCode");
    if (status == "CLOSED" || status == "INCOMPLETE") return;
    const json profiles = PartAt(opening, "/positionProfiles");
    for (const json& profile : profiles) {
      if (profile.is_object()) take(profile, opening);
    }
  };
  if (!openings.is_array()) return each_of(openings);
  for (json& opening : openings) each_of(opening);
}

}  // namespace

absl::StatusOr<std::vector<MappedRow>> ReadPositionOpenings(absl::string_view text,
                                                            const MapperContext& context) {
  LEYE_ASSIGN_OR_RETURN(json root, ParsePage(text));
  json jobs = json::array();
  EachProfile(root, [&jobs](const json& profile, const json&) { jobs.push_back(JobOf(profile)); });
  if (jobs.empty()) {
    return absl::InvalidArgumentError("holds no positionProfiles of HR Open that are open");
  }
  return ReadJobPostings(PageText(jobs), context);
}

std::string RejectedPositionOpenings(absl::string_view text,
                                     const std::map<int64_t, std::string>& reasons) {
  json root = *ParsePage(text);
  std::vector<std::string> rejected;
  int64_t number = 0;
  EachProfile(root, [&](json profile, json& opening) {
    const auto reason = reasons.find(++number);
    if (reason == reasons.end()) return;
    if (!profile["userArea"].is_object()) profile["userArea"] = json::object();
    profile["userArea"][kRejectedBecause] = reason->second;
    opening["positionProfiles"] = json::array({std::move(profile)});
    rejected.push_back(PageText(opening));
  });
  return absl::StrCat(kPositionOpeningsBegin, "\n", absl::StrJoin(rejected, ",\n"), "\n",
                      kPositionOpeningsEnd, "\n");
}

}  // namespace leye::ctl::files
