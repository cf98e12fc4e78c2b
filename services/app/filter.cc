#include "services/app/filter.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/app/filter_value.h"
#include "services/base/status.h"

namespace leye::app {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace {

FilterField Resolve(const Descriptor& type, const FilterFieldSpec& spec) {
  FilterField made{.spec = spec, .steps = {}};
  if (spec.choices != nullptr) {
    made.oneof = type.FindOneofByName(spec.path);
    if (made.oneof == nullptr) std::abort();
    return made;
  }
  const Descriptor* at = &type;
  for (absl::string_view step : absl::StrSplit(spec.path, '.')) {
    const FieldDescriptor* field = at == nullptr ? nullptr : at->FindFieldByName(std::string(step));
    if (field == nullptr) std::abort();
    made.steps.push_back(field);
    made.repeated = made.repeated || field->is_repeated();
    at = field->message_type();
  }
  return made;
}

// Reads a filter from left to right.
class Parser {
 public:
  Parser(absl::string_view text, const FilterFields& fields)
      : whole_(text), rest_(text), fields_(fields) {}

  absl::StatusOr<std::vector<FilterTerm>> Parse() {
    std::vector<FilterTerm> terms;
    SkipBlanks();
    while (!rest_.empty()) {
      if (!terms.empty() && TakeWord() != "AND") return Wrong("expected AND");
      LEYE_ASSIGN_OR_RETURN(FilterTerm term, TakeTerm());
      terms.push_back(std::move(term));
      SkipBlanks();
    }
    return terms;
  }

 private:
  absl::StatusOr<FilterTerm> TakeTerm() {
    const absl::string_view path = TakeWord();
    const FilterField* field = fields_.Find(path);
    if (field == nullptr) {
      return Wrong(absl::StrCat("expected one of the fields ", fields_.Names()));
    }
    const std::optional<FilterOperator> op = TakeOperator();
    if (!op.has_value()) return Wrong("expected one of = != < <= > >= :");
    if (field->repeated && *op != FilterOperator::kHas) {
      return Wrong(absl::StrCat(path, " is a list: only `:` goes with it"));
    }
    LEYE_ASSIGN_OR_RETURN(std::string text, TakeValue());
    absl::StatusOr<FilterValue> value = ParseValue(*field, text);
    if (!value.ok()) return Wrong(value.status().message());
    return FilterTerm{field, *op, *std::move(value)};
  }

  // Letters, digits and what stands in paths and numbers.
  absl::string_view TakeWord() {
    SkipBlanks();
    start_ = rest_;
    size_t length = 0;
    while (length < rest_.size() &&
           (absl::ascii_isalnum(rest_[length]) || absl::StrContains("_.-+/", rest_[length]))) {
      ++length;
    }
    const absl::string_view word = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return word;
  }

  std::optional<FilterOperator> TakeOperator() {
    SkipBlanks();
    start_ = rest_;
    constexpr std::pair<absl::string_view, FilterOperator> kOperators[] = {
        {"!=", FilterOperator::kNotEqual},
        {"<=", FilterOperator::kLessOrEqual},
        {">=", FilterOperator::kGreaterOrEqual},
        {"=", FilterOperator::kEqual},
        {"<", FilterOperator::kLess},
        {">", FilterOperator::kGreater},
        {":", FilterOperator::kHas}};
    for (const auto& [text, op] : kOperators) {
      if (absl::ConsumePrefix(&rest_, text)) return op;
    }
    return std::nullopt;
  }

  absl::StatusOr<std::string> TakeValue() {
    SkipBlanks();
    if (!absl::StartsWith(rest_, "\"")) {
      const absl::string_view word = TakeWord();
      if (word.empty()) return Wrong("expected a value");
      return std::string(word);
    }
    start_ = rest_;
    std::string text;
    for (size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return text;
      }
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      text += rest_[i];
    }
    return Wrong("the quotation has no end");
  }

  void SkipBlanks() { rest_ = absl::StripLeadingAsciiWhitespace(rest_); }

  absl::Status Wrong(absl::string_view what) const {
    return absl::InvalidArgumentError(
        absl::StrCat("at character ", whole_.size() - start_.size() + 1, ": ", what));
  }

