// CSV in and out: its own twin on random tables, and what others write.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/leyectl/files/csv_reader.h"
#include "services/leyectl/files/csv_writer.h"

namespace leye::ctl::files {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Rows = std::vector<std::vector<std::string>>;

std::string FileWith(absl::string_view content) {
  static int number = 0;
  const auto path = std::filesystem::path(::testing::TempDir()) / absl::StrCat("csv", ++number);
  std::ofstream(path, std::ios::binary) << content;
  return path.string();
}

Rows ReadAll(absl::string_view content, const CsvOptions& options = {}) {
  auto reader = CsvReader::Open(FileWith(content), options);
  EXPECT_TRUE(reader.ok()) << reader.status();
  Rows rows;
  for (Row row; (*reader)->Next(row);) rows.push_back(row.cells);
  EXPECT_TRUE((*reader)->status().ok()) << (*reader)->status();
  return rows;
}

TEST(Csv, CellsMayBeQuoted) {
  EXPECT_THAT(ReadAll("a,\"b,\"\"c\"\"\r\nd\",\r\n\"\",e\r\n"),
              ElementsAre(ElementsAre("a", "b,\"c\"\nd", ""), ElementsAre("", "e")));
}

TEST(Csv, LineEndsMayBeOfAnyKind) {
  EXPECT_THAT(ReadAll("a\nb\r\nc\rd"),
              ElementsAre(ElementsAre("a"), ElementsAre("b"), ElementsAre("c"), ElementsAre("d")));
}

TEST(Csv, LinesAreCountedAsAnEditorDoes) {
  auto reader = *CsvReader::Open(FileWith("a\n\"b\r\nb\nb\",x\nc"), {});
  std::vector<int64_t> lines;
  for (Row row; reader->Next(row);) lines.push_back(row.line);
  EXPECT_THAT(lines, ElementsAre(1, 2, 5));
}

TEST(Csv, SeparatorIsFound) {
  EXPECT_THAT(ReadAll("a;b,c;d\n"), ElementsAre(ElementsAre("a", "b,c", "d")));
  EXPECT_THAT(ReadAll("a\tb\n"), ElementsAre(ElementsAre("a", "b")));
  EXPECT_THAT(ReadAll("\"a;a;a\",b\n"), ElementsAre(ElementsAre("a;a;a", "b")));
  EXPECT_THAT(ReadAll("a;b\n", {.separator = ','}), ElementsAre(ElementsAre("a;b")));
}

TEST(Csv, DigitsKeptAsTextByAFormulaAreRead) {
  EXPECT_THAT(ReadAll("=\"013\",x\n"), ElementsAre(ElementsAre("013", "x")));
}

TEST(Csv, EncodingIsFound) {
  const Rows expected = {{"姓名", "垄"}};
  EXPECT_EQ(ReadAll("姓名,垄\n"), expected);
  EXPECT_EQ(ReadAll("\xEF\xBB\xBF姓名,垄\n"), expected);
  EXPECT_EQ(ReadAll("\xD0\xD5\xC3\xFB,\xC2\xA2\n"), expected);  // GB18030
  EXPECT_EQ(ReadAll(std::string("\xFF\xFE\xD3\x59\x0D\x54,\0\x84\x57\n\0", 12)), expected);
  EXPECT_EQ(ReadAll(std::string("\xFE\xFF\x59\xD3\x54\x0D\0,\x57\x84\0\n", 12)), expected);
}

TEST(Csv, CharactersOutsideTheOldTablesSurviveGb18030) {
  // U+3400 takes four bytes.
  EXPECT_EQ(ReadAll("\x81\x39\xEE\x39,\xC2\xA2\n", {.encoding = Encoding::kGb18030}),
            (Rows{{"㐀", "垄"}}));
}

TEST(Csv, LostCharactersAreMarked) {
  EXPECT_EQ(ReadAll("a\xFF,b\n", {.encoding = Encoding::kUtf8}), (Rows{{"a\xEF\xBF\xBD", "b"}}));
}

TEST(Csv, Utf16WithoutAMarkIsSaid) {
  const auto reader = CsvReader::Open(FileWith(std::string("a\0,\0b\0\n\0", 8)), {});
  EXPECT_THAT(std::string(reader.status().message()), HasSubstr("--encoding"));
}

TEST(Csv, TextBehindAClosingQuoteIsWrong) {
  auto reader = *CsvReader::Open(FileWith("\"a\"b,c\nd,e\n"), {});
  Row row;
  ASSERT_TRUE(reader->Next(row));
  EXPECT_FALSE(row.problem.empty());
  ASSERT_TRUE(reader->Next(row));
  EXPECT_TRUE(row.problem.empty());
}

TEST(Csv, QuoteThatNeverClosesNamesItsRow) {
  auto reader = *CsvReader::Open(FileWith("a,b\nc,\"d\ne,f\n"), {});
  Row row;
  ASSERT_TRUE(reader->Next(row));
  EXPECT_FALSE(reader->Next(row));
  EXPECT_THAT(std::string(reader->status().message()), HasSubstr("line 2"));
}

TEST(Csv, HugeCellsAndRowsAreRefused) {
  for (const std::string& content :
       {std::string(kMaxCellBytes + 1, 'a'), std::string(kMaxColumns + 1, ',')}) {
    auto reader = *CsvReader::Open(FileWith(content), {});
    Row row;
    EXPECT_FALSE(reader->Next(row));
    EXPECT_FALSE(reader->status().ok());
  }
}

TEST(Csv, RandomTablesComeBack) {
  const auto seed = static_cast<unsigned>(std::random_device()());
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const std::vector<std::string> pieces = {"a",  "垄", ",", ";", "\t", "\"",
                                           "\n", " ",  "=", "'", "-"};
  for (int round = 0; round < 200; ++round) {
    Rows rows;
    std::string text(kUtf8Mark);
    const size_t width = 1 + random() % 4;
    for (size_t i = 0; i < 1 + random() % 5; ++i) {
      std::vector<std::string> cells(width);
      for (std::string& cell : cells) {
        for (size_t n = random() % 6; n > 0; --n) cell += pieces[random() % pieces.size()];
      }
      AppendCsvRow(cells, &text);
      rows.push_back(cells);
    }
    // Not ="...": that is read as what it means.
    if (text.find("=\"\"") != std::string::npos) continue;
    EXPECT_EQ(ReadAll(text, {.separator = ','}), rows) << text;
  }
}

TEST(Formulas, AreDisarmedAndArmedAgain) {
  for (const char* cell :
       {"=1+1", "+1", "-1", "@a", "\tb", "'=1", "''=1", "a", "'a", "", "'", "1-2"}) {
    const std::string disarmed = Disarmed(cell);
    EXPECT_EQ(Armed(disarmed), cell);
    EXPECT_EQ(std::string("=+-@\t\r\n").find(disarmed[0]) == std::string::npos || disarmed.empty(),
              true)
        << cell;
  }
  EXPECT_EQ(Disarmed("=1"), "'=1");
  EXPECT_EQ(Disarmed("'a"), "'a");
}

TEST(Columns, HaveLetters) {
  EXPECT_EQ(ColumnLetters(0), "A");
  EXPECT_EQ(ColumnLetters(25), "Z");
  EXPECT_EQ(ColumnLetters(26), "AA");
  EXPECT_EQ(ColumnLetters(701), "ZZ");
  EXPECT_EQ(ColumnLetters(702), "AAA");
}

}  // namespace
}  // namespace leye::ctl::files
