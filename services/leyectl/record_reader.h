// Reads the records of a file one by one: JSON lines, or length-delimited protobuf.
//
//   auto reader = *RecordReader::Open("candidates.jsonl", RecordFormat::kByName);
//   for (RawRecord record; reader->Next(record);) ParseRecord(record, reader->format(),
//   &candidate);
//
// JSON lines: one object a line; blank lines are skipped. `.binpb`: before each message its length
// as a varint, as protobuf's own libraries write delimited messages; it costs a tenth of JSON to
// read.

#ifndef LEYE_SERVICES_LEYECTL_RECORD_READER_H_
#define LEYE_SERVICES_LEYECTL_RECORD_READER_H_

#include <cstdint>
#include <istream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <google/protobuf/message.h>

namespace leye::ctl {

enum class RecordFormat {
  kByName,  // Binary when the file's name ends in .binpb, otherwise JSON lines.
  kJsonLines,
  kBinary,
};

struct RawRecord {
  std::string bytes;
  int64_t position = 0;  // Line of the file, or number of the record, from 1.
};

// Thread-compatible.
class RecordReader {
 public:
  // `-` is standard input. NOT_FOUND when the file cannot be read.
  static absl::StatusOr<std::unique_ptr<RecordReader>> Open(const std::string& file,
                                                            RecordFormat format);

  // Reads from `stream`, which must outlive the reader.
  RecordReader(std::istream& stream, RecordFormat format) : stream_(&stream), format_(format) {}

  // The next record; false at the end, or where a binary file breaks off (then `status` says so).
  bool Next(RawRecord& record);

  // OK, or DATA_LOSS when a binary file broke off inside a record.
  const absl::Status& status() const { return status_; }

  RecordFormat format() const { return format_; }

 private:
  bool NextLine(RawRecord& record);
  bool NextMessage(RawRecord& record);

  std::unique_ptr<std::istream> owned_;
  std::istream* stream_;
  RecordFormat format_;
  int64_t position_ = 0;
  absl::Status status_;
};

// Reads a record into `message`, cleared before. INVALID_ARGUMENT says what is wrong without
// quoting values.
absl::Status ParseRecord(const RawRecord& record, RecordFormat format,
                         google::protobuf::Message* message);

// Appends `message` to `out` in the format. REQUIRES: not kByName.
void AppendRecord(const google::protobuf::Message& message, RecordFormat format, std::string* out);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_RECORD_READER_H_
