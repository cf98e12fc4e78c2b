#include "services/leyectl/sample/identity.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace leye::ctl::sample {
namespace {

constexpr std::array<const char*, 20> kSurnames = {"垄", "畦", "埂", "垛", "秧", "穗", "坪",
                                                   "坡", "筐", "镰", "锄", "犁", "碾", "磨",
                                                   "垣", "窑", "篱", "囤", "垅", "秸"};

// By generation: what parents chose before about 1975, before about 1990, and since.
constexpr std::array<const char*, 20> kMenOld = {
    "建国", "国强", "志国", "玉山", "福来", "有才", "建军", "文和", "德顺", "永福",
    "庆林", "金锁", "占山", "满仓", "树林", "振海", "双喜", "保田", "春生", "长顺"};
constexpr std::array<const char*, 20> kMenMiddle = {
    "建军", "志强", "海涛", "晓东", "立新", "永刚", "学军", "文斌", "彦明", "志刚",
    "利军", "卫东", "少华", "海军", "成龙", "志伟", "建平", "俊峰", "小军", "玉龙"};
constexpr std::array<const char*, 16> kMenYoung = {"浩然", "子轩", "宇航", "嘉豪", "伟",   "鹏",
                                                   "帅",   "凯",   "鑫",   "超",   "俊杰", "天宇",
                                                   "文博", "晨",   "磊",   "旭东"};
constexpr std::array<const char*, 20> kWomenOld = {
    "秀英", "桂兰", "秀兰", "桂英", "玉兰", "凤英", "淑珍", "玉梅", "翠花", "秀荣",
    "桂芝", "金凤", "素珍", "翠英", "俊英", "改花", "占梅", "爱莲", "秀琴", "桃花"};
constexpr std::array<const char*, 20> kWomenMiddle = {
    "丽娟", "海燕", "艳红", "晓梅", "桂芳", "丽霞", "春燕", "秀梅", "俊霞", "红霞",
    "彩霞", "建芳", "志红", "雪梅", "小红", "爱玲", "文娟", "玉红", "翠平", "利平"};
constexpr std::array<const char*, 16> kWomenYoung = {"婷",   "雪",   "敏",   "静",  "佳怡", "雨欣",
                                                     "梦瑶", "欣怡", "倩",   "丹",  "思琪", "慧",
                                                     "娜",   "颖",   "晓彤", "雅楠"};

struct AreaCode {
  absl::string_view city;  // First four digits of the division.
  absl::string_view code;
};
constexpr std::array<AreaCode, 11> kAreaCodes = {{{"1301", "0311"},
                                                  {"1302", "0315"},
                                                  {"1303", "0335"},
                                                  {"1304", "0310"},
                                                  {"1305", "0319"},
                                                  {"1306", "0312"},
                                                  {"1307", "0313"},
                                                  {"1308", "0314"},
                                                  {"1309", "0317"},
                                                  {"1310", "0316"},
                                                  {"1311", "0318"}}};

}  // namespace

absl::string_view Surname(Dice& dice) { return PickAny(dice, kSurnames); }

std::string GivenName(Dice& dice, v1::Sex sex, int birth_year) {
  const bool man = sex == v1::SEX_MALE;
  if (birth_year < 1975) return man ? PickAny(dice, kMenOld) : PickAny(dice, kWomenOld);
  if (birth_year < 1992) return man ? PickAny(dice, kMenMiddle) : PickAny(dice, kWomenMiddle);
  return man ? PickAny(dice, kMenYoung) : PickAny(dice, kWomenYoung);
}

char IdCheckCharacter(absl::string_view digits17) {
  int sum = 0;
  int weight = 1;  // 2^i mod 11, from the right; the rightmost digit has 2.
  for (size_t i = digits17.size(); i-- > 0;) {
    weight = weight * 2 % 11;
    sum += (digits17[i] - '0') * weight;
  }
  return "10X98765432"[sum % 11];
}

std::string IdNumber(absl::CivilDay birth, v1::Sex sex, uint64_t number) {
  const uint64_t order = number % 500 * 2 + (sex == v1::SEX_MALE ? 1 : 0);  // Odd: a man.
  const std::string digits = absl::StrFormat("1399%02d%04d%02d%02d%03d", number / 500 % 100,
                                             birth.year(), birth.month(), birth.day(), order);
  return digits + IdCheckCharacter(digits);
}

std::string Telephone(Dice& dice, absl::string_view division_code) {
  absl::string_view code = kAreaCodes[0].code;
  for (const AreaCode& area : kAreaCodes) {
    if (division_code.substr(0, 4) == area.city) code = area.code;
  }
  return absl::StrFormat("%s-0%06d", code, dice.Below(1'000'000));
}

v1::Contact ContactOf(uint64_t seed, absl::string_view employer, absl::string_view division_code) {
  uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const char letter : employer) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 1099511628211u;
  }
  Dice dice(seed, Stream::kEmployer, hash >> 8);
  v1::Contact contact;
  const v1::Sex sex = dice.Chance(550) ? v1::SEX_MALE : v1::SEX_FEMALE;
  const absl::string_view surname = Surname(dice);
  contact.set_full_name(absl::StrCat(surname, GivenName(dice, sex, 1982)));
  contact.set_phone(Telephone(dice, division_code));
  return contact;
}

}  // namespace leye::ctl::sample
