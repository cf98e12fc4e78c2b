// What the texts of postings say besides, as suggestions: asked on the way of an import, written to
// a file, and never put into a posting.

#ifndef LEYE_SERVICES_LEYECTL_NOTICE_SOURCE_H_
#define LEYE_SERVICES_LEYECTL_NOTICE_SOURCE_H_

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "leye/v1/notice.pb.h"
#include "services/leyectl/import_report.h"
#include "services/leyectl/item_source.h"
#include "services/leyectl/session.h"

namespace leye::ctl {

// The value of a suggestion as people read it: "junior sec."; for what has parts its JSON.
std::string SuggestedValue(const v1::NoticeSuggestion& suggestion, Language language);

// The postings of another source. Of those with a text a line goes to a file for each suggestion:
// place, field, value, percent, "contradicted" or nothing, the words used, which of several posts
// of the text it is of, from 1, or nothing: of all; separated by tabs.
class NoticeSource final : public ItemSource {
 public:
  // All outlive this.
  NoticeSource(Session& session, ItemSource& postings, ImportReport& report)
      : session_(session), postings_(postings), report_(report) {}

  // UNAVAILABLE when the file cannot be written.
  absl::Status Open(const std::string& file);

  bool Next(google::protobuf::Message* message, SourceItem& item) override;
  absl::Status status() const override { return postings_.status(); }
  std::vector<v1::ImportProblem> Rejected(const SourceItem& item,
                                          std::vector<v1::ImportProblem> problems) override {
    return postings_.Rejected(item, std::move(problems));
  }

  // After the last posting: says what kept suggestions from being made.
  ExitCode Finish();

 private:
  // Asks for all that has come together.
  void Ask();
  // Asks for some of it, and writes down what comes; where one posting is not as it should be, for
  // each by itself. The import says what is wrong with those that are refused.
  void AskFor(const v1::SuggestFromNoticeRequest& some, size_t first_place);
  void Write(const v1::NoticeSuggestions& said, const ItemPlace& place);
  // `post`: the last column.
  template <typename Said>
  void WriteLines(const Said& said, const ItemPlace& place, absl::string_view post);

  Session& session_;
  ItemSource& postings_;
  ImportReport& report_;
  std::ofstream file_;
  v1::SuggestFromNoticeRequest request_;  // Being filled.
  size_t bytes_ = 0;                      // Of it.
  std::vector<ItemPlace> places_;         // By posting of the request.
  grpc::Status asked_;                    // Once it is not OK nothing more is asked.
};

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_NOTICE_SOURCE_H_
