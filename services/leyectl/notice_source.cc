#include "services/leyectl/notice_source.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "leye/v1/posting.pb.h"
#include "services/leyectl/files/flat_record.h"
#include "services/leyectl/json.h"
#include "services/leyectl/resource.h"

namespace leye::ctl {
namespace {

constexpr int kNoticesACall = 100;  // As many as the RPC takes.
constexpr size_t kNoticeBytesACall = 1 << 20;

std::string OneCell(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"\t", " "}, {"\n", " "}, {"\r", " "}});
}

}  // namespace

std::string SuggestedValue(const v1::NoticeSuggestion& suggestion, Language language) {
  const v1::Posting& value = suggestion.value();
  if (suggestion.field() == "pay") return ToJson(value.pay());
  if (suggestion.field() == "reserved") return ToJson(value.reserved());
  const auto field = files::FindFlatField(v1::Posting::descriptor(), suggestion.field());
  return field.has_value() ? files::TextOf(value, *field, language) : "";
}

absl::Status NoticeSource::Open(const std::string& file) {
  file_.open(file, std::ios::binary | std::ios::trunc);
  if (!file_) return absl::UnavailableError(absl::StrCat("cannot write ", file));
  return absl::OkStatus();
}

bool NoticeSource::Next(google::protobuf::Message* message, SourceItem& item) {
  if (!postings_.Next(message, item)) {
    Ask();
    return false;
  }
  const auto& posting = static_cast<const v1::Posting&>(*message);
  if (!item.problems.empty() || posting.original_text().empty() || !asked_.ok()) return true;
  *request_.add_postings() = posting;
  places_.push_back(item.place);
  bytes_ += posting.ByteSizeLong();
  if (request_.postings_size() >= kNoticesACall || bytes_ >= kNoticeBytesACall) Ask();
  return true;
}

void NoticeSource::Ask() {
  if (request_.postings().empty()) return;
  request_.set_parent(RegionName(session_.settings.region));
  AskFor(request_, 0);
  request_.Clear();
  places_.clear();
  bytes_ = 0;
}

void NoticeSource::AskFor(const v1::SuggestFromNoticeRequest& some, size_t first_place) {
  v1::SuggestFromNoticeResponse response;
  grpc::Status asked = session_.Call(Rpc("NoticeService.SuggestFromNotice"), some, &response);
  if (asked.error_code() == grpc::StatusCode::INVALID_ARGUMENT) {
    if (some.postings_size() == 1) return;
    for (int i = 0; asked_.ok() && i < some.postings_size(); ++i) {
      v1::SuggestFromNoticeRequest one;
      one.set_parent(some.parent());
      *one.add_postings() = some.postings(i);
      AskFor(one, first_place + static_cast<size_t>(i));
    }
    return;
  }
  asked_ = std::move(asked);
  for (int i = 0; asked_.ok() && i < response.postings_size(); ++i) {
    Write(response.postings(i), places_[first_place + static_cast<size_t>(i)]);
  }
}

void NoticeSource::Write(const v1::NoticeSuggestions& said, const ItemPlace& place) {
  WriteLines(said, place, "");
  for (int i = 0; i < said.posts_size(); ++i) {
    WriteLines(said.posts(i), place, absl::StrCat(i + 1));
  }
}

template <typename Said>
void NoticeSource::WriteLines(const Said& said, const ItemPlace& place, absl::string_view post) {
  for (const v1::NoticeSuggestion& suggestion : said.suggestions()) {
    file_ << OneCell(PlaceText(place)) << '\t' << suggestion.field() << '\t'
          << OneCell(SuggestedValue(suggestion, session_.settings.language)) << '\t'
          << suggestion.confidence_percent() << '\t'
          << (suggestion.contradicted() ? "contradicted" : "") << '\t'
          << OneCell(suggestion.span().text()) << '\t' << post << '\n';
  }
  report_.Suggested(said.suggestions_size());
}

ExitCode NoticeSource::Finish() {
  file_.flush();
  if (!asked_.ok()) return session_.Fail(asked_);
  if (file_) return ExitCode::kOk;
  return session_.Fail(ExitCode::kFile, session_.Say("the suggestions could not all be written",
                                                     "建议未能全部写入"));
}

}  // namespace leye::ctl
