#include "services/leyectl/linked_source.h"

namespace leye::ctl {

bool LinkedSource::Next(google::protobuf::Message* message, SourceItem& item) {
  while (next_ < rows_.size()) {
    const files::MappedRow& row = rows_[next_++];
    item = {.place = {.file = file_, .position = static_cast<int64_t>(next_)},
            .bytes = row.record->ByteSizeLong(),
            .problems = {}};
    if (pass_ == Pass::kRecords) {
      message->CopyFrom(*row.record);
      item.problems = row.problems;
      return true;
    }
    const bool is_new =
        row.owner != nullptr && row.problems.empty() && owners_.insert(row.owner_name).second;
    if (!is_new) continue;
    message->CopyFrom(*row.owner);
    return true;
  }
  return false;
}

std::vector<v1::ImportProblem> LinkedSource::Rejected(const SourceItem& item,
                                                      std::vector<v1::ImportProblem> problems) {
  // A posting whose employer was rejected is rejected as well.
  if (pass_ == Pass::kRecords) rejected_[item.place.position] = problems;
  return problems;
}

}  // namespace leye::ctl
