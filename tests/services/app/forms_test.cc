// Names and written forms.
#include <gtest/gtest.h>

#include "services/app/formats.h"
#include "services/app/names.h"

namespace leye::app {
namespace {

TEST(Names, RoundTrip) {
  const auto name = ParseName("regions/13/postings/x-1", "postings");
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(name->id, "x-1");
  EXPECT_EQ(FormatName(name->region, "postings", name->id), "regions/13/postings/x-1");
}

TEST(Names, RefuseWhatIsNone) {
  for (const char* text : {"", "regions/13", "regions/13/postings/", "regions/13/postings/-x",
                           "regions/13/postings/x-", "regions/13/postings/x/y", "postings/x",
                           "regions/00/postings/x", "regions/1/postings/x", "regions/13/posting/x",
                           "regions/13/postings/X", "/regions/13/postings/x"}) {
    EXPECT_FALSE(ParseName(text, "postings").has_value()) << text;
  }
  EXPECT_FALSE(IsValidId(std::string(64, 'a')));
  EXPECT_TRUE(IsValidId(std::string(63, 'a')));
}

TEST(Names, RegionsAreProvinces) {
  for (const char* code : {"11", "13", "65", "71", "81", "82"}) EXPECT_TRUE(IsRegionCode(code));
  for (const char* code : {"10", "16", "47", "66", "83", "1 ", " 1", "2 ", "", "131"}) {
    EXPECT_FALSE(IsRegionCode(code)) << code;
  }
}

TEST(DerivedId, IsReadableWhereItCanBe) {
  EXPECT_EQ(DerivedId("ledger", "130723-0001"), "ledger--130723-0001");
  EXPECT_TRUE(IsDerivedId(DerivedId("ledger", "1")));
}

TEST(DerivedId, IsADigestElsewhere) {
  for (const char* id : {"编号1", "A1", "a--b", "110101199001020011", "-a", ""}) {
    const std::string derived = DerivedId("ledger", id);
    EXPECT_EQ(derived.rfind("external---", 0), 0u) << id;
    EXPECT_TRUE(IsValidId(derived)) << derived;
  }
  EXPECT_NE(DerivedId("A", "BC"), DerivedId("AB", "C"));
  EXPECT_TRUE(IsValidId(DerivedId(std::string(40, 's'), std::string(100, 'i'))));
}

TEST(Formats, Dates) {
  EXPECT_TRUE(ParseDate("2024-02-29").has_value());
  for (const char* text : {"2023-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "2024-1-01",
                           "1899-12-31", "2200-01-01", "2024/01/01", "2024-01-0x", ""}) {
    EXPECT_FALSE(ParseDate(text).has_value()) << text;
  }
  EXPECT_TRUE(IsMonth("2024-12"));
  EXPECT_FALSE(IsMonth("2024-13"));
}

TEST(Formats, IdNumbers) {
  EXPECT_TRUE(IsIdNumber("11010519491231002X"));
  EXPECT_FALSE(IsIdNumber("11010519491231002x"));
  EXPECT_FALSE(IsIdNumber("110105194912310021"));
  EXPECT_FALSE(IsIdNumber("110105491231002"));
  EXPECT_EQ(BirthDateOfIdNumber("11010519491231002X"), absl::CivilDay(1949, 12, 31));
  EXPECT_FALSE(IsMaleIdNumber("11010519491231002X"));
}

TEST(Formats, CreditCodes) {
  EXPECT_TRUE(IsCreditCode("91350100M000100Y43"));
  EXPECT_FALSE(IsCreditCode("91350100M000100Y44"));
  EXPECT_FALSE(IsCreditCode("91350100I000100Y43"));
  EXPECT_FALSE(IsCreditCode("9135"));
}

TEST(Formats, CodePoints) {
  EXPECT_EQ(CountCodePoints("乐业 a𠀀"), 5u);
  for (const char* text : {"\xE4\xB9", "\x80", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                           "\xF8\x88\x80\x80\x80"}) {
    EXPECT_FALSE(CountCodePoints(text).has_value());
  }
}

TEST(Formats, Phones) {
  EXPECT_TRUE(IsPhone("+86 139-0000 0000"));
  EXPECT_FALSE(IsPhone("139a"));
  EXPECT_FALSE(IsPhone("+-"));
}

}  // namespace
}  // namespace leye::app
