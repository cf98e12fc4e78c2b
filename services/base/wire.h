// Just enough of the Protobuf wire format to write and read google.rpc's error details without
// linking Protobuf: length-delimited fields, and to write whole numbers. Reading skips fields of
// every other kind.

#ifndef LEYE_SERVICES_BASE_WIRE_H_
#define LEYE_SERVICES_BASE_WIRE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace leye::wire {

// Appends field `number` with `value` to `message`. REQUIRES: 1 <= number <= 15.
void AppendField(int number, absl::string_view value, std::string& message);
// The same of a whole number (int32, int64, uint64, bool, enums).
void AppendNumber(int number, uint64_t value, std::string& message);

struct Field {
  uint64_t number = 0;
  absl::string_view value;
};

// Walks the length-delimited fields of a message. Thread-compatible; views live as long as the
// input.
class Reader {
 public:
  explicit Reader(absl::string_view message) : rest_(message) {}

  // The next field; nullopt at the end, and at the first byte that is not well formed.
  std::optional<Field> Next();

 private:
  std::optional<uint64_t> ReadVarint();
  bool Skip(uint64_t bytes);

  absl::string_view rest_;
};

}  // namespace leye::wire

#endif  // LEYE_SERVICES_BASE_WIRE_H_
