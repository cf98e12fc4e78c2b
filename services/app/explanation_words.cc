#include "services/app/explanation_words.h"

#include <array>

namespace leye::app {
namespace {

// A table of the words of `E`, in the order of its enumerators.
template <typename E>
using WordTable = std::array<Words, static_cast<size_t>(E::kCount)>;

// A number that is no enumerator has no word.
template <typename E>
Words Lookup(const WordTable<E>& table, E value) {
  const auto index = static_cast<size_t>(value);
  return index < table.size() ? table[index] : Words();
}

constexpr WordTable<matcher::Education> kEducation = {{
    {"未上学", "no schooling"},
    {"小学", "primary school"},
    {"初中", "junior secondary school"},
    {"高中（含中专、技校）", "senior secondary or vocational school"},
    {"大专", "college"},
    {"本科及以上", "university"},
}};

constexpr WordTable<matcher::LabourClass> kLabourClass = {{
    {"未说明", "not said"},
    {"技能劳动力", "skilled labour"},
    {"普通劳动力", "common labour"},
    {"弱劳动力或半劳动力", "weak or half labour"},
    {"丧失劳动力", "no longer able to work"},
    {"无劳动力", "not of working ability"},
}};

constexpr WordTable<matcher::DisabilityKind> kDisability = {{
    {"无残疾", "no disability"},
    {"视力残疾", "a visual disability"},
    {"听力残疾", "a hearing disability"},
    {"言语残疾", "a speech disability"},
    {"肢体残疾", "a physical disability"},
    {"智力残疾", "an intellectual disability"},
    {"精神残疾", "a mental disability"},
    {"多重残疾", "multiple disabilities"},
}};

constexpr WordTable<matcher::Group> kGroup = {{
    {"易地搬迁人口", "relocated people"},
    {"就业困难人员", "people with difficulty in finding work"},
    {"退役军人", "veterans"},
    {"高校毕业生", "graduates"},
    {"返乡人员", "returned migrants"},
    {"失地农民", "farmers who lost land"},
    {"刑满释放或戒毒康复人员", "people in reintegration"},
    {"单亲抚养未成年人者", "single parents"},
    {"脱贫人口", "people lifted out of poverty"},
    {"监测对象", "monitored households"},
    {"风险未消除的监测对象", "monitored households at risk"},
    {"低保对象", "recipients of subsistence allowance"},
    {"零就业家庭", "zero-employment households"},
    {"弱劳动力或半劳动力", "weak or half labour"},
    {"残疾人", "disabled people"},
    {"重度残疾人", "severely disabled people"},
    {"登记失业人员", "registered unemployed"},
    {"在校生", "students"},
    {"大龄劳动者", "older workers"},
}};

constexpr WordTable<matcher::HouseholdExclusion> kExclusion = {{
    {"有财政供养人员", "a member on the public payroll"},
    {"村干部家属", "family of a village cadre"},
    {"有工商登记", "a registered business"},
    {"有家用轿车", "a car"},
    {"有商品房", "commercial housing"},
}};

constexpr WordTable<matcher::Channel> kChannel = {{
    {"企业用工", "enterprise job"},
    {"公益性岗位", "public-welfare post"},
    {"以工代赈", "work for relief"},
}};

constexpr WordTable<matcher::TravelMode> kTravelMode = {{
    {"步行", "on foot"},
    {"骑电动车", "by electric bicycle"},
    {"乘公交", "by bus"},
    {"驾车", "by car"},
    {"乘专车", "by arranged coach"},
}};

constexpr WordTable<matcher::PublicWelfareKind> kPublicWelfareKind = {{
    {"公益性岗位", "public-welfare post"},
    {"生态护林员", "forest guard"},
    {"乡村道路维护", "road upkeep"},
    {"保洁", "cleaning"},
    {"水利管护", "water management"},
    {"养老托幼助残", "care"},
    {"治安巡逻", "security patrol"},
    {"社区协管", "community service"},
    {"其他公益性岗位", "other public-welfare post"},
}};

constexpr WordTable<matcher::Shift> kShift = {{
    {"白班", "day shift"},
    {"晚班", "evening shift"},
    {"夜班", "night shift"},
    {"周末班", "weekend shift"},
}};

constexpr WordTable<matcher::WorkForm> kWorkForm = {{
    {"全日制", "full time"},
    {"非全日制", "part time"},
    {"小时工或日结", "by the hour or day"},
    {"季节性", "seasonal"},
    {"居家加工", "home-based"},
}};

constexpr WordTable<matcher::Hazard> kHazard = {{
    {"危险作业", "dangerous work"},
    {"有毒有害作业", "toxic substances"},
    {"矿山井下作业", "underground mining"},
    {"高处作业", "work at height"},
}};

constexpr WordTable<matcher::RuleId> kRule = {{
    {"岗位可报", "open"},
    {"求职状态", "seeking work"},
    {"最低就业年龄", "minimum age"},
    {"未成年工保护", "protection of minors"},
    {"岗位年龄", "age range"},
    {"退休年龄", "retirement age"},
    {"特种作业证", "special-operation certificate"},
    {"技能要求", "required skills"},
    {"学历要求", "education"},
    {"证照要求", "licences and certificates"},
    {"距离", "reach"},
    {"时间", "time"},
    {"健康与强度", "health"},
    {"对象范围", "eligible groups"},
    {"每户人数上限", "household cap"},
    {"公益岗对象", "whom public-welfare posts are for"},
    {"公益岗期限", "term of public-welfare posts"},
    {"公益岗一人一岗", "one public-welfare post a person"},
    {"工作经验", "experience"},
    {"户籍", "residence"},
    {"失业登记", "unemployment registration"},
    {"劳动保护", "protective law"},
    {"推荐记录", "earlier refusal"},
    {"拒绝自动排序", "no ranking by a machine"},
}};

constexpr WordTable<matcher::Criterion> kCriterion = {{
    {"技能", "skills"},
    {"距离", "proximity"},
    {"优先次序", "priority"},
    {"工资", "wage"},
    {"意愿", "wish"},
    {"待业时间", "waiting"},
    {"就业渠道", "channel"},
}};

}  // namespace

Language LanguageOf(absl::string_view code) {
  return code == "en" ? Language::kEnglish : Language::kChinese;
}

Words WordsOf(matcher::Education value) { return Lookup(kEducation, value); }
Words WordsOf(matcher::LabourClass value) { return Lookup(kLabourClass, value); }
Words WordsOf(matcher::DisabilityKind value) { return Lookup(kDisability, value); }
Words WordsOf(matcher::Group value) { return Lookup(kGroup, value); }
Words WordsOf(matcher::HouseholdExclusion value) { return Lookup(kExclusion, value); }
Words WordsOf(matcher::Channel value) { return Lookup(kChannel, value); }
Words WordsOf(matcher::PublicWelfareKind value) { return Lookup(kPublicWelfareKind, value); }
Words WordsOf(matcher::Shift value) { return Lookup(kShift, value); }
Words WordsOf(matcher::WorkForm value) { return Lookup(kWorkForm, value); }
Words WordsOf(matcher::Hazard value) { return Lookup(kHazard, value); }
Words WordsOf(matcher::TravelMode value) { return Lookup(kTravelMode, value); }
Words WordsOf(matcher::RuleId value) { return Lookup(kRule, value); }
Words WordsOf(matcher::Criterion value) { return Lookup(kCriterion, value); }

}  // namespace leye::app
