#include "services/leyectl/resource.h"

#include <gtest/gtest.h>

#include "services/leyectl/words.h"

namespace leye::ctl {
namespace {

TEST(FullName, CompletesEveryShortForm) {
  const std::string full = "regions/13/postings/x";
  EXPECT_EQ(FullName("x", "postings", "13"), full);
  EXPECT_EQ(FullName("postings/x", "postings", "13"), full);
  EXPECT_EQ(FullName("13/postings/x", "postings", "44"), full);
  EXPECT_EQ(FullName(full, "postings", "44"), full);
  EXPECT_EQ(FullName("welding-arc", "skills", "13"), "skills/welding-arc");
  EXPECT_EQ(FullName("skills/welding-arc", "skills", "13"), "skills/welding-arc");
}

TEST(FullName, WritesTheCollectionOfAreasInFull) {
  EXPECT_EQ(FullName("areas/yian", "settlementAreas", "13"), "regions/13/settlementAreas/yian");
}

TEST(ShortName, IsTheIdAtHomeAndNamesTheRegionElsewhere) {
  EXPECT_EQ(ShortName("regions/13/postings/x", "13"), "x");
  EXPECT_EQ(ShortName("regions/44/postings/x", "13"), "44/postings/x");
  EXPECT_EQ(ShortName("skills/welding-arc", "13"), "welding-arc");
  EXPECT_EQ(ShortName("x", "13"), "x");
}

TEST(ShortName, CompletesToWhatItCameFrom) {
  for (const char* name : {"regions/13/candidates/c1", "regions/44/candidates/c1"}) {
    EXPECT_EQ(FullName(ShortName(name, "13"), "candidates", "13"), name);
  }
}

TEST(FindKind, KnowsPluralsSingularsAndAnyCase) {
  for (const char* word : {"areas", "area", "settlementAreas", "SETTLEMENTAREA"}) {
    ASSERT_NE(FindKind(word), nullptr) << word;
    EXPECT_EQ(FindKind(word)->collection, "settlementAreas");
  }
  EXPECT_EQ(FindKind("planet"), nullptr);
}

TEST(KindOfName, ReadsTheCollection) {
  EXPECT_EQ(KindOfName("13/postings/x")->word, "postings");
  EXPECT_EQ(KindOfName("regions/13/settlementAreas/x")->word, "areas");
  EXPECT_EQ(KindOfName("x"), nullptr);
}

TEST(AllKinds, HaveTheMethodsThatGetAndListNeed) {
  for (const ResourceKind& kind : AllKinds()) {
    EXPECT_NE(FindMethod(kind, "Get"), nullptr) << kind.word;
    EXPECT_NE(FindMethod(kind, "List"), nullptr) << kind.word;
  }
  EXPECT_EQ(FindMethod(*FindKind("skills"), "Create"), nullptr);
}

TEST(AllKinds, HaveChineseTitlesForTheColumnsOfTheirLists) {
  for (const ResourceKind& kind : AllKinds()) {
    for (const absl::string_view column : kind.columns) {
      if (column.empty()) continue;
      EXPECT_GE(static_cast<unsigned char>(ColumnTitle(column, Language::kChinese)[0]), 0x80)
          << kind.word << " " << column;
    }
  }
}

}  // namespace
}  // namespace leye::ctl
