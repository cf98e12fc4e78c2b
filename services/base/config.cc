#include "services/base/config.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

#include "services/base/config_value.h"
#include "services/base/status.h"

namespace leye {
namespace {

using config_internal::ConfigValue;

constexpr char kEnvironmentPrefix[] = "LEYE_";
constexpr char kConfigKey[] = "config";

std::string EnvironmentName(absl::string_view key) {
  return absl::StrCat(kEnvironmentPrefix,
                      absl::AsciiStrToUpper(absl::StrReplaceAll(key, {{"-", "_"}})));
}

std::string KeyOfEnvironmentName(absl::string_view name) {
  return absl::AsciiStrToLower(
      absl::StrReplaceAll(absl::StripPrefix(name, kEnvironmentPrefix), {{"_", "-"}}));
}

// How many single-character edits lead from `a` to `b` (Levenshtein).
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsWellFormedKey(absl::string_view key) {
  return !key.empty() && IsLower(key.front()) && key.back() != '-' &&
         std::all_of(key.begin(), key.end(),
                     [](char c) { return IsLower(c) || IsDigit(c) || c == '-'; });
}

// One pass over all sources: what was set, and every mistake.
class Reading {
 public:
  explicit Reading(const std::vector<ConfigKey>& keys) : keys_(keys), values_(keys.size()) {}

  void ReadFile(const std::string& path);
  void ReadEnvironment(const Environment& environment);
  void ReadArguments(const std::vector<std::string>& arguments);

  const std::vector<FieldViolation>& mistakes() const { return mistakes_; }
  void SetTargets() const;

 private:
  // `written` is the key as it stands in its source; `where` says which source.
  void Set(absl::string_view key, absl::string_view value, const std::string& written,
           const std::string& where);
  void ReadFileLine(absl::string_view line, const std::string& where);
  void AddMistake(std::string written, const std::string& where, absl::string_view what);
  std::string Nearest(absl::string_view key) const;
  const ConfigKey* Find(absl::string_view key) const;

  const std::vector<ConfigKey>& keys_;
  std::vector<std::optional<ConfigValue>> values_;  // Parallel to keys_.
  std::vector<FieldViolation> mistakes_;
};

const ConfigKey* Reading::Find(absl::string_view key) const {
  for (const ConfigKey& candidate : keys_) {
    if (candidate.key == key) return &candidate;
  }
  return nullptr;
}

std::string Reading::Nearest(absl::string_view key) const {
  const auto nearest =
      std::min_element(keys_.begin(), keys_.end(), [key](const ConfigKey& a, const ConfigKey& b) {
        return EditDistance(key, a.key) < EditDistance(key, b.key);
      });
  return nearest == keys_.end() ? kConfigKey : nearest->key;
}

void Reading::AddMistake(std::string written, const std::string& where, absl::string_view what) {
  mistakes_.push_back({std::move(written), absl::StrCat(where, ": ", what)});
}

void Reading::Set(absl::string_view key, absl::string_view value, const std::string& written,
                  const std::string& where) {
  const ConfigKey* known = Find(key);
  if (known == nullptr) {
    AddMistake(written, where, absl::StrCat("unknown; the nearest known key is ", Nearest(key)));
    return;
  }
  absl::StatusOr<ConfigValue> parsed = config_internal::ParseValue(*known, value);
  if (!parsed.ok()) {
    AddMistake(written, where, parsed.status().message());
    return;
  }
  values_[static_cast<size_t>(known - keys_.data())] = *std::move(parsed);
}

void Reading::ReadFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    AddMistake(kConfigKey, path, "cannot be read");
    return;
  }
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const absl::string_view text = absl::StripAsciiWhitespace(line);
    if (text.empty() || text.front() == '#') continue;
    ReadFileLine(text, absl::StrCat(path, ":", number));
  }
}

void Reading::ReadFileLine(absl::string_view line, const std::string& where) {
  const size_t equals = line.find('=');
  if (equals == absl::string_view::npos) {
    AddMistake(std::string(line), where, "expected key = value");
    return;
  }
  const absl::string_view key = absl::StripAsciiWhitespace(line.substr(0, equals));
  Set(key, absl::StripAsciiWhitespace(line.substr(equals + 1)), std::string(key), where);
}

void Reading::ReadEnvironment(const Environment& environment) {
  for (const auto& [name, value] : environment) {
    if (!absl::StartsWith(name, kEnvironmentPrefix) || name == EnvironmentName(kConfigKey)) {
      continue;
    }
    Set(KeyOfEnvironmentName(name), value, name, "environment");
  }
}

