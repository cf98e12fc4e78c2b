#include "services/leyectl/files/person_mapper.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "leye/v1/candidate.pb.h"
#include "leye/v1/household.pb.h"

namespace leye::ctl::files {
namespace {

constexpr absl::string_view kHouseholdPrefix = "@household.";
constexpr int kStaleAgeYears = 2;  // Ledgers' ages are those of some earlier year.
constexpr int kMaxWishes = 3;

constexpr Fault kNoBirthDate = {"REQUIRED", "give a birth date or an identity number",
                                "须填写出生日期或身份证号"};
constexpr Fault kBirthDiffers = {"CONTRADICTION", "is not the birth date in the identity number",
                                 "与身份证号中的出生日期不一致"};
constexpr Fault kSexDiffers = {"CONTRADICTION", "is not the sex in the identity number",
                               "与身份证号中的性别不一致"};
constexpr Fault kAgeDiffers = {"CONTRADICTION", "differs from the birth date by more than 2 years",
                               "与出生日期相差超过 2 岁"};
constexpr Fault kNoHousehold = {"REQUIRED", "give a household number (户号) or the head (户主)",
                                "须填写户号或户主"};
constexpr Fault kNoArea = {"REQUIRED", "give the settlement area (安置区)", "须填写安置区"};
constexpr Fault kNoIdentity = {"REQUIRED",
                               "to tell who it is give an identity number, a person's number "
                               "(人口编号), or name, birth date and household number",
                               "须填写身份证号、人口编号，或姓名、出生日期和户号"};
constexpr Fault kNoKey = {"ID_KEY_REQUIRED",
                          "an id must be made from personal data: give --id-key-file",
                          "须由个人信息生成标识：请用 --id-key-file 指定密钥文件"};

bool LooksLikeIdNumber(absl::string_view text) {
  return (text.size() == 15 || text.size() == 18) && ParseIdNumber(text).ok();
}

bool IsHead(absl::string_view relation) {
  const std::string bare = Bare(relation);
  return bare.empty() || bare == "户主" || bare == "本人" || bare == "本人或户主";
}

// The date of a FORMAT_DATE field, which has been read before.
Date DateIn(const std::string& text) {
  const Read<Date> date = ParseDate(text);
  return date.ok() ? *date : Date{};
}

class PersonMapper final : public RowMapper {
 public:
  PersonMapper(const Table& table, const Headers& headers, const MapperContext& context)
      : RowMapper(v1::Candidate::descriptor(), table, headers, "candidates", context) {}

  void Apply(const Phrase& phrase, const v1::NormalizedPhrase& read,
             MappedRow& mapped) const override {
    auto& person = static_cast<v1::Candidate&>(*mapped.record);
    if (phrase.use == Phrase::Use::kWish) return ApplyWish(read, person, mapped);
    bool found = false;
    for (const v1::SkillFound& skill : read.skills()) {
      found = true;
      if (skill.kind() == v1::SKILL_KIND_SKILL) {
        AddSkill(skill.skill(), skill.has_level() ? std::optional(skill.level()) : std::nullopt,
                 person);
      } else {
        AddCertificate(skill.skill(), person);
      }
    }
    for (const v1::TradeFound& trade : read.trades()) {
      const auto skill = context_.skill_of_trade.find(trade.code());
      if (skill == context_.skill_of_trade.end()) continue;
      found = true;
      AddSkill(skill->second, trade.has_level() ? std::optional(trade.level()) : std::nullopt,
               person);
    }
    if (!found && !read.no_trade_asked()) mapped.notes.emplace_back("@skills");
  }

 protected:
  void TakeCell(const std::string& field, const std::string& cell, MappedRow& mapped) override {
    RowMapper::TakeCell(field, cell, mapped);
    if (absl::StartsWith(field, kHouseholdPrefix)) household_cells_.emplace_back(field, cell);
  }

