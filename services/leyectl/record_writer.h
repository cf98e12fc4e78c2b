// Takes the records of an export.

#ifndef LEYE_SERVICES_LEYECTL_RECORD_WRITER_H_
#define LEYE_SERVICES_LEYECTL_RECORD_WRITER_H_

#include "absl/status/status.h"
#include <google/protobuf/message.h>

namespace leye::ctl {

// Takes records one by one. Thread-compatible.
class RecordWriter {
 public:
  RecordWriter() = default;
  RecordWriter(const RecordWriter&) = delete;
  RecordWriter& operator=(const RecordWriter&) = delete;
  virtual ~RecordWriter() = default;

  // `record` is as the server gave it; the writer may change it.
  virtual absl::Status Add(google::protobuf::Message* record) = 0;
  virtual absl::Status Close() = 0;
};

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_RECORD_WRITER_H_