void Reading::ReadArguments(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    absl::string_view text = argument;
    if (!absl::ConsumePrefix(&text, "--")) {
      AddMistake(argument, "flags", "expected --key=value");
      continue;
    }
    const size_t equals = text.find('=');
    const absl::string_view key = text.substr(0, equals);
    const bool bare = equals == absl::string_view::npos;
    if (key == kConfigKey && !bare) continue;
    const ConfigKey* known = Find(key);
    const bool needs_value =
        key == kConfigKey || (known != nullptr && !std::holds_alternative<bool*>(known->target));
    if (bare && needs_value) {
      AddMistake(argument, "flags", absl::StrCat("expected --", key, "=value"));
      continue;
    }
    Set(key, bare ? "true" : text.substr(equals + 1), absl::StrCat("--", key), "flags");
  }
}

void Reading::SetTargets() const {
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (values_[i]) config_internal::SetTarget(keys_[i].target, *values_[i]);
  }
}

// The file to read: the last --config=path, else LEYE_CONFIG, else none.
std::string ConfigPath(const std::vector<std::string>& arguments, const Environment& environment) {
  const auto variable = environment.find(EnvironmentName(kConfigKey));
  std::string path = variable == environment.end() ? "" : variable->second;
  for (absl::string_view argument : arguments) {
    if (absl::ConsumePrefix(&argument, "--config=")) path = std::string(argument);
  }
  return path;
}

absl::Status MistakesStatus(const std::vector<FieldViolation>& mistakes) {
  if (mistakes.empty()) return absl::OkStatus();
  const std::string lines =
      absl::StrJoin(mistakes, "\n", [](std::string* out, const FieldViolation& mistake) {
        absl::StrAppend(out, "  ", mistake.field, ": ", mistake.description);
      });
  ErrorDetails details;
  details.reason = "INVALID_CONFIGURATION";
  details.violations = mistakes;
  return WithDetails(
      absl::InvalidArgumentError(absl::StrCat("the configuration has mistakes\n", lines)), details);
}

}  // namespace

Environment ProcessEnvironment() {
  Environment variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const absl::string_view text = *entry;
    const size_t equals = text.find('=');
    if (equals == absl::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

ConfigParser::ConfigParser(absl::string_view program, absl::string_view summary)
    : program_(program), summary_(summary) {}

ConfigParser& ConfigParser::Add(ConfigKey key) {
  const bool taken = key.key == kConfigKey || key.key == "help" || key.key == "version" ||
                     std::any_of(keys_.begin(), keys_.end(),
                                 [&key](const ConfigKey& other) { return other.key == key.key; });
  if (taken || !IsWellFormedKey(key.key)) {
    std::fprintf(stderr, "ConfigParser::Add: key '%s' is malformed or taken\n", key.key.c_str());
    std::abort();
  }
  defaults_.push_back(config_internal::FormatTarget(key.target));
  keys_.push_back(std::move(key));
  return *this;
}

absl::StatusOr<ConfigOutcome> ConfigParser::Parse(const std::vector<std::string>& arguments,
                                                  const Environment& environment) const {
  if (std::find(arguments.begin(), arguments.end(), "--help") != arguments.end()) {
    return ConfigOutcome::kHelp;
  }
  if (std::find(arguments.begin(), arguments.end(), "--version") != arguments.end()) {
    return ConfigOutcome::kVersion;
  }
  Reading reading(keys_);
  const std::string path = ConfigPath(arguments, environment);
  if (!path.empty()) reading.ReadFile(path);
  reading.ReadEnvironment(environment);
  reading.ReadArguments(arguments);
  LEYE_RETURN_IF_ERROR(MistakesStatus(reading.mistakes()));
  reading.SetTargets();
  return ConfigOutcome::kRun;
}

std::string ConfigParser::Help() const {
  std::string help = absl::StrCat(
      program_, ": ", summary_, "\n\nUsage: ", program_, " [--key=value]...\n\n",
      "Each key may stand in the file named by --config (as `key = value`), in the environment\n",
      "(as ", kEnvironmentPrefix, "KEY) and as a flag; a later of these wins.\n\n",
      "  --help\n      Print this and leave.\n",
      "  --version\n      Print the version and leave.\n", "  --config=<text>   (",
      EnvironmentName(kConfigKey), ")\n      File to read first.\n");
  for (size_t i = 0; i < keys_.size(); ++i) {
    const ConfigKey& key = keys_[i];
    const std::string limits = config_internal::FormatLimits(key);
    absl::StrAppend(&help, "  --", key.key, "=<", config_internal::TypeName(key.target), ">   (",
                    EnvironmentName(key.key), ")\n      ", key.help,
                    limits.empty() ? "" : absl::StrCat(" (", limits, ")"),
                    " Default: ", defaults_[i].empty() ? "none" : defaults_[i], ".\n");
  }
  return help;
}

std::string ConfigParser::Describe() const {
  return absl::StrJoin(keys_, "", [](std::string* out, const ConfigKey& key) {
    absl::StrAppend(out, key.key, " = ", config_internal::FormatTarget(key.target), "\n");
  });
}

}  // namespace leye