  void Finish(MappedRow& mapped) override {
    auto& person = static_cast<v1::Candidate&>(*mapped.record);
    if (!LooksLikeIdNumber(person.external_id().id())) CheckIdentity(person, mapped);
    TakeWork(person, mapped);
    if (person.household().empty()) TakeHousehold(person, mapped);
    household_cells_.clear();
    // A person's number that is the identity number is nothing to stand open in a record's name.
    if (LooksLikeIdNumber(person.external_id().id())) {
      if (person.id_number().empty()) {
        Set(&person, "id_number", person.external_id().id(), "external_id.id", mapped);
      }
      CheckIdentity(person, mapped);
      person.clear_external_id();
    }
    if (!person.name().empty()) {
      person.set_name(NameOf("candidates", person.name()));
    } else if (!person.external_id().id().empty()) {
      if (person.external_id().source().empty()) {
        person.mutable_external_id()->set_source(context_.source);
      }
    } else {
      MakeName(person, mapped);
    }
  }

 private:
  static void AddSkill(const std::string& skill, std::optional<int> level, v1::Candidate& person) {
    for (v1::HeldSkill& held : *person.mutable_skills()) {
      if (held.skill() != skill) continue;
      if (level.has_value() && (!held.has_level() || held.level() < *level)) held.set_level(*level);
      return;
    }
    v1::HeldSkill& held = *person.add_skills();
    held.set_skill(skill);
    if (level.has_value()) held.set_level(*level);
  }

  static void AddCertificate(const std::string& skill, v1::Candidate& person) {
    for (const v1::HeldCertificate& held : person.certificates()) {
      if (held.skill() == skill) return;
    }
    person.add_certificates()->set_skill(skill);
  }

  static void ApplyWish(const v1::NormalizedPhrase& read, v1::Candidate& person,
                        MappedRow& mapped) {
    for (const v1::TradeFound& trade : read.trades()) {
      if (person.preferences().trades_size() >= kMaxWishes) break;
      person.mutable_preferences()->add_trades(trade.code());
    }
    if (read.trades().empty() && !read.no_trade_asked()) mapped.notes.emplace_back("@wish");
  }

  // The identity number says birth date and sex; the columns must agree.
  void CheckIdentity(v1::Candidate& person, MappedRow& mapped) const {
    if (!person.id_number().empty()) {
      const Identity identity = *ParseIdNumber(person.id_number());
      // A month alone is written as its first day: then the number knows better.
      if (!person.birth_date().empty()) {
        Date said = DateIn(person.birth_date());
        if (said.day == 1) said.day = 0;
        if (!said.Agrees(identity.birth)) Wrong(mapped, "birth_date", kBirthDiffers);
      }
      if (person.sex() != v1::SEX_UNSPECIFIED && person.sex() != identity.sex) {
        Wrong(mapped, "sex", kSexDiffers);
      }
      person.set_birth_date(identity.birth.ToString());
      person.set_sex(identity.sex);
    }
    if (person.birth_date().empty()) {
      const bool failed = std::any_of(
          mapped.problems.begin(), mapped.problems.end(), [](const v1::ImportProblem& problem) {
            return problem.field() == "id_number" || problem.field() == "birth_date";
          });
      if (!failed) Wrong(mapped, "birth_date", kNoBirthDate);
      return;
    }
    CheckAge(person, mapped);
  }

  void CheckAge(const v1::Candidate& person, MappedRow& mapped) const {
    if (Cell("@age").empty()) return;
    const Read<int64_t> age = ParseWhole(Cell("@age"));
    if (!age.ok()) return Wrong(mapped, "@age", age.fault());
    const Date birth = DateIn(person.birth_date());
    int64_t years = context_.today.year() - birth.year;
    if (absl::CivilDay(context_.today.year(), birth.month, birth.day) > context_.today) --years;
    if (std::abs(years - *age) > kStaleAgeYears) Wrong(mapped, "@age", kAgeDiffers);
  }

  void TakeWork(v1::Candidate& person, MappedRow& mapped) const {
    const std::string& employed = Cell("@employed");
    if (!employed.empty()) Set(&person, "employment.state", employed, "@employed", mapped);
    if (!SaysNothing(Cell("@skills"))) {
      mapped.phrases.push_back({.use = Phrase::Use::kSkills, .text = Cell("@skills")});
    }
    const std::string& wish = Cell("@wish");
    if (wish.empty()) return;
    const Read<bool> yes = ParseYesNo(wish);
    const std::string bare = Bare(wish);
    const bool no = (yes.ok() && !*yes) || absl::StartsWith(bare, "不") ||
                    absl::StartsWith(bare, "暂不") || absl::StartsWith(bare, "暂无") ||
                    absl::StartsWith(bare, "无");
    if (no) return;
    person.mutable_preferences()->set_willing(true);
    if (!yes.ok()) mapped.phrases.push_back({.use = Phrase::Use::kWish, .text = wish});
  }

