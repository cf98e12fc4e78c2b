// Where an import's records come from: files of records, tables, pages.

#ifndef LEYE_SERVICES_LEYECTL_ITEM_SOURCE_H_
#define LEYE_SERVICES_LEYECTL_ITEM_SOURCE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include <google/protobuf/message.h>

#include "leye/v1/import.pb.h"
#include "services/leyectl/files/row.h"
#include "services/leyectl/import_report.h"
#include "services/leyectl/record_reader.h"

namespace leye::ctl {

struct SourceItem {
  ItemPlace place;
  size_t bytes = 0;                            // About so much memory takes it.
  std::vector<v1::ImportProblem> problems;     // Why it cannot be sent; empty when it can.
  std::shared_ptr<const files::Row> row = {};  // What it was made of, in a table.
  std::string name = {};                       // The record's name, where its source made it.
};

// Thread-compatible, but `Rejected` may run beside `Next`, one call of it at a time.
class ItemSource {
 public:
  ItemSource() = default;
  ItemSource(const ItemSource&) = delete;
  ItemSource& operator=(const ItemSource&) = delete;
  virtual ~ItemSource() = default;

  // The next record into `message`, cleared before, or why it is none; false at the end.
  virtual bool Next(google::protobuf::Message* message, SourceItem& item) = 0;

  // OK, or why a file ended early.
  virtual absl::Status status() const = 0;

  // Is told of an item that was rejected, here or by the server. Returns the problems as they are
  // told to people.
  virtual std::vector<v1::ImportProblem> Rejected(const SourceItem& item,
                                                  std::vector<v1::ImportProblem> problems) {
    (void)item;
    return problems;
  }
};

// JSON lines or .binpb.
class RecordFiles final : public ItemSource {
 public:
  RecordFiles(std::vector<std::string> files, RecordFormat format)
      : files_(std::move(files)), format_(format) {}

  bool Next(google::protobuf::Message* message, SourceItem& item) override;
  absl::Status status() const override { return status_; }

 private:
  // Opens the next file; false when there is none, or it cannot be read.
  bool Open();

  const std::vector<std::string> files_;
  const RecordFormat format_;
  size_t next_ = 0;
  std::unique_ptr<RecordReader> reader_;
  RawRecord record_;
  absl::Status status_;
};

// The problem of an item that cannot even be read.
std::vector<v1::ImportProblem> Malformed(const absl::Status& status);

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_ITEM_SOURCE_H_
