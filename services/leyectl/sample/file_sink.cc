#include "services/leyectl/sample/file_sink.h"

#include "absl/strings/str_cat.h"

#include "services/base/status.h"

namespace leye::ctl::sample {

absl::Status FileSink::Take(absl::string_view collection,
                            const google::protobuf::Message& resource) {
  if (open_ != collection) LEYE_RETURN_IF_ERROR(Open(std::string(collection)));
  buffer_.clear();
  AppendRecord(resource, format_, &buffer_);
  file_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  ++counts_[open_];
  return absl::OkStatus();
}

absl::Status FileSink::Open(const std::string& collection) {
  LEYE_RETURN_IF_ERROR(Close());
  open_ = collection;
  const std::string file = absl::StrCat(folder_, "/", collection,
                                        format_ == RecordFormat::kBinary ? ".binpb" : ".jsonl");
  file_.open(file, std::ios::binary | std::ios::trunc);
  if (!file_) return absl::UnavailableError(absl::StrCat("cannot write ", file));
  return absl::OkStatus();
}

absl::Status FileSink::Close() {
  if (open_.empty()) return absl::OkStatus();
  file_.close();
  if (!file_) return absl::UnavailableError(absl::StrCat("cannot write ", folder_, "/", open_));
  file_.clear();
  return absl::OkStatus();
}

}  // namespace leye::ctl::sample