  bool SaysNoHousehold() const {
    return Cell("@household_number").empty() && Cell("@head_name").empty() &&
           Cell("@head_id").empty();
  }

  void TakeHousehold(v1::Candidate& person, MappedRow& mapped) {
    if (SaysNoHousehold() && !above_.empty() && !IsHead(person.relation_to_head())) {
      person.set_household(above_);
      household_number_ = above_number_;
      return;  // The row above has sent it.
    }
    above_.clear();
    household_number_ = Cell("@household_number");
    v1::Household household;
    if (SaysNoHousehold()) return Wrong(mapped, "@household_number", kNoHousehold);
    if (!TakeArea(household, mapped)) return;
    for (const auto& [field, cell] : household_cells_) {
      Set(&household, absl::StripPrefix(field, kHouseholdPrefix), cell, field, mapped);
    }
    NameHousehold(household, mapped);
    if (household.name().empty()) return;
    person.set_household(household.name());
    above_ = household.name();
    above_number_ = household_number_;
    mapped.owner_name = household.name();
    mapped.owner = std::make_unique<v1::Household>(std::move(household));
  }

  bool TakeArea(v1::Household& household, MappedRow& mapped) const {
    const std::string& area = Cell("@area");
    if (area.empty()) {
      Wrong(mapped, "@area", kNoArea);
      return false;
    }
    if (!context_.areas_known) {
      household.set_settlement_area(area);
      return true;
    }
    const Read<std::string> found = context_.areas.Find(area);
    if (!found.ok()) {
      Wrong(mapped, "@area", found.fault());
      return false;
    }
    household.set_settlement_area(*found);
    return true;
  }

  void NameHousehold(v1::Household& household, MappedRow& mapped) const {
    const std::string number = absl::AsciiStrToUpper(Bare(Cell("@household_number")));
    if (!number.empty() && !LooksLikeIdNumber(number)) {
      household.mutable_external_id()->set_source(context_.source);
      household.mutable_external_id()->set_id(Tidy(Cell("@household_number")));
      household.set_name(NameOf("households", Identifiers::Public("h", {context_.source, number})));
      return;
    }
    if (!context_.identifiers.has_key()) return Wrong(mapped, "@household_number", kNoKey);
    std::vector<std::string> parts = {context_.source, number};
    if (number.empty() && !Cell("@head_id").empty()) {
      const Read<Identity> head = ParseIdNumber(Cell("@head_id"));
      if (!head.ok()) return Wrong(mapped, "@head_id", head.fault());
      parts[1] = head->number;
    } else if (number.empty()) {
      parts = {context_.source, Bare(Cell("@head_name")), household.settlement_area(),
               Bare(household.address())};
    }
    household.set_name(NameOf("households", context_.identifiers.Personal("h", parts)));
  }

  void MakeName(v1::Candidate& person, MappedRow& mapped) const {
    if (!mapped.problems.empty()) return;  // Rejected in any case.
    std::vector<std::string> parts = {context_.source, person.id_number()};
    if (person.id_number().empty()) {
      if (person.full_name().empty() || household_number_.empty()) {
        return Wrong(mapped, "id_number", kNoIdentity);
      }
      parts = {context_.source, Bare(household_number_), Bare(person.full_name()),
               person.birth_date()};
    }
    if (!context_.identifiers.has_key()) return Wrong(mapped, "id_number", kNoKey);
    person.set_name(NameOf("candidates", context_.identifiers.Personal("p", parts)));
  }

  std::vector<std::pair<std::string, std::string>> household_cells_;  // Field and cell.
  std::string household_number_;                                      // Of this row.
  std::string above_;                                                 // Household of the row above.
  std::string above_number_;
};

}  // namespace

std::unique_ptr<RowMapper> NewPersonMapper(const Table& table, const Headers& headers,
                                           const MapperContext& context) {
  return std::make_unique<PersonMapper>(table, headers, context);
}

}  // namespace leye::ctl::files
