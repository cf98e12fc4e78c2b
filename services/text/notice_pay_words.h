// The words by which notice_pay.cc knows pay, its unit, and other money.
#ifndef LEYE_SERVICES_TEXT_NOTICE_PAY_WORDS_H_
#define LEYE_SERVICES_TEXT_NOTICE_PAY_WORDS_H_

#include <string_view>

#include "services/text/normalized.h"
#include "services/text/notice_sentence.h"

namespace leye::text {

struct UnitSaid {
  std::u32string_view word;
  PayUnit unit;
};

// Right before an amount. Longer ones first.
inline constexpr UnitSaid kUnitsBefore[] = {
    {U"小时工资", PayUnit::kHour},    {U"每小时", PayUnit::kHour},
    {U"一小时", PayUnit::kHour},      {U"时薪", PayUnit::kHour},
    {U"月综合工资", PayUnit::kMonth}, {U"月基本工资", PayUnit::kMonth},
    {U"月综合收入", PayUnit::kMonth}, {U"月平均工资", PayUnit::kMonth},
    {U"月平均收入", PayUnit::kMonth}, {U"月均", PayUnit::kMonth},
    {U"基本报酬", PayUnit::kMonth},   {U"一个月", PayUnit::kMonth},
    {U"一天", PayUnit::kDay},         {U"每晚", PayUnit::kDay},
    {U"一晚", PayUnit::kDay},         {U"每班", PayUnit::kDay},
    {U"月均工资", PayUnit::kMonth},   {U"月均收入", PayUnit::kMonth},
    {U"月工资", PayUnit::kMonth},     {U"月收入", PayUnit::kMonth},
    {U"月薪资", PayUnit::kMonth},     {U"月补贴", PayUnit::kMonth},
    {U"月补助", PayUnit::kMonth},     {U"月报酬", PayUnit::kMonth},
    {U"每个月", PayUnit::kMonth},     {U"每月", PayUnit::kMonth},
    {U"月薪", PayUnit::kMonth},       {U"月入", PayUnit::kMonth},
    {U"月综合", PayUnit::kMonth},     {U"底薪", PayUnit::kMonth},
    {U"基本工资", PayUnit::kMonth},   {U"基础工资", PayUnit::kMonth},
    {U"年工资", PayUnit::kYear},      {U"年收入", PayUnit::kYear},
    {U"年补助", PayUnit::kYear},      {U"年补贴", PayUnit::kYear},
    {U"年报酬", PayUnit::kYear},      {U"年薪", PayUnit::kYear},
    {U"每年", PayUnit::kYear},        {U"日工资", PayUnit::kDay},
    {U"日均报酬", PayUnit::kDay},     {U"日均工资", PayUnit::kDay},
    {U"日结", PayUnit::kDay},         {U"日薪", PayUnit::kDay},
    {U"日均", PayUnit::kDay},         {U"每天", PayUnit::kDay},
    {U"劳务报酬", PayUnit::kUnsaid},  {U"综合收入", PayUnit::kUnsaid},
    {U"综合工资", PayUnit::kUnsaid},  {U"务工收入", PayUnit::kUnsaid},
    {U"每日", PayUnit::kDay},         {U"每工日", PayUnit::kDay},
    {U"每工", PayUnit::kDay},         {U"工资", PayUnit::kUnsaid},
    {U"薪资", PayUnit::kUnsaid},      {U"薪酬", PayUnit::kUnsaid},
    {U"待遇", PayUnit::kUnsaid},      {U"报酬", PayUnit::kUnsaid},
    {U"收入", PayUnit::kUnsaid},      {U"补贴", PayUnit::kUnsaid},
    {U"补助", PayUnit::kUnsaid},      {U"津贴", PayUnit::kUnsaid},
    {U"工价", PayUnit::kUnsaid},      {U"工钱", PayUnit::kUnsaid},
    {U"管护费", PayUnit::kUnsaid},    {U"护林费", PayUnit::kUnsaid},
    {U"劳务费", PayUnit::kUnsaid},    {U"转正后", PayUnit::kUnsaid},
    {U"转正", PayUnit::kUnsaid},      {U"小时工", PayUnit::kHour},
    {U"一年", PayUnit::kYear},        {U"出师后", PayUnit::kUnsaid},
    {U"熟练后", PayUnit::kUnsaid},    {U"大工", PayUnit::kUnsaid},
    {U"小工", PayUnit::kUnsaid},      {U"技工", PayUnit::kUnsaid},
    {U"壮工", PayUnit::kUnsaid},      {U"薪", PayUnit::kUnsaid}};

// Right behind 元.
inline constexpr UnitSaid kUnitsAfter[] = {
    {U"/小时", PayUnit::kHour},    {U"每小时", PayUnit::kHour}, {U"一小时", PayUnit::kHour},
    {U"一个小时", PayUnit::kHour}, {U"/时", PayUnit::kHour},    {U"/h", PayUnit::kHour},
    {U"/天", PayUnit::kDay},       {U"/日", PayUnit::kDay},     {U"一天", PayUnit::kDay},
    {U"每天", PayUnit::kDay},      {U"每日", PayUnit::kDay},    {U"/工日", PayUnit::kDay},
    {U"/每天", PayUnit::kDay},     {U"/晚", PayUnit::kDay},     {U"一晚", PayUnit::kDay},
    {U"每晚", PayUnit::kDay},      {U"/班", PayUnit::kDay},     {U"每班", PayUnit::kDay},
    {U"一个班", PayUnit::kDay},    {U"/个工", PayUnit::kDay},   {U"一个工", PayUnit::kDay},
    {U"/工", PayUnit::kDay},       {U"/每月", PayUnit::kMonth}, {U"/个月", PayUnit::kMonth},
    {U"/月", PayUnit::kMonth},     {U"每月", PayUnit::kMonth},  {U"一个月", PayUnit::kMonth},
    {U"/年", PayUnit::kYear},      {U"每年", PayUnit::kYear},   {U"一年", PayUnit::kYear}};

inline constexpr std::u32string_view kMeasures[] = {
    U"平方米", U"平米", U"公斤", U"千克", U"公里", U"平方", U"立方", U"斤", U"件", U"个",
    U"双",     U"只",   U"套",   U"条",   U"张",   U"袋",   U"筐",   U"箱", U"吨", U"亩",
    U"米",     U"棵",   U"株",   U"把",   U"盒",   U"块",   U"片",   U"车", U"捆", U"打"};

// Money that is not the pay of the post. 水电工 and 交通劝导员 are paid, so no word is shorter than
// what it means.
inline constexpr WordSet kOtherMoney = {
    U"餐补",    U"饭补",   U"餐费",   U"交通补",   U"交通费", U"车补",     U"话补",   U"房补",
    U"住房补",  U"夜班补", U"夜班津", U"夜班费",   U"夜班每", U"夜班另",   U"夜班加", U"高温",
    U"全勤",    U"工龄",   U"押金",   U"罚",       U"奖",     U"提成",     U"投资",   U"资金",
    U"保险费",  U"费用",   U"体检",   U"培训费",   U"介绍费", U"返费",     U"社保",   U"住宿费",
    U"水电费",  U"水电自", U"水电每", U"一次性",   U"实习期", U"实习工资", U"实习补", U"扣",
    U"收取",    U"学费",   U"总额",   U"注册",     U"产值",   U"低保金",   U"低保标", U"低保补",
    U"养老金",  U"通讯",   U"话费",   U"绩效",     U"伙食",   U"住宿补",   U"租房",   U"满勤",
    U"取暖",    U"降温",   U"防暑",   U"饮料费",   U"饮料补", U"通勤",     U"油补",   U"电话费",
    U"电话补",  U"投入",   U"福利每", U"福利费",   U"保证金", U"服装费",   U"报名费", U"材料费",
    U"手续费",  U"路费",   U"车费",   U"房租",     U"管理费", U"赔偿",     U"补偿",   U"违约",
    U"贷款",    U"创业补", U"求职补", U"生活费",   U"节日",   U"年终",     U"分红",   U"租金",
    U"扶持",    U"造价",   U"经费",   U"家庭年",   U"家庭人", U"户均",     U"人均年", U"纯收入",
    U"增收",    U"红包",   U"吸纳",   U"保障标准", U"生育",   U"稳岗",     U"垫付",   U"价值",
    U"最低生活"};
// The same, behind the amount: 每月100元全勤奖
inline constexpr WordSet kOtherMoneyBehind = {
    U"奖",     U"餐补", U"饭补",   U"餐费", U"房补",   U"话补", U"车补", U"全勤",  U"押金",
    U"服装费", U"伙食", U"住宿补", U"工龄", U"夜班补", U"高温", U"返费", U"交通补"};
// Of times in which less is paid.
inline constexpr WordSet kTrials = {U"试用", U"见习", U"学徒期", U"培训期", U"培训补"};
inline constexpr WordSet kTrialsOver = {U"试用期满", U"试用期后", U"转正"};
// How words for people end.
inline constexpr WordSet kPeopleEnds = {U"工",   U"员",   U"师",   U"师傅", U"司机", U"阿姨",
                                        U"保安", U"保洁", U"大姐", U"岗",   U"岗位", U"服务生"};

inline constexpr WordSet kExamples = {U"能挣", U"可挣", U"能拿", U"能赚",
                                      U"可赚", U"日均", U"平均"};
inline constexpr WordSet kAllowances = {U"补贴", U"补助", U"津贴"};
inline constexpr WordSet kOfPosts = {U"岗位", U"公岗", U"公益", U"管护",
                                     U"护林", U"护路", U"劳务", U"保洁"};

inline constexpr WordSet kAbilities = {U"大工", U"小工", U"技工", U"普工",
                                       U"熟练", U"学徒", U"壮工"};

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_NOTICE_PAY_WORDS_H_
