#include "services/leyectl/files/linked_data.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include <nlohmann/json.hpp>

#include "leye/v1/posting.pb.h"
#include "services/base/status.h"
#include "services/leyectl/files/flat_record.h"
#include "services/leyectl/files/linked_data_writer.h"
#include "services/leyectl/files/page_json.h"
#include "services/leyectl/files/posting_mapper.h"
#include "services/leyectl/files/values.h"
#include "services/leyectl/resource.h"

namespace leye::ctl::files {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 32;

constexpr Fault kNoTitle = {"REQUIRED", "must be given", "须填写"};
constexpr Fault kNotYuan = {"BAD_PAY", "must be in CNY", "货币应为人民币（CNY）"};
constexpr Fault kNoUnit = {"BAD_PAY", "the unit must be HOUR, DAY, MONTH or YEAR",
                           "计酬单位应为 HOUR、DAY、MONTH 或 YEAR"};
constexpr Fault kBadOpenings = {"BAD_HEADCOUNT", "must be a number from 1 to 100,000",
                                "应为 1 至 100000 的数字"};

// A member, or the first of a list; null when there is none.
const json& Member(const json& object, const char* name) {
  static const json* const kNothing = new json();
  if (!object.is_object()) return *kNothing;
  const auto found = object.find(name);
  if (found == object.end()) return *kNothing;
  if (found->is_array()) return found->empty() ? *kNothing : found->front();
  return *found;
}

// A text, or the name of a thing.
std::string TextIn(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return absl::StrCat(value.get<int64_t>());
  if (!value.is_object()) return "";
  for (const char* name : {"@value", "name", "value"}) {
    const json& inner = Member(value, name);
    if (inner.is_string() || inner.is_number_integer()) return TextIn(inner);
  }
  return "";
}

// All texts of a member, joined.
std::string TextsIn(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return "";
  if (!found->is_array()) return TextIn(*found);
  std::vector<std::string> texts;
  for (const json& value : *found) texts.push_back(TextIn(value));
  return absl::StrJoin(texts, "、");
}

std::optional<double> NumberIn(const json& value) {
  if (value.is_number()) return value.get<double>();
  double number = 0;
  if (value.is_string() && absl::SimpleAtod(value.get<std::string>(), &number) &&
      std::isfinite(number)) {
    return number;
  }
  return std::nullopt;
}

bool IsJobPosting(const json& object) {
  const auto type = object.find("@type");
  if (type == object.end()) return false;
  const auto is = [](const json& name) {
    return name.is_string() && (name == "JobPosting" || name == "http://schema.org/JobPosting" ||
                                name == "https://schema.org/JobPosting");
  };
  return type->is_array() ? std::any_of(type->begin(), type->end(), is) : is(*type);
}

// Moves the jobs in `value` to `found`.
void Collect(json& value, int depth, std::vector<json>& found) {
  if (depth > kMaxDepth) return;
  if (value.is_array()) {
    for (json& element : value) Collect(element, depth + 1, found);
  } else if (value.is_object()) {
    if (IsJobPosting(value)) {
      found.push_back(std::move(value));
      return;
    }
    for (const char* name : {"@graph", "itemListElement", "item", "mainEntity"}) {
      const auto inner = value.find(name);
      if (inner != value.end()) Collect(*inner, depth + 1, found);
    }
  }
}

// Without tags; breaks and paragraphs are line ends.
std::string WithoutMarkup(absl::string_view html) {
  std::string text;
  while (!html.empty()) {
    const size_t open = std::min(html.find('<'), html.size());
    absl::StrAppend(&text, html.substr(0, open));
    html.remove_prefix(open);
    const size_t close = html.find('>');
    if (html.empty()) break;
    if (close == absl::string_view::npos) {
      absl::StrAppend(&text, html);
      break;
    }
    const std::string tag = absl::AsciiStrToLower(html.substr(0, close));
    for (const char* breaking : {"<br", "</p", "</li", "</div", "</h"}) {
      if (absl::StartsWith(tag, breaking)) text += '\n';
    }
    html.remove_prefix(close + 1);
  }
  text = absl::StrReplaceAll(text, {{"&lt;", "<"},
                                    {"&gt;", ">"},
                                    {"&nbsp;", " "},
                                    {"&quot;", "\""},
                                    {"&#39;", "'"},
                                    {"&amp;", "&"}});
  absl::StripAsciiWhitespace(&text);
  return text;
}

// Fills one posting of one object. Thread-compatible.
class JobReader {
 public:
  JobReader(json job, const MapperContext& context, MappedRow& mapped)
      : job_(std::move(job)),
        context_(context),
        mapped_(mapped),
        posting_(static_cast<v1::Posting&>(*mapped.record)) {}

