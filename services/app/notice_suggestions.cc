#include "services/app/notice_suggestions.h"

#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "services/app/phrase_normalizer.h"

namespace leye::app {
namespace {

using text::NoticeField;
using text::Suggestion;

constexpr double kFenOfYuan = 100;
constexpr size_t kMostPayBytes = 500;  // What a posting holds of it in words.
constexpr int64_t kDaysOfMonth = 100;  // In a date written as one number.
constexpr int64_t kDaysOfYear = 10'000;

v1::Sex PostedSexOf(text::Sex sex) {
  if (sex == text::Sex::kMale) return v1::SEX_MALE;
  return sex == text::Sex::kFemale ? v1::SEX_FEMALE : v1::SEX_UNSPECIFIED;
}

std::string DateOf(int64_t number) {
  return absl::StrFormat("%04d-%02d-%02d", number / kDaysOfYear,
                         number / kDaysOfMonth % kDaysOfMonth, number % kDaysOfMonth);
}

v1::AgeRange AgesOf(const Suggestion& said) {
  v1::AgeRange ages;
  if (said.least.has_value()) ages.set_min_years(static_cast<int32_t>(*said.least));
  if (said.most.has_value()) ages.set_max_years(static_cast<int32_t>(*said.most));
  if (said.relaxable_to.has_value()) {
    ages.set_relaxable_to_years(static_cast<int32_t>(*said.relaxable_to));
  }
  ages.set_sex(PostedSexOf(said.sex));
  return ages;
}

v1::PayUnit PayUnitOf(text::PayUnit unit) {
  switch (unit) {
    case text::PayUnit::kHour:
      return v1::PAY_UNIT_HOUR;
    case text::PayUnit::kDay:
      return v1::PAY_UNIT_DAY;
    case text::PayUnit::kMonth:
      return v1::PAY_UNIT_MONTH;
    case text::PayUnit::kYear:
      return v1::PAY_UNIT_YEAR;
    case text::PayUnit::kPiece:
      return v1::PAY_UNIT_MEASURE;
    case text::PayUnit::kUnsaid:
      break;
  }
  return v1::PAY_UNIT_UNSPECIFIED;
}

v1::Pay PayOf(const Suggestion& said, absl::string_view words) {
  v1::Pay pay;
  if (said.least.has_value()) pay.set_min_yuan(static_cast<double>(*said.least) / kFenOfYuan);
  if (said.most.has_value()) pay.set_max_yuan(static_cast<double>(*said.most) / kFenOfYuan);
  pay.set_unit(PayUnitOf(said.unit));
  pay.set_measure(said.measure);
  pay.set_by_ability(said.by_ability);
  if (words.size() <= kMostPayBytes) pay.set_text(std::string(words));
  return pay;
}

// The suggestions of one notice.
class Description {
 public:
  Description(const Catalogue& catalogue, absl::string_view text)
      : catalogue_(catalogue), text_(text) {}

  void Add(const Suggestion& said) {
    said_ = &said;
    switch (said.field) {
      case NoticeField::kTrade:
      case NoticeField::kCertificate:
        return AddWork();
      case NoticeField::kOpenings:
      case NoticeField::kReserved:
        return AddOpenings();
      case NoticeField::kPay:
      case NoticeField::kMinimumWage:
        return AddPay();
      case NoticeField::kTerm:
      case NoticeField::kStartDate:
      case NoticeField::kEndDate:
        return AddTerm();
      case NoticeField::kMeals:
      case NoticeField::kLodging:
      case NoticeField::kSocialInsurance:
      case NoticeField::kAccidentInsurance:
        return AddBenefit();
      default:
        return AddCondition();
    }
  }

  std::vector<v1::NoticeSuggestion> Take() { return std::move(described_); }

 private:
  // A suggestion for `field`; the posting in which to set it.
  v1::Posting& New(const char* field) {
    v1::NoticeSuggestion& made = described_.emplace_back();
    made.set_field(field);
    made.set_confidence_percent(said_->confidence);
    made.set_contradicted(said_->contradicted);
    *made.mutable_span() = SpanOf(text_, said_->words);
    return *made.mutable_value();
  }

  int32_t number() const { return static_cast<int32_t>(said_->number); }

