#include "services/leyectl/sample/people_skills.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

#include "services/leyectl/sample/world.h"

namespace leye::ctl::sample {
namespace {

struct Weighted {
  const CommonSkill* skill;
  int weight;
};

// A licence beside the trades.
struct CommonPaper {
  const char* id;
  int men_permille;
  int women_permille;
  int valid_years;
};

constexpr CommonPaper kPapers[] = {
    {"licence-driving-c1", 260, 70, 6},  {"licence-driving-b2", 35, 0, 6},
    {"licence-driving-e", 120, 15, 6},   {"licence-tractor-g", 45, 3, 6},
    {"cert-farmer-training", 30, 35, 0}, {"cert-mandarin", 6, 14, 0},
};

// Of 0 to 3 skills that a person has beside the bare hands.
constexpr int kSkillCounts[] = {260, 430, 230, 80};
// Of levels 0 to 5, among those who say one.
constexpr int kLevels[] = {180, 400, 240, 120, 45, 15};

std::vector<Weighted> WeightsFor(v1::Sex sex) {
  std::vector<Weighted> weights;
  for (const CommonSkill& skill : CommonSkills()) {
    weights.push_back({&skill, sex == v1::SEX_MALE ? skill.men : skill.women});
  }
  return weights;
}

void AddPaper(Dice& dice, absl::CivilDay date, const std::string& id, int valid_years,
              v1::Candidate& person) {
  for (const v1::HeldCertificate& held : person.certificates()) {
    if (held.skill() == id) return;
  }
  v1::HeldCertificate* paper = person.add_certificates();
  paper->set_skill(id);
  if (valid_years > 0) {
    const bool expired = dice.Chance(110);
    paper->set_expire_date(
        DateText(date, expired ? -dice.Between(1, 700) : dice.Between(60, valid_years * 365)));
  }
  paper->set_verified(dice.Chance(600));
}

void AddSkill(Dice& dice, absl::CivilDay date, const CommonSkill& skill, v1::Candidate& person) {
  const std::string name = absl::StrCat("skills/", skill.id);
  for (const v1::HeldSkill& held : person.skills()) {
    if (held.skill() == name) return;
  }
  v1::HeldSkill* held = person.add_skills();
  held->set_skill(name);
  if (skill.max_level > 0 && dice.Chance(650)) {
    held->set_level(std::min(PickIndex(dice, kLevels), skill.max_level));
  }
  held->set_verified(dice.Chance(300));
  const absl::string_view certificate = skill.certificate;
  const int with_paper = person.labour_class() == v1::LABOUR_CLASS_SKILLED ? 800 : 350;
  if (!certificate.empty() && dice.Chance(with_paper)) {
    AddPaper(dice, date, absl::StrCat("skills/", certificate), 6, person);
  }
}

void AddWish(absl::string_view trade, v1::Candidate& person) {
  auto& trades = *person.mutable_preferences()->mutable_trades();
  if (trade.empty() || trades.size() >= 3) return;
  if (std::find(trades.begin(), trades.end(), trade) == trades.end()) {
    trades.Add(std::string(trade));
  }
}

}  // namespace

const std::vector<CommonSkill>& CommonSkills() {
  static const auto& skills = *new std::vector<CommonSkill>{
      {"site-labour", "", 220, 25, 0, ""},
      {"bricklaying", "6-29-01-01", 70, 2, 5, ""},
      {"plastering", "6-29-04-01", 40, 3, 5, ""},
      {"tiling", "6-29-04-01", 35, 2, 5, ""},
      {"scaffolding", "6-29-01-05", 20, 0, 5, "cert-scaffold-work"},
      {"waterproofing", "6-29-02-08", 12, 0, 4, ""},
      {"road-building", "6-29-02-03", 30, 3, 4, ""},
      {"road-maintenance", "6-29-02-04", 30, 12, 3, ""},
      {"rural-building", "6-29-01-07", 35, 1, 4, ""},
      {"welding-arc", "6-18-02-04", 55, 2, 6, "cert-welding-thermal-cutting"},
      {"welding-co2", "6-18-02-04", 25, 1, 5, "cert-welding-thermal-cutting"},
      {"electrical-low-voltage", "6-31-01-03", 40, 2, 5, "cert-electrician-low-voltage"},
      {"electrical-installation", "6-29-03-02", 30, 0, 4, "cert-electrician-low-voltage"},
      {"photovoltaic-installation", "6-29-03-02", 15, 1, 3, "cert-electrician-low-voltage"},
      {"fitting-maintenance", "6-31-01-02", 15, 0, 5, ""},
      {"excavator", "6-30-05-05", 32, 0, 4, ""},
      {"loader", "6-30-05-05", 28, 0, 4, ""},
      {"forklift", "6-30-05-01", 22, 2, 4, "licence-forklift-n1"},
      {"driving-truck", "4-02-02-02", 50, 1, 3, "licence-driving-b2"},
      {"driving-car", "4-02-02-01", 70, 10, 3, "licence-driving-c1"},
      {"loading", "4-02-05-01", 60, 6, 0, ""},
      {"courier", "4-02-07-08", 25, 6, 3, ""},
      {"parcel-sorting", "4-02-07-09", 15, 18, 2, ""},
      {"security-guarding", "4-07-05-01", 75, 8, 3, "cert-security-guard"},
      {"landscaping", "4-09-10-01", 25, 25, 3, ""},
      {"forest-guarding", "5-02-03-01", 40, 8, 0, ""},
      {"tree-planting", "5-02-02-00", 45, 30, 3, ""},
      {"forest-firefighting", "3-02-03-06", 12, 1, 2, ""},
      {"cleaning", "4-09-08-01", 20, 120, 3, ""},
      {"street-cleaning", "4-09-08-01", 15, 50, 0, ""},
      {"sewing-lockstitch", "6-05-01-03", 8, 150, 5, ""},
      {"sewing-overlock", "6-05-01-03", 2, 60, 4, ""},
      {"garment-trimming", "6-05-01-03", 1, 40, 0, ""},
      {"garment-ironing", "6-05-01-04", 5, 20, 3, ""},
      {"leather-bags", "6-05-02-01", 10, 45, 4, ""},
      {"plush-toys", "6-09-05-00", 1, 35, 3, ""},
      {"hand-embroidery", "6-09-03-11", 0, 35, 4, ""},
      {"wool-knitting", "6-05-01-06", 0, 25, 4, ""},
      {"assembly-line", "6-25-04-07", 45, 60, 0, ""},
      {"electronics-soldering", "6-25-04-07", 8, 20, 3, ""},
      {"packing", "6-31-05-00", 20, 80, 0, ""},
      {"quality-inspection", "6-31-03-05", 8, 20, 3, ""},
      {"warehouse-keeping", "4-02-06-01", 15, 12, 3, ""},
      {"cooking-chinese", "4-03-02-01", 35, 40, 5, "cert-health"},
      {"pastry-chinese", "4-03-02-02", 8, 40, 4, "cert-health"},
      {"kitchen-help", "4-03-02-05", 10, 70, 0, "cert-health"},
      {"waiting-tables", "4-03-02-05", 8, 60, 3, "cert-health"},
      {"hotel-housekeeping", "4-03-01-02", 2, 45, 3, "cert-health"},
      {"housekeeping", "4-10-01-06", 4, 95, 4, "cert-housekeeping"},
      {"maternity-care", "4-10-01-06", 0, 30, 4, "cert-maternity-care"},
      {"infant-care", "4-10-01-01", 0, 35, 4, "cert-infant-care"},
      {"elder-care", "4-10-01-05", 6, 60, 4, "cert-elder-care"},
      {"hospital-care", "4-14-01-02", 4, 30, 3, "cert-hospital-care"},
      {"childcare-help", "4-10-01-03", 0, 18, 3, "cert-childcare"},
      {"mushroom-growing", "5-01-02-03", 30, 60, 4, ""},
      {"vegetable-growing", "5-01-02-02", 40, 60, 3, ""},
      {"greenhouse", "5-01-02-02", 30, 45, 3, ""},
      {"fruit-trees", "5-01-02-02", 25, 20, 3, ""},
      {"potato-growing", "5-01-02-01", 35, 30, 2, ""},
      {"herb-growing", "5-01-02-05", 20, 20, 3, ""},
      {"sheep-raising", "5-03-02-01", 45, 15, 3, ""},
      {"cattle-raising", "5-03-02-01", 30, 10, 3, ""},
      {"poultry-raising", "5-03-02-02", 12, 20, 3, ""},
      {"tractor-driving", "5-05-05-01", 35, 1, 3, "licence-tractor-g"},
      {"fruit-processing", "6-01-06-00", 5, 30, 2, "cert-health"},
      {"meat-processing", "6-01-04-01", 15, 12, 3, "cert-health"},
      {"shop-assistant", "4-01-02-03", 8, 60, 3, ""},
      {"cashier", "4-01-02-04", 1, 30, 0, ""},
      {"e-commerce", "4-01-06-01", 8, 14, 3, "cert-e-commerce"},
      {"livestreaming", "4-01-06-02", 4, 10, 2, ""},
      {"computer-basic", "", 20, 28, 0, "cert-computer"},
      {"smartphone-use", "", 40, 50, 0, ""},
      {"car-repair", "4-12-01-01", 18, 0, 5, ""},
      {"hairdressing", "4-10-03-02", 4, 16, 4, ""},
      {"community-work", "3-01-04-01", 8, 16, 0, ""},
  };
  return skills;
}

void AddSkills(Dice& dice, absl::CivilDay date, v1::Candidate& person) {
  const std::vector<Weighted> weights = WeightsFor(person.sex());
  const int extra = person.labour_class() == v1::LABOUR_CLASS_SKILLED ? 1 : 0;
  const int count = PickIndex(dice, kSkillCounts) + extra;
  for (int i = 0; i < count; ++i) {
    const CommonSkill& skill = *Pick(dice, weights).skill;
    AddSkill(dice, date, skill, person);
    if (dice.Chance(800)) AddWish(skill.trade, person);
  }
  if (dice.Chance(250)) AddWish(Pick(dice, weights).skill->trade, person);
  const bool man = person.sex() == v1::SEX_MALE;
  for (const CommonPaper& paper : kPapers) {
    if (dice.Chance(man ? paper.men_permille : paper.women_permille)) {
      AddPaper(dice, date, absl::StrCat("skills/", paper.id), paper.valid_years, person);
    }
  }
}

}  // namespace leye::ctl::sample
