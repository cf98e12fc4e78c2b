#include "services/live/name_table.h"

#include <string>

#include "gtest/gtest.h"

namespace leye::live {
namespace {

TEST(NameTable, GivesTheSameSlotForTheSameName) {
  NameTable names;
  EXPECT_EQ(names.Intern("a"), 0u);
  EXPECT_EQ(names.Intern("b"), 1u);
  EXPECT_EQ(names.Intern("a"), 0u);
  EXPECT_EQ(names.size(), 2u);
}

TEST(NameTable, FindsOnlyWhatWasMentioned) {
  NameTable names;
  EXPECT_FALSE(names.Find("a").has_value());
  names.Intern("a");
  EXPECT_EQ(names.Find("a"), 0u);
  EXPECT_FALSE(names.Find("").has_value());
  EXPECT_FALSE(names.Find("aa").has_value());
}

TEST(NameTable, KeepsManyNamesAndLongOnes) {
  NameTable names;
  for (uint32_t i = 0; i < 20'000; ++i) {
    ASSERT_EQ(names.Intern(std::to_string(i) + std::string(i % 50, 'x')), i);
  }
  for (uint32_t i = 0; i < 20'000; ++i) {
    const std::string name = std::to_string(i) + std::string(i % 50, 'x');
    ASSERT_EQ(names.Find(name), i);
    ASSERT_EQ(names.NameOf(i), name);
  }
}

TEST(NameTable, ASharedTableDoesNotSeeWhatComesLater) {
  NameTable names;
  names.Intern("a");
  const NameTable shared = names.Share();
  for (int i = 0; i < 1000; ++i) names.Intern(std::to_string(i));
  EXPECT_EQ(shared.size(), 1u);
  EXPECT_EQ(shared.Find("a"), 0u);
  EXPECT_FALSE(shared.Find("7").has_value());
  EXPECT_EQ(shared.NameOf(0), "a");
}

}  // namespace
}  // namespace leye::live
