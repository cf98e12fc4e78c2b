#include "services/leyectl/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/leyectl/width.h"

namespace leye::ctl {
namespace {

TEST(DisplayWidth, ChineseTakesTwoColumns) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("缝纫工 A"), 8);
  EXPECT_EQ(DisplayWidth("（示例）"), 8);
  EXPECT_EQ(DisplayWidth(""), 0);
}

TEST(DisplayWidth, CombiningMarksTakeNoneAndBrokenBytesOne) {
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);
  EXPECT_EQ(DisplayWidth("\xff\xfe"), 2);
  EXPECT_EQ(DisplayWidth("\xe4\xb8"), 2);  // A character cut short.
}

TEST(Fit, CutsBetweenCharacters) {
  EXPECT_EQ(Fit("康保县怡安社区", 9), "康保县怡…");
  EXPECT_EQ(Fit("康保县怡安社区", 8), "康保县…");
  EXPECT_EQ(Fit("康保", 4), "康保");
  EXPECT_EQ(Fit("abcdef", 1), "…");
}

TEST(Printable, MakesControlCharactersBlanks) {
  EXPECT_EQ(Printable("a\nb\x1b[31mc"), "a b [31mc");
  EXPECT_EQ(Printable("缝纫\t工"), "缝纫 工");
}

TEST(Table, AlignsColumnsOfMixedScripts) {
  Table table({{.title = "title"}, {.title = "km", .align = Align::kRight}});
  table.Add({"缝纫工", "1.5"});
  table.Add({"sewer", "12.0"});
  EXPECT_EQ(table.Render({}),
            "title     km\n"
            "缝纫工   1.5\n"
            "sewer   12.0\n");
}

TEST(Table, LeavesOutColumnsWithoutContent) {
  Table table({{.title = "a"}, {.title = "nothing"}, {.title = "b"}});
  table.Add({"1", "", "2"});
  EXPECT_EQ(table.Render({}), "a  b\n1  2\n");
}

TEST(Bar, FillsInEighths) {
  EXPECT_EQ(Bar(0, 2), "  ");
  EXPECT_EQ(Bar(500'000, 2), "█ ");
  EXPECT_EQ(Bar(562'500, 2), "█▏");
  EXPECT_EQ(Bar(1'000'000, 2), "██");
  EXPECT_EQ(Bar(2'000'000, 2), "██");
}

TEST(Percent, RoundsDown) {
  EXPECT_EQ(Percent(872'999), "87.2 %");
  EXPECT_EQ(Percent(999'999), "99.9 %");
  EXPECT_EQ(Percent(1'000'000), "100.0 %");
}

TEST(Grouped, SeparatesThousands) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1'000), "1,000");
  EXPECT_EQ(Grouped(-1'234'567), "-1,234,567");
}

}  // namespace
}  // namespace leye::ctl
