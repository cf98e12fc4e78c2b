#include "services/leyectl/files/linked_data_writer.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace leye::ctl::files {
namespace {

using nlohmann::json;

void AddForm(v1::WorkForm form, json& job) {
  if (form == v1::WORK_FORM_FULL_TIME) job["employmentType"] = "FULL_TIME";
  if (form == v1::WORK_FORM_PART_TIME) job["employmentType"] = "PART_TIME";
  if (form == v1::WORK_FORM_HOURLY) job["employmentType"] = "PER_DIEM";
  if (form == v1::WORK_FORM_SEASONAL) job["employmentType"] = "TEMPORARY";
  if (form == v1::WORK_FORM_HOME_BASED) job["jobLocationType"] = "TELECOMMUTE";
}

void AddPay(const v1::Pay& pay, json& job) {
  const std::string unit = TimeUnitOf(pay);
  if (unit.empty()) return;
  json value = {{"@type", "QuantitativeValue"}, {"unitText", unit}};
  if (pay.has_min_yuan()) value["minValue"] = pay.min_yuan();
  if (pay.has_max_yuan()) value["maxValue"] = pay.max_yuan();
  job["baseSalary"] = {{"@type", "MonetaryAmount"}, {"currency", "CNY"}, {"value", value}};
}

void AddPlace(const v1::Place& place, json& job) {
  json where = {{"@type", "Place"}};
  if (!place.address().empty()) {
    where["address"] = {
        {"@type", "PostalAddress"}, {"addressCountry", "CN"}, {"streetAddress", place.address()}};
  }
  if (place.has_location()) {
    where["geo"] = {{"@type", "GeoCoordinates"},
                    {"latitude", place.location().latitude()},
                    {"longitude", place.location().longitude()}};
  }
  if (where.size() > 1) job["jobLocation"] = where;
}

void AddConditions(const v1::Conditions& conditions, json& job) {
  const char* category = nullptr;
  if (conditions.min_education() == v1::EDUCATION_SENIOR_SECONDARY) category = "high school";
  if (conditions.min_education() == v1::EDUCATION_COLLEGE) category = "associate degree";
  if (conditions.min_education() == v1::EDUCATION_BACHELOR) category = "bachelor degree";
  if (category != nullptr) {
    job["educationRequirements"] = {{"@type", "EducationalOccupationalCredential"},
                                    {"credentialCategory", category}};
  }
  if (conditions.min_experience_months() > 0) {
    job["experienceRequirements"] = {{"@type", "OccupationalExperienceRequirements"},
                                     {"monthsOfExperience", conditions.min_experience_months()}};
  }
}

void AddContact(const v1::Contact& contact, json& job) {
  json whom = {{"@type", "ContactPoint"}};
  if (!contact.full_name().empty()) whom["name"] = contact.full_name();
  if (!contact.phone().empty()) whom["telephone"] = contact.phone();
  if (whom.size() > 1) job["applicationContact"] = whom;
}

}  // namespace

json PublicJobOf(const v1::Posting& posting) {
  json job = {{"title", posting.title()}, {"totalJobOpenings", posting.openings()}};
  if (!posting.original_text().empty()) job["description"] = AsMarkup(posting.original_text());
  if (posting.has_external_id()) {
    job["identifier"] = {{"@type", "PropertyValue"},
                         {"name", posting.external_id().source()},
                         {"value", posting.external_id().id()}};
  }
  if (!posting.apply_from().empty()) job["datePosted"] = posting.apply_from();
  if (!posting.apply_until().empty()) job["validThrough"] = posting.apply_until();
  AddForm(posting.schedule().form(), job);
  AddPay(posting.pay(), job);
  AddPlace(posting.place(), job);
  AddConditions(posting.conditions(), job);
  AddContact(posting.contact(), job);
  return job;
}

std::string ToJobPosting(const v1::Posting& posting, const PostingNames& names) {
  json job = PublicJobOf(posting);
  job["@type"] = "JobPosting";
  if (!names.employer.empty()) {
    job["hiringOrganization"] = {{"@type", "Organization"}, {"name", names.employer}};
  }
  if (!names.skills.empty()) job["skills"] = names.skills;
  job[kWholePosting] = {{"@type", "@json"}, {"@value", WholeOf(posting)}};
  return PageText(job);
}

bool JobPostingSays(absl::string_view path) {
  static constexpr std::array<absl::string_view, 21> kSaid = {"employer",
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
                                                              "place.location.longitude",
                                                              "required_skills",
                                                              "preferred_skills",
                                                              "conditions.min_education",
                                                              "conditions.min_experience_months",
                                                              "contact.full_name",
                                                              "contact.phone"};
  return std::find(kSaid.begin(), kSaid.end(), path) != kSaid.end();
}

}  // namespace leye::ctl::files