  void Read() {
    TakeWhole();
    SetText("title", posting_.mutable_title());
    if (posting_.title().empty()) Wrong("title", kNoTitle);
    SetText("description", posting_.mutable_original_text());
    ReadIdentifier();
    SetDate("datePosted", "apply_from", posting_.mutable_apply_from());
    SetDate("validThrough", "apply_until", posting_.mutable_apply_until());
    ReadForm();
    ReadOpenings();
    ReadPay();
    ReadConditions();
    ReadContact();
    PostingText text{.employer = TextIn(Member(job_, "hiringOrganization")),
                     .address = Address(),
                     .skills = TextsIn(job_, "skills")};
    if (!posting_.employer().empty()) {  // An export: it names everything itself.
      if (!text.address.empty()) posting_.mutable_place()->set_address(text.address);
      return;
    }
    if (text.employer.empty()) Wrong("@employer.display_name", kNoTitle);
    CompletePosting(context_, text, mapped_);
  }

 private:
  void Wrong(absl::string_view field, const Fault& fault) {
    mapped_.problems.push_back(ProblemOf(field, fault));
  }

  // The posting that an export carries; of the job what differs from it.
  void TakeWhole() {
    const json& member = Member(job_, kWholePosting);
    if (member.is_null()) return;
    const json& whole = member.is_object() && member.contains("@value") ? member["@value"] : member;
    std::optional<v1::ImportProblem> wrong = ApplyRest(PageText(whole), &posting_);
    if (wrong.has_value()) {
      wrong->set_field(kWholePosting);
      mapped_.problems.push_back(*std::move(wrong));
      posting_.Clear();
      return;
    }
    KeepGiven(&posting_);
    if (!posting_.name().empty()) {
      posting_.set_name(FullName(posting_.name(), "postings", context_.region));
    }
    LeaveChanged(PublicJobOf(posting_), job_);
  }

  void SetText(const char* name, std::string* text) const {
    std::string said = WithoutMarkup(TextIn(Member(job_, name)));
    if (!said.empty()) *text = std::move(said);
  }

  void ReadIdentifier() {
    const json& identifier = Member(job_, "identifier");
    const std::string value = TextIn(Member(identifier, "value"));
    const std::string id = value.empty() ? TextIn(identifier) : value;
    if (id.empty()) return;
    posting_.mutable_external_id()->set_id(id);
    if (!value.empty()) {
      posting_.mutable_external_id()->set_source(TextIn(Member(identifier, "name")));
    }
  }

  void ReadContact() {
    const json& contact = Member(job_, "applicationContact");
    const std::string name = TextIn(Member(contact, "name"));
    const std::string phone = TextIn(Member(contact, "telephone"));
    if (!name.empty()) posting_.mutable_contact()->set_full_name(name);
    if (!phone.empty()) posting_.mutable_contact()->set_phone(phone);
  }

  void SetDate(const char* name, absl::string_view field, std::string* date) {
    const std::string said = TextIn(Member(job_, name));
    if (said.empty()) return;
    const files::Read<Date> read = ParseDate(said);
    if (!read.ok()) return Wrong(field, read.fault());
    *date = read->ToString();
  }

  void ReadForm() {
    const std::string type = TextIn(Member(job_, "employmentType"));
    v1::WorkForm form = v1::WORK_FORM_UNSPECIFIED;
    if (type == "FULL_TIME") form = v1::WORK_FORM_FULL_TIME;
    if (type == "PART_TIME") form = v1::WORK_FORM_PART_TIME;
    if (type == "PER_DIEM") form = v1::WORK_FORM_HOURLY;
    if (TextIn(Member(job_, "jobLocationType")) == "TELECOMMUTE") form = v1::WORK_FORM_HOME_BASED;
    if (form != v1::WORK_FORM_UNSPECIFIED) posting_.mutable_schedule()->set_form(form);
  }

  void ReadOpenings() {
    if (posting_.openings() == 0) posting_.set_openings(1);
    const json& openings = Member(job_, "totalJobOpenings");
    if (openings.is_null()) return;
    const std::optional<double> number = NumberIn(openings);
    if (!number.has_value() || *number < 1 || *number > 100'000) {
      return Wrong("openings", kBadOpenings);
    }
    posting_.set_openings(static_cast<int>(*number));
  }

  void ReadPay() {
    const json& salary = Member(job_, "baseSalary");
    if (salary.is_null()) return;
    const std::string currency = absl::AsciiStrToUpper(TextIn(Member(salary, "currency")));
    if (!currency.empty() && currency != "CNY" && currency != "RMB") return Wrong("pay", kNotYuan);
    const json& value = salary.is_object() ? Member(salary, "value") : salary;
    const auto amount = [&](const char* name) {
      return value.is_object() ? NumberIn(Member(value, name)) : NumberIn(value);
    };
    std::optional<double> least = amount("minValue");
    std::optional<double> most = amount("maxValue");
    if (!least.has_value() && !most.has_value()) least = most = amount("value");
    if (!least.has_value() && !most.has_value()) return;
    const std::string unit = absl::AsciiStrToUpper(
        absl::StrCat(TextIn(Member(value, "unitText")), TextIn(Member(salary, "unitText"))));
    v1::PayUnit pay_unit = v1::PAY_UNIT_UNSPECIFIED;
    if (!v1::PayUnit_Parse(absl::StrCat("PAY_UNIT_", unit), &pay_unit) ||
        pay_unit == v1::PAY_UNIT_MEASURE || pay_unit == v1::PAY_UNIT_UNSPECIFIED) {
      return Wrong("pay", kNoUnit);
    }
    posting_.mutable_pay()->set_unit(pay_unit);
    if (least.has_value()) posting_.mutable_pay()->set_min_yuan(*least);
    if (most.has_value()) posting_.mutable_pay()->set_max_yuan(*most);
  }

