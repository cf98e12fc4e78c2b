#include "services/base/logging.h"

#include <cmath>
#include <cstddef>
#include <mutex>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "spdlog/logger.h"
#include "spdlog/sinks/base_sink.h"
#include "spdlog/sinks/null_sink.h"
#include "spdlog/sinks/stdout_sinks.h"

#include "services/base/status.h"

namespace leye {
namespace {

constexpr std::pair<absl::string_view, LogLevel> kLevelNames[] = {
    {"debug", LogLevel::kDebug}, {"info", LogLevel::kInfo}, {"warning", LogLevel::kWarning},
    {"error", LogLevel::kError}, {"off", LogLevel::kOff},
};

absl::string_view LevelName(LogLevel level) {
  return kLevelNames[static_cast<size_t>(level)].first;
}

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      return spdlog::level::off;
  }
  return spdlog::level::off;
}

// The length of the well-formed UTF-8 sequence that `text` starts with, 0 if there is none.
size_t Utf8SequenceLength(absl::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (length == 0 || lead > 0xf4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  }
  if (length == 1) return 1;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool surrogate = lead == 0xed && second >= 0xa0;
  const bool beyond_unicode = lead == 0xf4 && second >= 0x90;
  return overlong || surrogate || beyond_unicode ? 0 : length;
}

void AppendJsonString(absl::string_view text, std::string& out) {
  out.push_back('"');
  while (!text.empty()) {
    const size_t length = Utf8SequenceLength(text);
    const char c = text[0];
    if (length == 0) {
      out += "\\ufffd";
    } else if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned>(c));
    } else {
      out.append(text.data(), length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out.push_back('"');
}

// Hands each line to a function.
class FunctionSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FunctionSink(std::function<void(const std::string&)> function)
      : function_(std::move(function)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    function_(std::string(message.payload.data(), message.payload.size()));
  }
  void flush_() override {}

  std::function<void(const std::string&)> function_;
};

}  // namespace

absl::StatusOr<LogLevel> ParseLogLevel(absl::string_view text) {
  for (const auto& [name, level] : kLevelNames) {
    if (name == text) return level;
  }
  return leye::Error(
      absl::StatusCode::kInvalidArgument, "INVALID_LOG_LEVEL",
      absl::StrCat("log level '", text, "' is none of debug, info, warning, error, off"));
}

std::string LogValue::ToJson() const {
  struct Writer {
    std::string operator()(const std::string& text) const {
      std::string json;
      AppendJsonString(text, json);
      return json;
    }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(double value) const {
      return std::isfinite(value) ? absl::StrCat(value) : "null";
    }
    std::string operator()(int64_t value) const { return absl::StrCat(value); }
    std::string operator()(uint64_t value) const { return absl::StrCat(value); }
  };
  return std::visit(Writer(), value_);
}

struct Logger::Impl {
  Impl(LogLevel minimum, spdlog::sink_ptr sink) : logger("leye", std::move(sink)) {
    logger.set_level(ToSpdlog(minimum));
    logger.set_pattern("%v");
    logger.flush_on(spdlog::level::warn);
  }

  spdlog::logger logger;
};

Logger::Logger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Logger::Logger(Logger&&) noexcept = default;
Logger& Logger::operator=(Logger&&) noexcept = default;
Logger::~Logger() = default;

Logger Logger::ToStderr(LogLevel minimum) {
  return Logger(std::make_unique<Impl>(minimum, std::make_shared<spdlog::sinks::stderr_sink_mt>()));
}

Logger Logger::ToFunction(LogLevel minimum, std::function<void(const std::string&)> sink) {
  return Logger(std::make_unique<Impl>(minimum, std::make_shared<FunctionSink>(std::move(sink))));
}

Logger Logger::Discard() {
  return Logger(
      std::make_unique<Impl>(LogLevel::kOff, std::make_shared<spdlog::sinks::null_sink_mt>()));
}

void Logger::Debug(absl::string_view message, LogFields fields) const {
  Write(LogLevel::kDebug, message, fields);
}
void Logger::Info(absl::string_view message, LogFields fields) const {
  Write(LogLevel::kInfo, message, fields);
}
void Logger::Warning(absl::string_view message, LogFields fields) const {
  Write(LogLevel::kWarning, message, fields);
}
void Logger::Error(absl::string_view message, LogFields fields) const {
  Write(LogLevel::kError, message, fields);
}

bool Logger::IsEnabled(LogLevel level) const {
  return level != LogLevel::kOff && impl_->logger.should_log(ToSpdlog(level));
}

void Logger::Write(LogLevel level, absl::string_view message, LogFields fields) const {
  if (!IsEnabled(level)) return;
  std::string line = absl::StrCat(
      R"({"time":")", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(), absl::UTCTimeZone()),
      R"(","level":")", LevelName(level), R"(","message":)");
  AppendJsonString(message, line);
  for (const LogField& field : fields) {
    line.push_back(',');
    AppendJsonString(field.key, line);
    absl::StrAppend(&line, ":", field.value.ToJson());
  }
  line.push_back('}');
  impl_->logger.log(ToSpdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace leye