  absl::string_view whole_;
  absl::string_view rest_;
  absl::string_view start_ = whole_;  // Of what was read last.
  const FilterFields& fields_;
};

template <typename T>
bool Ordered(FilterOperator op, const T& a, const T& b) {
  switch (op) {
    case FilterOperator::kLess:
      return a < b;
    case FilterOperator::kLessOrEqual:
      return a <= b;
    case FilterOperator::kGreater:
      return a > b;
    case FilterOperator::kGreaterOrEqual:
      return a >= b;
    default:
      return false;
  }
}

bool HasPart(const FilterTerm& term, const FilterValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr || term.field->repeated) return value == term.value;
  const auto& part = std::get<std::string>(term.value);
  return term.field->spec.prefix ? absl::StartsWith(*text, part) : absl::StrContains(*text, part);
}

bool Compare(const FilterTerm& term, const SaidValue& said) {
  switch (term.op) {
    case FilterOperator::kEqual:
      // An empty text and an UNSPECIFIED value can be asked for; an absent number cannot.
      return said.value == term.value && (said.said || term.field->oneof == nullptr);
    case FilterOperator::kNotEqual:
      return said.value != term.value;
    case FilterOperator::kHas:
      return said.said && HasPart(term, said.value);
    default:
      return said.said && std::visit(
                              [&](const auto& a) {
                                using Value = std::decay_t<decltype(a)>;
                                return Ordered(term.op, a, std::get<Value>(term.value));
                              },
                              said.value);
  }
}

// Does any value at the end of the path, from step `depth` on, satisfy the term?
bool AnyMatches(const FilterTerm& term, const Message& message, size_t depth) {
  const FieldDescriptor& field = *term.field->steps[depth];
  const bool leaf = depth + 1 == term.field->steps.size();
  const Reflection& r = *message.GetReflection();
  if (!field.is_repeated()) {
    return leaf ? Compare(term, ReadValue(message, field, -1))
                : AnyMatches(term, r.GetMessage(message, &field), depth + 1);
  }
  for (int i = 0; i < r.FieldSize(message, &field); ++i) {
    if (leaf ? Compare(term, ReadValue(message, field, i))
             : AnyMatches(term, r.GetRepeatedMessage(message, &field, i), depth + 1)) {
      return true;
    }
  }
  return false;
}

}  // namespace

FilterFields::FilterFields(const Descriptor& type, const std::vector<FilterFieldSpec>& specs) {
  for (const FilterFieldSpec& spec : specs) fields_.push_back(Resolve(type, spec));
}

const FilterField* FilterFields::Find(absl::string_view path) const {
  for (const FilterField& field : fields_) {
    if (field.spec.path == path) return &field;
  }
  return nullptr;
}

std::string FilterFields::Names() const {
  return absl::StrJoin(fields_, ", ", [](std::string* out, const FilterField& field) {
    out->append(field.spec.path);
  });
}

absl::StatusOr<Filter> Filter::Parse(absl::string_view text, const FilterFields& fields) {
  LEYE_ASSIGN_OR_RETURN(std::vector<FilterTerm> terms, Parser(text, fields).Parse());
  Filter filter;
  filter.terms_ = std::move(terms);
  return filter;
}

bool Filter::Matches(const Message& message) const {
  return std::all_of(terms_.begin(), terms_.end(), [&](const FilterTerm& term) {
    return term.field->oneof != nullptr ? Compare(term, ReadChoice(message, *term.field))
                                        : AnyMatches(term, message, 0);
  });
}

bool Filter::Mentions(absl::string_view path) const {
  return std::any_of(terms_.begin(), terms_.end(),
                     [&](const FilterTerm& term) { return term.field->spec.path == path; });
}

std::string SortKeyOf(const Message& message, const FilterField& field) {
  const Message* at = &message;
  for (size_t i = 0; i + 1 < field.steps.size(); ++i) {
    at = &at->GetReflection()->GetMessage(*at, field.steps[i]);
  }
  const SaidValue read = ReadValue(*at, *field.steps.back(), -1);
  if (!read.said) return "";
  if (const auto* text = std::get_if<std::string>(&read.value)) return *text;
  // Shifted into the unsigned numbers, whose hexadecimal form sorts as they do.
  const auto number = static_cast<uint64_t>(std::get<int64_t>(read.value));
  return absl::StrFormat("%016x", number ^ (uint64_t{1} << 63));
}

}  // namespace leye::app