  void ReadConditions() {
    const json& education = Member(job_, "educationRequirements");
    const std::string category = absl::AsciiStrToLower(
        education.is_object() ? TextIn(Member(education, "credentialCategory"))
                              : TextIn(education));
    if (category == "high school") {
      posting_.mutable_conditions()->set_min_education(v1::EDUCATION_SENIOR_SECONDARY);
    } else if (category == "associate degree") {
      posting_.mutable_conditions()->set_min_education(v1::EDUCATION_COLLEGE);
    } else if (category == "bachelor degree" || category == "postgraduate degree") {
      posting_.mutable_conditions()->set_min_education(v1::EDUCATION_BACHELOR);
    }
    const std::optional<double> months =
        NumberIn(Member(Member(job_, "experienceRequirements"), "monthsOfExperience"));
    if (months.has_value() && *months >= 1 && *months <= 600) {
      posting_.mutable_conditions()->set_min_experience_months(static_cast<int>(*months));
    }
  }

  // The address in one piece; the point goes into the posting.
  std::string Address() {
    const json& place = Member(job_, "jobLocation");
    const json& geo = Member(place, "geo");
    const std::optional<double> latitude = NumberIn(Member(geo, "latitude"));
    const std::optional<double> longitude = NumberIn(Member(geo, "longitude"));
    if (latitude.has_value() && longitude.has_value()) {
      posting_.mutable_place()->mutable_location()->set_latitude(*latitude);
      posting_.mutable_place()->mutable_location()->set_longitude(*longitude);
    }
    const json& address = Member(place, "address");
    if (!address.is_object()) return address.is_string() ? TextIn(address) : TextIn(place);
    return absl::StrCat(TextIn(Member(address, "addressRegion")),
                        TextIn(Member(address, "addressLocality")),
                        TextIn(Member(address, "streetAddress")));
  }

  json job_;
  const MapperContext& context_;
  MappedRow& mapped_;
  v1::Posting& posting_;
};

// The contents of the script elements that hold JSON-LD.
std::vector<absl::string_view> Scripts(absl::string_view html) {
  const std::string lower = absl::AsciiStrToLower(html);
  std::vector<absl::string_view> scripts;
  size_t at = 0;
  while ((at = lower.find("<script", at)) != std::string::npos) {
    const size_t open = lower.find('>', at);
    if (open == std::string::npos) break;
    const size_t close = std::min(lower.find("</script", open), lower.size());
    if (absl::StrContains(absl::string_view(lower).substr(at, open - at), "application/ld+json")) {
      scripts.push_back(html.substr(open + 1, close - open - 1));
    }
    at = close;
  }
  return scripts;
}

// Those of a text, in its order.
absl::StatusOr<std::vector<json>> Jobs(absl::string_view text) {
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  const bool is_page = absl::StartsWith(absl::StripLeadingAsciiWhitespace(text), "<");
  const std::vector<absl::string_view> parts =
      is_page ? Scripts(text) : std::vector<absl::string_view>{text};
  std::vector<json> jobs;
  for (const absl::string_view part : parts) {
    LEYE_ASSIGN_OR_RETURN(json root, ParsePage(part));
    Collect(root, 0, jobs);
  }
  return jobs;
}

}  // namespace

bool IsLinkedDataFile(absl::string_view file) {
  return absl::EndsWithIgnoreCase(file, ".jsonld") || absl::EndsWithIgnoreCase(file, ".html") ||
         absl::EndsWithIgnoreCase(file, ".htm");
}

absl::StatusOr<std::vector<MappedRow>> ReadJobPostings(absl::string_view text,
                                                       const MapperContext& context) {
  LEYE_ASSIGN_OR_RETURN(const std::vector<json> jobs, Jobs(text));
  std::vector<MappedRow> rows;
  for (const json& job : jobs) {
    MappedRow& mapped = rows.emplace_back();
    mapped.record = std::make_unique<v1::Posting>();
    JobReader(job, context, mapped).Read();
  }
  if (rows.empty()) return absl::InvalidArgumentError("holds no JobPosting of schema.org");
  return rows;
}

std::string RejectedJobPostings(absl::string_view text,
                                const std::map<int64_t, std::string>& reasons) {
  std::vector<json> jobs = *Jobs(text);
  std::vector<std::string> rejected;
  for (const auto& [number, reason] : reasons) {
    json& job = jobs[static_cast<size_t>(number) - 1];
    job[kRejectedBecause] = reason;
    rejected.push_back(PageText(job));
  }
  return absl::StrCat(kJobPostingsBegin, "\n", absl::StrJoin(rejected, ",\n"), "\n",
                      kJobPostingsEnd, "\n");
}

}  // namespace leye::ctl::files
