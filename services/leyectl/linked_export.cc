#include "services/leyectl/linked_export.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/leyectl/files/flat_record.h"
#include "services/leyectl/files/hr_open_writer.h"
#include "services/leyectl/files/linked_data_writer.h"
#include "services/leyectl/words.h"

namespace leye::ctl {

LinkedPostings::LinkedPostings(const Session& session, Format format, NamesOfResources names,
                               std::ostream& stream)
    : session_(session), format_(format), names_(std::move(names)), stream_(stream) {
  Write(format_ == Format::kHrOpen ? files::kPositionOpeningsBegin : files::kJobPostingsBegin);
}

absl::Status LinkedPostings::Add(google::protobuf::Message* record) {
  auto& posting = static_cast<v1::Posting&>(*record);
  if (posting.state() == v1::POSTING_STATE_CLOSED ||
      posting.publication() > v1::POSTING_PUBLICATION_PUBLISHED) {
    ++left_out_;
    return absl::OkStatus();
  }
  files::KeepGiven(&posting);
  const files::PostingNames names = NamesOf(posting);
  Write(written_++ == 0 ? "\n" : ",\n");
  Write(format_ == Format::kHrOpen ? files::ToPositionOpening(posting, names)
                                   : files::ToJobPosting(posting, names));
  CountUnsaid(posting);
  return stream_ ? absl::OkStatus() : absl::UnavailableError("the output cannot be written");
}

absl::Status LinkedPostings::Close() {
  Write(absl::StrCat(
      "\n", format_ == Format::kHrOpen ? files::kPositionOpeningsEnd : files::kJobPostingsEnd,
      "\n"));
  stream_ << std::flush;
  if (!stream_) return absl::UnavailableError("the output cannot be written");
  Tell();
  return absl::OkStatus();
}

void LinkedPostings::Write(absl::string_view text) {
  stream_ << text;
  bytes_ += text.size();
}

files::PostingNames LinkedPostings::NamesOf(const v1::Posting& posting) const {
  const auto name_of = [this](const std::string& resource) {
    const auto found = names_.find(resource);
    return found == names_.end() ? "" : found->second;
  };
  files::PostingNames names{.employer = name_of(posting.employer())};
  const auto add = [&names, &name_of](const v1::AskedSkill& skill) {
    std::string name = name_of(skill.skill());
    if (!name.empty()) names.skills.push_back(std::move(name));
  };
  for (const v1::SkillGroup& group : posting.required_skills()) {
    for (const v1::AskedSkill& skill : group.skills()) add(skill);
  }
  for (const v1::AskedSkill& skill : posting.preferred_skills()) add(skill);
  return names;
}

void LinkedPostings::CountUnsaid(const v1::Posting& posting) {
  for (const files::FlatField& field : files::FlatFields(v1::Posting::descriptor())) {
    const bool said =
        field.path == "name" || (format_ == Format::kHrOpen ? files::PositionProfileSays(field.path)
                                                            : files::JobPostingSays(field.path));
    if (said || files::TextOf(posting, field, Language::kEnglish).empty()) continue;
    ++unsaid_[field.path];
  }
}

void LinkedPostings::Tell() const {
  const absl::string_view format = format_ == Format::kHrOpen ? "HR Open" : "JobPosting";
  if (left_out_ > 0) {
    session_.err << session_.Say("left out, closed or not published: ", "已关闭或未发布，未导出：")
                 << Grouped(left_out_) << "\n";
  }
  if (!unsaid_.empty()) {
    std::vector<std::string> fields;
    for (const auto& [path, count] : unsaid_) {
      fields.push_back(absl::StrCat(path, " ", Grouped(count)));
    }
    session_.err << format
                 << session_.Say(
                        " has no words for these fields; they stand in leye:posting, "
                        "which only leye reads: ",
                        " 没有下列字段，仅写入 leye:posting，只有 leye 会读取：")
                 << absl::StrJoin(fields, ", ") << "\n";
  }
  if (bytes_ > files::kMaxPageBytes) {
    session_.err << session_.Say(
        "the file is larger than the 64 MiB that import takes: export parts with --filter\n",
        "文件超过 import 可读取的 64 MiB：请用 --filter 分批导出\n");
  }
}

}  // namespace leye::ctl
