#include "services/leyectl/item_source.h"

#include "absl/strings/str_cat.h"

namespace leye::ctl {

bool RecordFiles::Open() {
  if (next_ >= files_.size()) return false;
  auto reader = RecordReader::Open(files_[next_++], format_);
  status_ = reader.status();
  if (reader.ok()) reader_ = *std::move(reader);
  return status_.ok();
}

bool RecordFiles::Next(google::protobuf::Message* message, SourceItem& item) {
  if (!status_.ok()) return false;
  while (reader_ == nullptr || !reader_->Next(record_)) {
    if (reader_ != nullptr) status_ = reader_->status();
    if (!status_.ok() || !Open()) return false;
  }
  const absl::Status parsed = ParseRecord(record_, reader_->format(), message);
  item = {.place = {.file = files_[next_ - 1], .position = record_.position},
          .bytes = record_.bytes.size(),
          .problems = {}};
  if (!parsed.ok()) item.problems = Malformed(parsed);
  return true;
}

std::vector<v1::ImportProblem> Malformed(const absl::Status& status) {
  v1::ImportProblem problem;
  problem.set_reason("MALFORMED");
  problem.set_description(std::string(status.message()));
  problem.set_description_zh(absl::StrCat("无法读取：", status.message()));
  return {problem};
}

}  // namespace leye::ctl
