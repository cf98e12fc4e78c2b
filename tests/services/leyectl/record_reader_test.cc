#include "services/leyectl/record_reader.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "leye/v1/candidate.pb.h"

namespace leye::ctl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::Candidate Person(const std::string& name) {
  v1::Candidate person;
  person.set_name(name);
  person.mutable_preferences()->set_willing(true);
  return person;
}

TEST(RecordReader, CountsLinesAndSkipsBlankOnes) {
  std::istringstream stream("\xEF\xBB\xBF{\"name\":\"a\"}\n\n  \n{\"name\":\"b\"}");
  RecordReader reader(stream, RecordFormat::kJsonLines);
  RawRecord record;
  ASSERT_TRUE(reader.Next(record));
  EXPECT_EQ(record.position, 1);
  EXPECT_EQ(record.bytes, "{\"name\":\"a\"}");
  ASSERT_TRUE(reader.Next(record));
  EXPECT_EQ(record.position, 4);
  EXPECT_FALSE(reader.Next(record));
  EXPECT_TRUE(reader.status().ok());
}

TEST(RecordReader, ReadsBackWhatAppendRecordWrote) {
  for (const RecordFormat format : {RecordFormat::kJsonLines, RecordFormat::kBinary}) {
    std::string bytes;
    AppendRecord(Person("a"), format, &bytes);
    AppendRecord(Person("b"), format, &bytes);
    std::istringstream stream(bytes);
    RecordReader reader(stream, format);
    std::string names;
    v1::Candidate person;
    for (RawRecord record; reader.Next(record);) {
      ASSERT_TRUE(ParseRecord(record, format, &person).ok());
      EXPECT_TRUE(person.preferences().willing());
      names += person.name();
    }
    EXPECT_EQ(names, "ab");
    EXPECT_TRUE(reader.status().ok());
  }
}

TEST(RecordReader, SaysWhereABinaryFileBreaksOff) {
  std::string bytes;
  AppendRecord(Person("a"), RecordFormat::kBinary, &bytes);
  AppendRecord(Person("b"), RecordFormat::kBinary, &bytes);
  bytes.pop_back();
  std::istringstream stream(bytes);
  RecordReader reader(stream, RecordFormat::kBinary);
  RawRecord record;
  EXPECT_TRUE(reader.Next(record));
  EXPECT_FALSE(reader.Next(record));
  EXPECT_EQ(reader.status().code(), absl::StatusCode::kDataLoss);
}

TEST(RecordReader, RefusesWhatIsNoBinaryFile) {
  std::istringstream stream(std::string(40, '\xff'));
  RecordReader reader(stream, RecordFormat::kBinary);
  RawRecord record;
  EXPECT_FALSE(reader.Next(record));
  EXPECT_FALSE(reader.status().ok());
}

TEST(ParseRecord, SaysWhatIsWrongWithoutQuotingTheLine) {
  v1::Candidate person;
  const absl::Status status =
      ParseRecord({.bytes = R"({"fullName":"垄秀英","nonsense":1})", .position = 3},
                  RecordFormat::kJsonLines, &person);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("nonsense"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("垄秀英")));
}

TEST(ParseRecord, RefusesAnUnfinishedObject) {
  v1::Candidate person;
  EXPECT_FALSE(
      ParseRecord({.bytes = R"({"name":"a")", .position = 1}, RecordFormat::kJsonLines, &person)
          .ok());
}

TEST(Open, SaysWhichFileCannotBeRead) {
  const auto reader = RecordReader::Open("no/such/file.jsonl", RecordFormat::kByName);
  EXPECT_EQ(reader.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(reader.status().message()), HasSubstr("no/such/file.jsonl"));
}

}  // namespace
}  // namespace leye::ctl
