#include "services/text/word_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace leye::text {
namespace {

using ::leye::testing::StatusIs;
using ::testing::ElementsAre;

TEST(ExpandBraces, StandForEachChoiceInOrder) {
  EXPECT_THAT(*ExpandBraces("{氩弧,二保}焊{工,}"),
              ElementsAre("氩弧焊工", "氩弧焊", "二保焊工", "二保焊"));
  EXPECT_THAT(*ExpandBraces("瓦工"), ElementsAre("瓦工"));
}

TEST(ExpandBraces, MustCloseAndNotNest) {
  for (const char* pattern : {"{a", "a}", "{a{b}}", "}{"}) {
    EXPECT_THAT(ExpandBraces(pattern), StatusIs(absl::StatusCode::kInvalidArgument)) << pattern;
  }
}

TEST(ReadTable, NamesEachLineThatIsWrong) {
  const Table table = ReadTable("t.tsv", "a\tb\n1\t2\n\nx\n", {"a", "b"});
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0].line, 2);
  EXPECT_THAT(table.mistakes, ElementsAre("t.tsv:4: expected 2 cells, not 1"));
  EXPECT_THAT(ReadTable("t.tsv", "b\ta\n", {"a", "b"}).mistakes,
              ElementsAre("t.tsv:1: expected the header a\tb"));
}

}  // namespace
}  // namespace leye::text