  void AddWork() {
    const auto index = static_cast<uint16_t>(said_->number);
    if (said_->field == NoticeField::kTrade) {
      New("trade_code").set_trade_code(catalogue_.trade(matcher::TradeId(index)).code());
    } else {
      New("required_certificates")
          .add_required_certificates(catalogue_.skill(matcher::SkillId(index)).name());
    }
  }

  void AddOpenings() {
    if (said_->field == NoticeField::kReserved) {
      v1::ReservedOpenings& reserved = *New("reserved").mutable_reserved();
      reserved.set_count(static_cast<int32_t>(*said_->least));
      reserved.set_group(static_cast<v1::Group>(said_->number));
    } else if (!said_->least.has_value()) {
      New("openings_text").set_openings_text(std::string(said_->words.In(text_)));
    } else {
      New("openings").set_openings(static_cast<int32_t>(*said_->least));
      if (said_->most == said_->least) return;
      New("max_openings").set_max_openings(static_cast<int32_t>(*said_->most));
    }
  }

  void AddPay() {
    v1::Pay& pay = *New("pay").mutable_pay();
    pay = PayOf(*said_, said_->words.In(text_));
    if (said_->field == NoticeField::kMinimumWage) pay.set_minimum_wage_percent(number());
  }

  void AddTerm() {
    if (said_->field == NoticeField::kTerm) {
      New("schedule.term_months").mutable_schedule()->set_term_months(number());
    } else if (said_->field == NoticeField::kStartDate) {
      New("schedule.start_date").mutable_schedule()->set_start_date(DateOf(said_->number));
    } else {
      New("schedule.end_date").mutable_schedule()->set_end_date(DateOf(said_->number));
    }
  }

  void AddBenefit() {
    if (said_->field == NoticeField::kMeals) {
      New("benefits.meals").mutable_benefits()->set_meals(true);
    } else if (said_->field == NoticeField::kLodging) {
      New("benefits.lodging").mutable_benefits()->set_lodging(true);
    } else if (said_->field == NoticeField::kSocialInsurance) {
      New("benefits.social_insurance").mutable_benefits()->set_social_insurance(true);
    } else {
      New("benefits.accident_insurance").mutable_benefits()->set_accident_insurance(true);
    }
  }

  void AddCondition() {
    if (said_->field == NoticeField::kAges) {
      *New("conditions.ages").mutable_conditions()->add_ages() = AgesOf(*said_);
    } else if (said_->field == NoticeField::kSexLimit) {
      New("conditions.sex_limit").mutable_conditions()->set_sex_limit(PostedSexOf(said_->sex));
    } else if (said_->field == NoticeField::kMinEducation) {
      New("conditions.min_education")
          .mutable_conditions()
          ->set_min_education(static_cast<v1::Education>(said_->number));
    } else if (said_->field == NoticeField::kHouseholdCap) {
      New("conditions.household_cap").mutable_conditions()->set_household_cap(number());
    } else if (said_->field == NoticeField::kPriority) {
      New("conditions.priority_order")
          .mutable_conditions()
          ->add_priority_order(static_cast<v1::Group>(said_->number));
    } else {
      New("conditions.eligible_groups")
          .mutable_conditions()
          ->add_eligible_groups()
          ->add_groups(static_cast<v1::Group>(said_->number));
    }
  }

  const Catalogue& catalogue_;
  const absl::string_view text_;
  const Suggestion* said_ = nullptr;  // At hand.
  std::vector<v1::NoticeSuggestion> described_;
};

}  // namespace

std::vector<v1::NoticeSuggestion> DescribeNotice(const Catalogue& catalogue, absl::string_view text,
                                                 const std::vector<Suggestion>& said) {
  Description description(catalogue, text);
  for (const Suggestion& each : said) description.Add(each);
  return description.Take();
}

bool SaysField(const v1::Posting& posting, absl::string_view path) {
  const google::protobuf::Message* message = &posting;
  const std::vector<std::string> steps = absl::StrSplit(path, '.');
  for (size_t i = 0; i < steps.size(); ++i) {
    const google::protobuf::Reflection* reflection = message->GetReflection();
    const google::protobuf::FieldDescriptor* field =
        message->GetDescriptor()->FindFieldByName(steps[i]);
    if (field->is_repeated()) return reflection->FieldSize(*message, field) > 0;
    if (!reflection->HasField(*message, field)) return false;
    if (i + 1 < steps.size()) message = &reflection->GetMessage(*message, field);
  }
  return true;
}

}  // namespace leye::app
