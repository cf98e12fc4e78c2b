#include "services/leyectl/json.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

namespace leye::ctl {
namespace {

std::string Print(const google::protobuf::Message& message, const bool whitespace) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = whitespace;
  std::string json;
  // Fails only for an Any of an unknown type, of which the API has none.
  (void)google::protobuf::util::MessageToJsonString(message, &json, options);
  return json;
}

// Later errors follow from the first.
class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  const std::string& text() const { return text_; }

  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    if (text_.empty())
      text_ = absl::StrCat("line ", line + 1, ", column ", column + 1, ": ", message);
  }

 private:
  std::string text_;
};

}  // namespace

std::string ToJson(const google::protobuf::Message& message) { return Print(message, false); }

std::string ToReadableJson(const google::protobuf::Message& message) {
  return Print(message, true);
}

absl::Status FromJson(absl::string_view json, google::protobuf::Message* message) {
  const auto status =
      google::protobuf::util::JsonStringToMessage({json.data(), json.size()}, message);
  if (status.ok()) return absl::OkStatus();
  // The first line says what is wrong; the others quote the input, which may be personal.
  const std::pair<std::string, std::string> lines =
      absl::StrSplit(status.message().ToString(), absl::MaxSplits('\n', 1));
  return absl::InvalidArgumentError(lines.first);
}

absl::Status FromText(absl::string_view text, google::protobuf::Message* message) {
  FirstError first;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&first);
  if (parser.ParseFromString(std::string(text), message)) return absl::OkStatus();
  return absl::InvalidArgumentError(first.text());
}

std::string JsonString(absl::string_view text) {
  return nlohmann::json(std::string(text))
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace leye::ctl
