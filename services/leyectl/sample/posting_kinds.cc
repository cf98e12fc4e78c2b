#include "services/leyectl/sample/posting_kinds.h"

namespace leye::ctl::sample {
namespace {

constexpr auto kLight = v1::LABOUR_INTENSITY_LIGHT;
constexpr auto kMedium = v1::LABOUR_INTENSITY_MEDIUM;
constexpr auto kHeavy = v1::LABOUR_INTENSITY_HEAVY;
constexpr auto kMonth = v1::PAY_UNIT_MONTH;
constexpr auto kDay = v1::PAY_UNIT_DAY;
constexpr auto kHour = v1::PAY_UNIT_HOUR;
constexpr auto kPiece = v1::PAY_UNIT_MEASURE;
constexpr auto kSafe = v1::HAZARD_UNSPECIFIED;
constexpr auto kDanger = v1::HAZARD_DANGEROUS;
constexpr auto kToxic = v1::HAZARD_TOXIC;
constexpr auto kHigh = v1::HAZARD_HIGH_PLACE;

}  // namespace

// clang-format off
const std::vector<JobKind>& JobKinds() {
  static const auto& kinds = *new std::vector<JobKind>{
      {90, "缝纫工", "6-05-01-03", "sewing-lockstitch", -1, false, "", "garment", "服装", Setting::kWorkshop, kLight, 2200, 4200, kPiece, "件", kSafe, "负责服装平缝、包缝等工序"},
      {35, "剪线工", "6-05-01-03", "garment-trimming", -1, false, "", "garment", "服装", Setting::kWorkshop, kLight, 1800, 2800, kPiece, "件", kSafe, "负责成衣剪线头、检验、包装"},
      {35, "箱包缝制工", "6-05-02-01", "leather-bags", -1, false, "", "bags", "箱包", Setting::kWorkshop, kLight, 2400, 4500, kPiece, "个", kSafe, "负责箱包裁片缝制与装配"},
      {30, "毛绒玩具手工", "6-09-05-00", "plush-toys", -1, false, "", "toys", "玩具", Setting::kHome, kLight, 1200, 2200, kPiece, "件", kSafe, "领料回家缝口、充棉，按件验收"},
      {20, "手工毛线编织", "6-05-01-06", "wool-knitting", -1, false, "", "knitting", "针织", Setting::kHome, kLight, 1200, 2400, kPiece, "件", kSafe, "领料在家编织，计件结算"},
      {35, "流水线普工", "", "assembly-line", -1, false, "", "electronics", "电子", Setting::kWorkshop, kLight, 2300, 3300, kMonth, "", kSafe, "负责线束插接、装配与检验"},
      {30, "食用菌采摘工", "5-01-02-03", "mushroom-growing", -1, false, "", "mushroom", "食用菌", Setting::kWorkshop, kMedium, 90, 130, kDay, "", kSafe, "负责菌棒上架、采菇、分级"},
      {25, "大棚管理员", "5-01-02-02", "greenhouse", -1, false, "", "vegetables", "蔬菜", Setting::kWorkshop, kMedium, 2600, 3600, kMonth, "", kSafe, "负责温室育苗、整枝、采收"},
      {20, "杏扁加工工", "6-01-06-00", "fruit-processing", -1, false, "cert-health", "nuts", "果品", Setting::kNear, kLight, 2200, 3200, kMonth, "", kSafe, "负责果仁分拣、烘烤、装袋"},
      {30, "包装工", "6-31-05-00", "packing", -1, false, "", "food", "食品", Setting::kNear, kMedium, 2500, 3600, kMonth, "", kSafe, "负责产品装箱、封口、码垛"},
      {25, "屠宰分割工", "6-01-04-01", "meat-processing", -1, false, "cert-health", "meat", "肉类", Setting::kNear, kHeavy, 3500, 5500, kMonth, "", kSafe, "负责牛羊肉分割、修整、装盘"},
      {30, "电焊工", "6-18-02-04", "welding-arc", 2, true, "cert-welding-thermal-cutting", "machinery", "机械", Setting::kNear, kHeavy, 5000, 8000, kMonth, "", kDanger, "负责钢结构件焊接与打磨"},
      {20, "二保焊工", "6-18-02-04", "welding-co2", 1, true, "cert-welding-thermal-cutting", "auto-parts", "汽车零部件", Setting::kFar, kHeavy, 6500, 9500, kMonth, "", kDanger, "负责车架二保焊接"},
      {20, "维修电工", "6-31-01-03", "electrical-low-voltage", 2, true, "cert-electrician-low-voltage", "machinery", "机械", Setting::kNear, kMedium, 4500, 6800, kMonth, "", kDanger, "负责厂区设备电气维修"},
      {15, "叉车工", "6-30-05-01", "forklift", -1, true, "licence-forklift-n1", "logistics", "物流", Setting::kNear, kMedium, 4200, 6000, kMonth, "", kDanger, "负责货物装卸、转运、上架"},
      {20, "货车司机", "4-02-02-02", "driving-truck", -1, true, "licence-driving-b2", "logistics", "物流", Setting::kNear, kMedium, 5000, 8000, kMonth, "", kSafe, "负责市内及周边配送"},
      {20, "快递员", "4-02-07-08", "courier", -1, false, "licence-driving-e", "express", "快递", Setting::kNear, kMedium, 4000, 7000, kPiece, "件", kSafe, "负责片区收件派件"},
      {15, "分拣员", "4-02-07-09", "parcel-sorting", -1, false, "", "express", "快递", Setting::kNear, kMedium, 18, 22, kHour, "", kSafe, "负责快件分拣、扫描、装车，夜班为主"},
      {25, "保安员", "4-07-05-01", "security-guarding", -1, false, "cert-security-guard", "property", "物业", Setting::kNear, kLight, 2200, 3200, kMonth, "", kSafe, "负责门岗值守与巡逻"},
      {25, "保洁员", "4-09-08-01", "cleaning", -1, false, "", "property", "物业", Setting::kNear, kLight, 1900, 2600, kMonth, "", kSafe, "负责楼道与公共区域保洁"},
      {20, "绿化工", "4-09-10-01", "landscaping", -1, false, "", "garden", "园林", Setting::kNear, kMedium, 110, 150, kDay, "", kSafe, "负责苗木栽植、浇水、修剪"},
      {25, "餐厅服务员", "4-03-02-05", "waiting-tables", -1, false, "cert-health", "catering", "餐饮", Setting::kNear, kLight, 2600, 3800, kMonth, "", kSafe, "负责点菜、上菜、收台"},
      {20, "后厨帮工", "4-03-02-05", "kitchen-help", -1, false, "cert-health", "catering", "餐饮", Setting::kNear, kMedium, 2600, 3500, kMonth, "", kSafe, "负责洗菜、切配、洗碗"},
      {15, "炒菜厨师", "4-03-02-01", "cooking-chinese", 2, true, "cert-health", "catering", "餐饮", Setting::kNear, kMedium, 4500, 7000, kMonth, "", kSafe, "负责热菜制作"},
      {20, "客房服务员", "4-03-01-02", "hotel-housekeeping", -1, false, "cert-health", "hotel", "酒店", Setting::kNear, kLight, 2500, 3500, kMonth, "", kSafe, "负责客房清扫与布草更换"},
      {15, "超市理货员", "4-01-02-03", "shop-assistant", -1, false, "", "retail", "商贸", Setting::kNear, kLight, 2300, 3000, kMonth, "", kSafe, "负责上货、补货、导购"},
      {20, "养老护理员", "4-10-01-05", "elder-care", 1, false, "cert-elder-care", "care", "养老服务", Setting::kNear, kMedium, 3000, 4500, kMonth, "", kSafe, "负责老人起居照料"},
      {25, "家政保姆", "4-10-01-06", "housekeeping", -1, true, "", "domestic", "家政", Setting::kFar, kLight, 4500, 7500, kMonth, "", kSafe, "负责做饭、保洁、照看老人"},
      {15, "月嫂", "4-10-01-06", "maternity-care", 2, true, "cert-maternity-care", "domestic", "家政", Setting::kFar, kLight, 7000, 12000, kMonth, "", kSafe, "负责产妇与新生儿护理"},
      {50, "电子厂普工", "", "assembly-line", -1, false, "", "electronics", "电子科技", Setting::kFar, kLight, 5000, 7000, kMonth, "", kSafe, "负责手机零部件组装、贴标、检测，两班倒"},
      {30, "汽车厂操作工", "6-22-02-01", "automobile-assembly", -1, false, "", "auto", "汽车", Setting::kFar, kMedium, 6000, 8500, kMonth, "", kDanger, "负责总装线装配"},
      {20, "注塑机操作工", "6-14-02-00", "injection-moulding", -1, false, "", "plastics", "塑业", Setting::kFar, kMedium, 5000, 7000, kMonth, "", kToxic, "负责注塑机开机、取件、修边"},
      {20, "物流分拣工", "4-02-07-09", "parcel-sorting", -1, false, "", "logistics", "物流", Setting::kFar, kHeavy, 6000, 8000, kMonth, "", kSafe, "负责包裹分拣、装卸"},
      {20, "建筑瓦工", "6-29-01-01", "bricklaying", 1, true, "", "building", "建筑劳务", Setting::kFar, kHeavy, 260, 360, kDay, "", kDanger, "负责砌墙、勾缝"},
      {15, "架子工", "6-29-01-05", "scaffolding", -1, true, "cert-scaffold-work", "building", "建筑劳务", Setting::kFar, kHeavy, 300, 420, kDay, "", kHigh, "负责脚手架搭拆"},
      {15, "挖掘机司机", "6-30-05-05", "excavator", 1, true, "", "building", "建筑工程", Setting::kNear, kMedium, 7000, 9000, kMonth, "", kDanger, "负责土方开挖、装车"},
      {20, "养羊工", "5-03-02-01", "sheep-raising", -1, false, "", "sheep", "养殖", Setting::kNear, kMedium, 3500, 5000, kMonth, "", kSafe, "负责喂养、清圈、接羔"},
      {15, "光伏安装工", "6-29-03-02", "photovoltaic-installation", -1, false, "cert-electrician-low-voltage", "energy", "新能源", Setting::kNear, kHeavy, 220, 320, kDay, "", kHigh, "负责支架、组件安装"},
      {12, "电商客服", "4-01-06-01", "e-commerce", -1, false, "", "trade", "电子商务", Setting::kNear, kLight, 2500, 4000, kMonth, "", kSafe, "负责线上接单、打包、售后"},
      {12, "杂工", "", "", -1, false, "", "building", "建筑工程", Setting::kNear, kHeavy, 130, 180, kDay, "", kDanger, "负责工地清理、搬运"},
      {10, "小时工", "", "cleaning", -1, false, "", "domestic", "家政", Setting::kNear, kLight, 18, 30, kHour, "", kSafe, "负责入户保洁，时间灵活"},
      {8, "洗碗工", "", "kitchen-help", -1, false, "cert-health", "catering", "餐饮", Setting::kNear, kLight, 2200, 2800, kMonth, "", kSafe, "负责餐具清洗消毒"},
  };
  return kinds;
}

const std::vector<WelfareKind>& WelfareKinds() {
  static const auto& kinds = *new std::vector<WelfareKind>{
      {45, v1::PUBLIC_WELFARE_KIND_FOREST_GUARD, "生态护林员", "forest-guarding", "5-02-03-01", false, kMedium, 600, 1000, 1, "林业和草原局", "巡山护林，发现火情、盗伐及时报告"},
      {45, v1::PUBLIC_WELFARE_KIND_CLEANING, "村庄保洁员", "cleaning", "4-09-08-01", false, kLight, 300, 800, 0, "农业农村局", "负责村内街道清扫、垃圾收集"},
      {25, v1::PUBLIC_WELFARE_KIND_ROAD_MAINTENANCE, "乡村道路养护员", "road-maintenance", "6-29-02-04", false, kMedium, 500, 1000, 0, "交通运输局", "负责路面清扫、边沟清理、小修"},
      {15, v1::PUBLIC_WELFARE_KIND_WATER_MANAGEMENT, "河道巡查员", "river-guarding", "4-09-01-01", false, kLight, 300, 600, 0, "水务局", "负责河道巡查与漂浮物清理"},
      {15, v1::PUBLIC_WELFARE_KIND_CARE, "互助照料员", "elder-care", "4-10-01-05", false, kLight, 500, 900, 0, "民政局", "负责留守老人、残疾人日常照料"},
      {12, v1::PUBLIC_WELFARE_KIND_SECURITY, "治安巡逻员", "security-guarding", "4-07-05-01", false, kLight, 400, 800, 0, "公安局", "负责夜间巡逻与秩序维护"},
      {20, v1::PUBLIC_WELFARE_KIND_COMMUNITY_SERVICE, "社区协管员", "community-work", "3-01-04-01", true, kLight, 1800, 2200, 0, "人力资源和社会保障局", "协助社区办理就业登记、走访搬迁户"},
      {20, v1::PUBLIC_WELFARE_KIND_CLEANING, "社区保洁员", "cleaning", "4-09-08-01", true, kLight, 1800, 2200, 0, "人力资源和社会保障局", "负责安置区楼道与广场保洁"},
      {12, v1::PUBLIC_WELFARE_KIND_SECURITY, "社区门卫", "security-guarding", "4-07-05-01", true, kLight, 1800, 2200, 0, "人力资源和社会保障局", "负责小区门岗值守、车辆登记"},
      {6, v1::PUBLIC_WELFARE_KIND_OTHER, "食堂帮工", "kitchen-help", "4-03-02-05", true, kLight, 1800, 2000, 0, "民政局", "在社区老年食堂帮厨"},
  };
  return kinds;
}

const std::vector<ReliefKind>& ReliefKinds() {
  static const auto& kinds = *new std::vector<ReliefKind>{
      {35, "通村道路硬化工程", "筑路小工", "road-building", "", "", kHeavy, 120, 180, kDanger, "负责路基清理、支模、摊铺、养护"},
      {25, "安置区配套管网工程", "管沟开挖工", "site-labour", "", "", kHeavy, 120, 170, kDanger, "负责人工开挖、回填、清运"},
      {25, "高标准农田建设项目", "渠道砌筑工", "stone-masonry", "6-29-01-02", "", kHeavy, 140, 260, kSafe, "负责渠道衬砌、田埂修整"},
      {25, "小流域综合治理工程", "护坡砌石工", "bricklaying", "6-29-01-01", "", kHeavy, 150, 280, kSafe, "负责护坡砌石、勾缝"},
      {25, "荒山造林绿化工程", "植树工", "tree-planting", "5-02-02-00", "", kMedium, 110, 150, kSafe, "负责挖坑、栽植、浇水"},
      {20, "产业园基础设施项目", "钢筋工", "site-labour", "", "", kHeavy, 150, 300, kDanger, "负责钢筋绑扎、搬运"},
      {15, "乡村旅游步道工程", "石板铺装工", "stone-masonry", "6-29-01-02", "", kHeavy, 140, 260, kSafe, "负责步道石板铺装"},
      {12, "食用菌大棚建设项目", "大棚搭建工", "site-labour", "", "", kMedium, 120, 200, kSafe, "负责棚架搭建、覆膜"},
      {10, "饮水安全巩固提升工程", "管道安装工", "plumbing", "6-29-03-04", "", kMedium, 150, 260, kSafe, "负责管道敷设、接口、试压"},
      {6, "便民桥梁工程", "架子工", "scaffolding", "6-29-01-05", "cert-scaffold-work", kHeavy, 260, 380, kHigh, "负责支架搭设与拆除"},
  };
  return kinds;
}
// clang-format on

}  // namespace leye::ctl::sample
