// The closed lists that describe people and postings. Numbers are stable inside one process only;
// stored records and the API have their own enums, converted at the edge.
#ifndef LEYE_MATCHER_VOCABULARY_H_
#define LEYE_MATCHER_VOCABULARY_H_

#include <cstdint>

#include "matcher/enum_set.h"

namespace leye::matcher {

enum class Sex : uint8_t { kUnknown, kFemale, kMale };

// 文化程度. Comparable: a higher enumerator is more schooling.
enum class Education : uint8_t {
  kNone,             // 文盲或半文盲
  kPrimary,          // 小学
  kJuniorSecondary,  // 初中
  kSeniorSecondary,  // 高中, 中专, 中职, 技校
  kCollege,          // 大专, 高职
  kUniversity,       // 本科 and above
  kCount,
};

// 劳动技能 of the household ledger.
enum class LabourClass : uint8_t {
  kUnknown,
  kSkilled,     // 技能劳动力
  kOrdinary,    // 普通劳动力
  kWeakOrHalf,  // 弱劳动力或半劳动力
  kLost,        // 丧失劳动力
  kNone,        // 无劳动力
  kCount,
};

// 残疾类别.
enum class DisabilityKind : uint8_t {
  kNone,
  kVisual,
  kHearing,
  kSpeech,
  kPhysical,
  kIntellectual,
  kMental,
  kMultiple,
  kCount,
};
using DisabilitySet = EnumSet<DisabilityKind>;

// What somebody may belong to: for eligibility, exclusion and priority. The first block is recorded
// of the person, the second of the household, the third follows from other facts and is never
// recorded (see StandingGroups in profile.h and EffectiveGroups in fit.h).
enum class Group : uint8_t {
  kRelocated,        // 易地搬迁
  kHardToEmploy,     // 就业困难人员
  kVeteran,          // 退役军人
  kGraduate,         // 高校毕业生
  kReturnedMigrant,  // 返乡人员
  kLandless,         // 失地农民
  kReintegration,    // 刑满释放, 戒毒康复
  kSingleParent,     // 单亲抚养未成年人

  kLiftedFromPoverty,     // 脱贫人口
  kMonitored,             // 监测对象
  kMonitoredAtRisk,       // 监测对象, the risk not yet removed
  kSubsistenceAllowance,  // 低保

  kZeroEmploymentHousehold,  // 零就业家庭
  kWeakLabour,               // 弱劳动力或半劳动力
  kDisabled,                 // 残疾人
  kSeverelyDisabled,         // 重度残疾人, grade 1 or 2
  kRegisteredUnemployed,     // 登记失业人员
  kStudent,                  // 在校生
  kOlderWorker,              // 大龄: by age and sex, on the day asked about
  kCount,
};
using GroupSet = EnumSet<Group>;

// What bars a household's members from a programme when the posting says so.
enum class HouseholdExclusion : uint8_t {
  kPublicPayroll,        // 财政供养人员
  kVillageCadre,         // 村干部家属
  kRegisteredBusiness,   // 工商登记
  kOwnsCar,              // 家用轿车
  kOwnsCommercialHouse,  // 商品房
  kCount,
};
using HouseholdExclusionSet = EnumSet<HouseholdExclusion>;

enum class EmploymentState : uint8_t {
  kUnemployed,
  kEmployed,
  kSelfEmployed,
  kStudent,
  kNotInLabourForce,
};

enum class Channel : uint8_t { kEnterprise, kPublicWelfare, kWorkForRelief, kCount };

// 公益性岗位类型.
enum class PublicWelfareKind : uint8_t {
  kNone,
  kForestGuard,       // 生态护林员
  kRoadMaintenance,   // 乡村道路维护
  kCleaning,          // 保洁
  kWaterManagement,   // 水利管护, 河湖巡查
  kCare,              // 养老托幼助残
  kSecurity,          // 治安巡逻
  kCommunityService,  // 社区协管
  kOther,
  kCount,
};

// Whose list of eligible people a public-welfare post follows.
enum class PublicWelfareScheme : uint8_t { kRural, kUrban };

enum class Shift : uint8_t { kDay, kEvening, kNight, kWeekend, kCount };
using ShiftSet = EnumSet<Shift>;

enum class WorkForm : uint8_t { kFullTime, kPartTime, kHourly, kSeasonal, kHomeBased, kCount };
using WorkFormSet = EnumSet<WorkForm>;

enum class Hazard : uint8_t { kHazardous, kToxic, kMine, kHighPlace, kCount };
using HazardSet = EnumSet<Hazard>;

enum class TravelMode : uint8_t { kFoot, kElectricBike, kBus, kCar, kCoach, kCount };
using TravelModeSet = EnumSet<TravelMode>;

// Physical labour intensity after GBZ 2.2, grades 1..4; 0 = not said.
inline constexpr int kMaxLabourIntensity = 4;

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_VOCABULARY_H_
