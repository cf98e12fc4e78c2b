#include "services/leyectl/files/hr_open_writer.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include <nlohmann/json.hpp>

namespace leye::ctl::files {
namespace {

using nlohmann::json;

void AddPackage(const v1::Pay& pay, json& profile) {
  const std::string unit = TimeUnitOf(pay);
  if (unit.empty()) return;
  json range = {{"typeCode", "BasePay"},
                {"intervalCode", unit.substr(0, 1) + absl::AsciiStrToLower(unit.substr(1))}};
  const auto amount = [](double yuan) { return json{{"value", yuan}, {"currency", "CNY"}}; };
  if (pay.has_min_yuan()) range["minimumAmount"] = amount(pay.min_yuan());
  if (pay.has_max_yuan()) range["maximumAmount"] = amount(pay.max_yuan());
  profile["offeredRemunerationPackage"] = {{"ranges", json::array({range})}};
}

void AddLocation(const v1::Place& place, json& profile) {
  json address = {{"countryCode", "CN"}};
  if (!place.address().empty()) address["formattedAddress"] = place.address();
  if (place.has_location()) {
    address["geoLocation"] = {{"latitude", place.location().latitude()},
                              {"longitude", place.location().longitude()}};
  }
  if (address.size() > 1) {
    profile["positionLocation"] = json::array({json{{"address", address}}});
  }
}

void AddTimes(const v1::Posting& posting, json& profile) {
  const v1::WorkForm form = posting.schedule().form();
  if (form == v1::WORK_FORM_FULL_TIME) profile["positionScheduleTypeCodes"] = {"FullTime"};
  if (form == v1::WORK_FORM_PART_TIME) profile["positionScheduleTypeCodes"] = {"PartTime"};
  json times = json::object();
  if (!posting.apply_from().empty()) times["start"] = posting.apply_from();
  if (!posting.apply_until().empty()) times["end"] = posting.apply_until();
  if (!times.empty()) profile["postingInstructions"] = json::array({times});
}

}  // namespace

json PublicProfileOf(const v1::Posting& posting) {
  json profile = {{"positionTitle", posting.title()}, {"positionOpenQuantity", posting.openings()}};
  if (posting.has_external_id()) {
    profile["positionId"] = {{"value", posting.external_id().id()},
                             {"schemeId", posting.external_id().source()}};
  }
  if (!posting.original_text().empty()) {
    profile["positionFormattedDescriptions"] =
        json::array({json{{"content", AsMarkup(posting.original_text())}}});
  }
  AddTimes(posting, profile);
  AddPackage(posting.pay(), profile);
  AddLocation(posting.place(), profile);
  return profile;
}

std::string ToPositionOpening(const v1::Posting& posting, const PostingNames& names) {
  json profile = PublicProfileOf(posting);
  if (!names.employer.empty()) {
    profile["positionOrganizations"] = json::array({json{{"name", names.employer}}});
  }
  profile["userArea"] = {{kWholePosting, WholeOf(posting)}};
  return PageText({{"statusCode", "Active"}, {"positionProfiles", json::array({profile})}});
}

bool PositionProfileSays(absl::string_view path) {
  static constexpr std::array<absl::string_view, 15> kSaid = {"employer",
                                                              "title",
                                                              "original_text",
                                                              "external_id.source",
                                                              "external_id.id",
                                                              "apply_from",
                                                              "apply_until",
                                                              "schedule.form",
                                                              "openings",
                                                              "pay.min_yuan",
                                                              "pay.max_yuan",
                                                              "pay.unit",
                                                              "place.address",
                                                              "place.location.latitude",
                                                              "place.location.longitude"};
  return std::find(kSaid.begin(), kSaid.end(), path) != kSaid.end();
}

}  // namespace leye::ctl::files
