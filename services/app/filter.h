// The filter language of lists, a part of AIP-160: comparisons joined by AND.
//
//   const FilterFields fields(*v1::Posting::descriptor(), {{"state"}, {"place.division_code"}});
//   absl::StatusOr<Filter> filter = Filter::Parse("state = POSTING_STATE_OPEN", fields);
//   filter->Matches(posting);
//
// Operators: = != < <= > >= and `:`, which asks a list for an element and a text for a part.
// Values: "quoted text", names of enum values, numbers, true, false, dates and times. What is not
// said (an absent number, an empty text, an UNSPECIFIED enum) is neither less nor greater than
// anything.
#ifndef LEYE_SERVICES_APP_FILTER_H_
#define LEYE_SERVICES_APP_FILTER_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace leye::app {

// A field that a filter or an order may name.
struct FilterFieldSpec {
  std::string path;  // "place.division_code".
  // For a oneof's name: the enum whose value <ENUM>_<CHOICE> stands for each choice.
  const google::protobuf::EnumDescriptor* choices = nullptr;
  bool prefix = false;  // `:` asks a text for its beginning, not for any part.
};

struct FilterField {
  FilterFieldSpec spec;
  std::vector<const google::protobuf::FieldDescriptor*> steps;  // Empty for a oneof.
  const google::protobuf::OneofDescriptor* oneof = nullptr;
  bool repeated = false;  // A step is.
};

// The fields of one resource that its filters may name. Immutable.
class FilterFields {
 public:
  // REQUIRES: the paths exist in `type` (a programming error otherwise: aborts).
  FilterFields(const google::protobuf::Descriptor& type, const std::vector<FilterFieldSpec>& specs);

  // Null when there is no such field.
  const FilterField* Find(absl::string_view path) const;

  // "state, channel, ...", for messages.
  std::string Names() const;

 private:
  std::vector<FilterField> fields_;
};

enum class FilterOperator : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kHas
};

// A value of a field, made comparable: text as it is; truth, numbers of enums, whole numbers and
// times (in microseconds) as int64_t; the rest as double.
using FilterValue = std::variant<std::string, int64_t, double>;

struct FilterTerm {
  const FilterField* field;
  FilterOperator op;
  FilterValue value;
};

// Immutable, safe for concurrent use. Views the fields it was parsed with.
class Filter {
 public:
  // INVALID_ARGUMENT whose message says at which character, and what is allowed. Empty text
  // matches everything.
  static absl::StatusOr<Filter> Parse(absl::string_view text, const FilterFields& fields);

  bool Matches(const google::protobuf::Message& message) const;

  bool empty() const { return terms_.empty(); }

  // True if a comparison names `path`.
  bool Mentions(absl::string_view path) const;

 private:
  std::vector<FilterTerm> terms_;
};

// The value of `field` in `message`, made comparable and, as text, ordered bytewise as the values
// are; empty when nothing is said. REQUIRES: the field is not repeated.
std::string SortKeyOf(const google::protobuf::Message& message, const FilterField& field);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_FILTER_H_
