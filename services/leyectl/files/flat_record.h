// A record as a row of cells and back: a column for each field that a caller may set, called by its
// path (`preferences.willing`).
//
//   for (const FlatField& field : FlatFields(*v1::Candidate::descriptor()))
//     cells.push_back(TextOf(candidate, field, language));
//   SetFromText(field, cell, &candidate);
//
// Fields of single messages are flattened; lists of words are joined by `; `; lists of messages are
// JSON. A oneof of messages has a column that says which one (`channel`).

#ifndef LEYE_SERVICES_LEYECTL_FILES_FLAT_RECORD_H_
#define LEYE_SERVICES_LEYECTL_FILES_FLAT_RECORD_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include <google/protobuf/message.h>

#include "leye/v1/import.pb.h"
#include "services/leyectl/files/values.h"
#include "services/leyectl/language.h"

namespace leye::ctl::files {

// The column that holds, as JSON, what the others cannot say of a record.
inline constexpr absl::string_view kRestColumn = "leye.rest";

struct FlatField {
  std::string path;
  std::vector<const google::protobuf::FieldDescriptor*> steps;  // Empty: a oneof's case.
  const google::protobuf::OneofDescriptor* oneof = nullptr;
};

// All, in the order of the proto; `name` first. Immutable, made once for each type.
const std::vector<FlatField>& FlatFields(const google::protobuf::Descriptor* type);

std::optional<FlatField> FindFlatField(const google::protobuf::Descriptor* type,
                                       absl::string_view path);

// The cell of a field; empty when it is not set.
std::string TextOf(const google::protobuf::Message& message, const FlatField& field,
                   Language language);

// Sets the field from a cell that is not blank. What is wrong; nullopt when nothing is. Text of
// free fields is taken as it stands.
std::optional<v1::ImportProblem> SetFromText(const FlatField& field, absl::string_view cell,
                                             google::protobuf::Message* message);

// Takes away what a file may not give: what the server sets, and the etag.
void KeepGiven(google::protobuf::Message* message);

// A problem at a field.
v1::ImportProblem ProblemOf(absl::string_view field, const Fault& fault);

// The top-level fields in which two messages of a type differ, as a JSON object of `wanted`; ""
// when they are the same. ApplyRest makes the first equal to the second.
std::string RestOf(const google::protobuf::Message& rebuilt,
                   const google::protobuf::Message& wanted);
std::optional<v1::ImportProblem> ApplyRest(absl::string_view json,
                                           google::protobuf::Message* message);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_FLAT_RECORD_H_
