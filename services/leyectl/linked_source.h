// JobPostings of a page or a JSON-LD file as an import's records.

#ifndef LEYE_SERVICES_LEYECTL_LINKED_SOURCE_H_
#define LEYE_SERVICES_LEYECTL_LINKED_SOURCE_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "services/leyectl/files/row_mapper.h"
#include "services/leyectl/item_source.h"

namespace leye::ctl {

class LinkedSource final : public ItemSource {
 public:
  // kOwners gives each employer once, kRecords the postings.
  enum class Pass { kOwners, kRecords };

  // `rows` outlive it. An item's position is its number in the file.
  LinkedSource(std::string file, const std::vector<files::MappedRow>& rows, Pass pass)
      : file_(std::move(file)), rows_(rows), pass_(pass) {}

  bool Next(google::protobuf::Message* message, SourceItem& item) override;
  absl::Status status() const override { return absl::OkStatus(); }
  std::vector<v1::ImportProblem> Rejected(const SourceItem& item,
                                          std::vector<v1::ImportProblem> problems) override;

  // What was wrong with postings, by position. REQUIRES: Rejected is called no more.
  const std::map<int64_t, std::vector<v1::ImportProblem>>& rejected() const { return rejected_; }

 private:
  const std::string file_;
  const std::vector<files::MappedRow>& rows_;
  const Pass pass_;
  size_t next_ = 0;
  std::set<std::string> owners_;  // Given.
  std::map<int64_t, std::vector<v1::ImportProblem>> rejected_;
};

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_LINKED_SOURCE_H_
