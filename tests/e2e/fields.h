// Every field of a request, however deep, by reflection: to put something wrong into each.
//
//   for (const FieldPath& field : FieldsOf(*request)) {
//     if (field.leaf()->cpp_type() != FieldDescriptor::CPPTYPE_ENUM) continue;
//     std::unique_ptr<Message> wrong = With(*request, field, PutEnum(9'999));
//     ...
//   }

#ifndef LEYE_TESTS_E2E_FIELDS_H_
#define LEYE_TESTS_E2E_FIELDS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "leye/v1/options.pb.h"

namespace leye::e2e {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The way from a request to one of its fields; of a repeated field, to its first element.
struct FieldPath {
  std::vector<const FieldDescriptor*> steps;

  const FieldDescriptor* leaf() const { return steps.back(); }
  // As violations name it: "posting.conditions.ages[0].min_years".
  std::string Text() const;
};

// What (leye.v1.rule) says of the field.
const v1::FieldRule& RuleOf(const FieldDescriptor& field);

// All fields that a caller sets and that hold no message, in fields of fields too. Those that the
// server sets, masks and times are left out.
std::vector<FieldPath> FieldsOf(const Message& request);

// Sets the field `leaf` of `holder`, or appends to it when it is repeated.
using Put = std::function<void(Message& holder, const FieldDescriptor& leaf)>;
Put PutText(std::string text);
Put PutEnum(int number);
Put PutNumber(double number);

// `request` with the field changed. An update's mask is made to name just the field's part.
std::unique_ptr<Message> With(const Message& request, const FieldPath& field, const Put& put);

}  // namespace leye::e2e

#endif  // LEYE_TESTS_E2E_FIELDS_H_
