// Postings as JobPostings of schema.org or as openings of HR Open, for others to publish.

#ifndef LEYE_SERVICES_LEYECTL_LINKED_EXPORT_H_
#define LEYE_SERVICES_LEYECTL_LINKED_EXPORT_H_

#include <cstdint>
#include <map>
#include <ostream>
#include <string>

#include "leye/v1/posting.pb.h"
#include "services/leyectl/files/page_json.h"
#include "services/leyectl/record_writer.h"
#include "services/leyectl/server_books.h"
#include "services/leyectl/session.h"

namespace leye::ctl {

// Writes postings that are open and published, and tells at the end what was left out, and which
// fields only leye reads.
class LinkedPostings final : public RecordWriter {
 public:
  enum class Format { kJobPosting, kHrOpen };

  // `session` and `stream` outlive it.
  LinkedPostings(const Session& session, Format format, NamesOfResources names,
                 std::ostream& stream);

  absl::Status Add(google::protobuf::Message* record) override;
  absl::Status Close() override;

 private:
  void Write(absl::string_view text);
  files::PostingNames NamesOf(const v1::Posting& posting) const;
  void CountUnsaid(const v1::Posting& posting);
  void Tell() const;

  const Session& session_;
  const Format format_;
  const NamesOfResources names_;
  std::ostream& stream_;
  int64_t written_ = 0;
  int64_t left_out_ = 0;
  size_t bytes_ = 0;
  std::map<std::string, int64_t> unsaid_;  // Postings by field.
};

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_LINKED_EXPORT_H_
