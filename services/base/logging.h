// Structured log lines: one JSON object a line.
//
//   Logger log = Logger::ToStderr(LogLevel::kInfo);
//   log.Info("region loaded", {{"region", "13"}, {"records", 160000}, {"seconds", 0.8}});
//   -> {"time":"2024-05-01T08:00:00.123Z","level":"info","message":"region loaded",...}
//
// NEVER log personal data: no names of people, identity numbers, phone numbers, addresses, nor any
// message or envelope as a whole. Resource names, ids, counts and durations are fine.

#ifndef LEYE_SERVICES_BASE_LOGGING_H_
#define LEYE_SERVICES_BASE_LOGGING_H_

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace leye {

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };

// "debug", "info", "warning", "error", "off"; anything else is INVALID_ARGUMENT.
absl::StatusOr<LogLevel> ParseLogLevel(absl::string_view text);

// The value of a field: text, a number or true/false. Immutable.
class LogValue {
 public:
  // NOLINTBEGIN(google-explicit-constructor): fields are written as {"key", value}
  LogValue(absl::string_view text) : value_(std::string(text)) {}
  LogValue(const std::string& text) : value_(text) {}
  LogValue(const char* text) : value_(std::string(text)) {}
  LogValue(bool value) : value_(value) {}
  LogValue(double value) : value_(value) {}
  template <std::signed_integral T>
  LogValue(T value) : value_(static_cast<int64_t>(value)) {}
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) LogValue(T value) : value_(static_cast<uint64_t>(value)) {}
  // NOLINTEND(google-explicit-constructor)

  // The value as JSON. Bytes that are not UTF-8 become U+FFFD; NaN and infinities become null.
  std::string ToJson() const;

 private:
  std::variant<std::string, bool, double, int64_t, uint64_t> value_;
};

struct LogField {
  absl::string_view key;
  LogValue value;
};

using LogFields = std::initializer_list<LogField>;

// Thread-safe. Built in main and passed by reference; there is no global logger.
class Logger {
 public:
  static Logger ToStderr(LogLevel minimum);
  static Logger ToFunction(LogLevel minimum, std::function<void(const std::string& line)> sink);
  static Logger Discard();

  Logger(Logger&&) noexcept;
  Logger& operator=(Logger&&) noexcept;
  ~Logger();

  void Debug(absl::string_view message, LogFields fields = {}) const;
  void Info(absl::string_view message, LogFields fields = {}) const;
  void Warning(absl::string_view message, LogFields fields = {}) const;
  void Error(absl::string_view message, LogFields fields = {}) const;

  // False when a line of this level would be dropped.
  bool IsEnabled(LogLevel level) const;

 private:
  struct Impl;
  explicit Logger(std::unique_ptr<Impl> impl);
  void Write(LogLevel level, absl::string_view message, LogFields fields) const;

  std::unique_ptr<Impl> impl_;
};

}  // namespace leye

#endif  // LEYE_SERVICES_BASE_LOGGING_H_
