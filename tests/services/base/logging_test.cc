#include "services/base/logging.h"

#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"

#include "tests/testing/status_matchers.h"

namespace leye {
namespace {

class LoggingTest : public ::testing::Test {
 protected:
  Logger log_ = Logger::ToFunction(LogLevel::kInfo,
                                   [this](const std::string& line) { lines_.push_back(line); });
  std::vector<std::string> lines_;
};

google::protobuf::Struct Parse(const std::string& line) {
  google::protobuf::Struct object;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(line, &object).ok()) << line;
  return object;
}

TEST_F(LoggingTest, LineIsOneJsonObjectWithEveryField) {
  log_.Info("region loaded",
            {{"region", "13"}, {"records", 160'000}, {"seconds", 0.5}, {"ok", true}});
  ASSERT_EQ(lines_.size(), 1u);
  const auto fields = Parse(lines_[0]).fields();
  EXPECT_EQ(fields.at("level").string_value(), "info");
  EXPECT_EQ(fields.at("message").string_value(), "region loaded");
  EXPECT_EQ(fields.at("region").string_value(), "13");
  EXPECT_EQ(fields.at("records").number_value(), 160'000);
  EXPECT_EQ(fields.at("seconds").number_value(), 0.5);
  EXPECT_TRUE(fields.at("ok").bool_value());
  EXPECT_EQ(fields.count("time"), 1u);
}

TEST_F(LoggingTest, LinesBelowTheLevelAreDropped) {
  log_.Debug("not this");
  log_.Warning("this");
  log_.Error("and this");
  EXPECT_EQ(lines_.size(), 2u);
  EXPECT_FALSE(log_.IsEnabled(LogLevel::kDebug));
  EXPECT_FALSE(Logger::Discard().IsEnabled(LogLevel::kError));
}

TEST_F(LoggingTest, AnyTextStaysValidJsonOnOneLine) {
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte.push_back(static_cast<char>(i));
  for (const std::string& text :
       {every_byte, std::string("\"quoted\" \\ \n"), std::string("易地搬迁 😀"),
        std::string("\xed\xa0\x80"), std::string("\xf4\x90\x80\x80"), std::string("\xe6\x98")}) {
    log_.Info(text, {{"field", text}});
    EXPECT_EQ(lines_.back().find('\n'), std::string::npos);
    Parse(lines_.back());
  }
  log_.Info("易地搬迁 😀 {}");
  EXPECT_EQ(Parse(lines_.back()).fields().at("message").string_value(), "易地搬迁 😀 {}");
}

TEST(LogValue, NumbersKeepTheirExactValue) {
  EXPECT_EQ(LogValue(std::numeric_limits<uint64_t>::max()).ToJson(), "18446744073709551615");
  EXPECT_EQ(LogValue(std::numeric_limits<int64_t>::min()).ToJson(), "-9223372036854775808");
  EXPECT_EQ(LogValue(std::numeric_limits<double>::infinity()).ToJson(), "null");
}

TEST(ParseLogLevel, KnowsItsNamesOnly) {
  EXPECT_THAT(ParseLogLevel("warning"), testing::IsOkAndHolds(LogLevel::kWarning));
  EXPECT_THAT(ParseLogLevel("loud"), testing::StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace leye
