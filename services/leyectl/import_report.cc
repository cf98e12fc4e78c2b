#include "services/leyectl/import_report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/leyectl/width.h"
#include "services/leyectl/words.h"

namespace leye::ctl {
namespace {

constexpr int kShownRejections = 20;
constexpr int64_t kItemsPerLook = 512;  // How often the clock is read for the progress.
constexpr auto kDrawEvery = std::chrono::milliseconds(200);

void Add(const ImportCounts& part, ImportCounts& sum) {
  sum.created += part.created;
  sum.updated += part.updated;
  sum.unchanged += part.unchanged;
  sum.rejected += part.rejected;
  sum.readable += part.readable;
  sum.held += part.held;
  sum.flagged += part.flagged;
}

}  // namespace

std::string PlaceText(const ItemPlace& place) {
  return absl::StrCat(place.file == "-" ? "stdin" : place.file, ":", place.position);
}

std::string FindingText(const v1::LintFinding& finding, const Session& session) {
  const Language language = session.settings.language;
  std::string text = absl::StrCat(finding.field(), ": ", WordOf(finding.code(), language), " (",
                                  WordOf(finding.severity(), language), ")");
  if (!finding.evidence().empty()) absl::StrAppend(&text, ": ", Printable(finding.evidence()));
  return text;
}

ImportReport::ImportReport(const Session& session) : session_(session) {}

absl::Status ImportReport::OpenRejects(const std::string& file) {
  rejects_.open(file, std::ios::binary | std::ios::trunc);
  if (!rejects_) return absl::UnavailableError(absl::StrCat("cannot write ", file));
  return absl::OkStatus();
}

void ImportReport::Begin(absl::string_view collection) {
  collection_ = std::string(collection);
  dry_ = false;
  counts_ = {};
  suggested_ = 0;
  start_ = drawn_ = std::chrono::steady_clock::now();
}

void ImportReport::BeginDry(absl::string_view collection) {
  Begin(collection);
  dry_ = true;
}

void ImportReport::Done(v1::ImportOutcome outcome, const std::string& revision) {
  if (!revision.empty()) revision_ = revision;
  if (outcome == v1::IMPORT_OUTCOME_CREATED) ++counts_.created;
  if (outcome == v1::IMPORT_OUTCOME_UPDATED) ++counts_.updated;
  if (outcome == v1::IMPORT_OUTCOME_UNCHANGED) ++counts_.unchanged;
  if (outcome == v1::IMPORT_OUTCOME_UNSPECIFIED) ++counts_.readable;
  if (session_.settings.progress && counts_.total() % kItemsPerLook == 0) Draw();
}

void ImportReport::Rejected(const ItemPlace& place,
                            const std::vector<v1::ImportProblem>& problems) {
  ++counts_.rejected;
  if (keep_places_) rejected_[place.file].insert(place.position);
  if (problems.empty()) return;  // Told elsewhere.
  const bool chinese = session_.settings.language == Language::kChinese;
  for (const v1::ImportProblem& problem : problems) {
    const std::string words =
        Printable(chinese && !problem.description_zh().empty() ? problem.description_zh()
                                                               : problem.description());
    if (rejects_.is_open()) {
      rejects_ << PlaceText(place) << '\t' << problem.field() << '\t' << problem.reason() << '\t'
               << words << '\n';
    }
    if (shown_ < kShownRejections) {
      ClearLine();
      session_.err << PlaceText(place) << ": " << problem.field()
                   << (problem.field().empty() ? "" : ": ") << problem.reason() << ": " << words
                   << "\n";
    }
  }
  if (++shown_ == kShownRejections) {
    session_.err << session_.Say("(more are counted; --rejects FILE keeps them all)\n",
                                 "（其余只计数；--rejects FILE 可全部保存）\n");
  }
}

std::vector<int64_t> ImportReport::RejectedOf(const std::string& file) const {
  const auto found = rejected_.find(file);
  if (found == rejected_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

void ImportReport::Found(const ItemPlace& place, const v1::ImportReceipt& receipt) {
  const bool published = receipt.publication() <= v1::POSTING_PUBLICATION_PUBLISHED;
  counts_.held += published ? 0 : 1;
  if (receipt.findings().empty()) return;
  counts_.flagged += published ? 1 : 0;
  if ((published && !tell_flags_) || found_ == kShownRejections) return;
  ClearLine();
  for (const v1::LintFinding& finding : receipt.findings()) {
    session_.err << PlaceText(place) << ": " << FindingText(finding, session_) << "\n";
  }
  if (++found_ < kShownRejections) return;
  session_.err << session_.Say("(more are counted; leyectl review queue lists them)\n",
                               "（其余只计数；leyectl review queue 可列出）\n");
}

void ImportReport::End() {
  ClearLine();
  if (session_.settings.json) {
    PrintJson();
  } else {
    PrintWords();
  }
  Add(counts_, total_);
  if (rejects_.is_open()) rejects_.flush();
}

void ImportReport::PrintJson() const {
  session_.out << "{\"collection\":\"" << collection_ << "\"";
  if (dry_) {
    session_.out << ",\"readable\":" << counts_.readable;
  } else {
    session_.out << ",\"created\":" << counts_.created << ",\"updated\":" << counts_.updated
                 << ",\"unchanged\":" << counts_.unchanged;
  }
  if (counts_.held > 0) session_.out << ",\"held\":" << counts_.held;
  if (counts_.flagged > 0) session_.out << ",\"flagged\":" << counts_.flagged;
  if (suggested_ > 0) session_.out << ",\"suggestions\":" << suggested_;
  session_.out << ",\"rejected\":" << counts_.rejected
               << absl::StrFormat(",\"seconds\":%.3f", Seconds()) << ",\"perSecond\":" << Rate()
               << "}\n"
               << std::flush;
}

void ImportReport::PrintWords() const {
  session_.out << absl::StrFormat("%-16s", collection_);
  if (dry_) {
    session_.out << session_.Say("readable ", "可导入 ") << Grouped(counts_.readable);
  } else {
    session_.out << session_.Say("created ", "新增 ") << Grouped(counts_.created)
                 << session_.Say(", updated ", "，更新 ") << Grouped(counts_.updated)
                 << session_.Say(", unchanged ", "，未变 ") << Grouped(counts_.unchanged);
  }
  if (counts_.held > 0) {
    session_.out << session_.Say(", kept back ", "，待审或待更正 ") << Grouped(counts_.held);
  }
  if (counts_.flagged > 0) {
    session_.out << session_.Say(", flagged ", "，有提示 ") << Grouped(counts_.flagged);
  }
  if (suggested_ > 0) {
    session_.out << session_.Say(", suggestions ", "，建议 ") << Grouped(suggested_);
  }
  session_.out << session_.Say(", rejected ", "，拒绝 ") << Grouped(counts_.rejected)
               << absl::StrFormat("  %.1f s, %s/s", Seconds(), Grouped(Rate())) << "\n"
               << std::flush;
}

void ImportReport::Draw() {
  const auto now = std::chrono::steady_clock::now();
  if (now - drawn_ < kDrawEvery) return;
  drawn_ = now;
  session_.err << "\r\x1b[K" << collection_ << " " << Grouped(counts_.total()) << ", "
               << Grouped(Rate()) << "/s, " << session_.Say("rejected ", "拒绝 ")
               << Grouped(counts_.rejected) << std::flush;
}

void ImportReport::ClearLine() const {
  if (session_.settings.progress) session_.err << "\r\x1b[K";
}

int64_t ImportReport::Rate() const {
  return static_cast<int64_t>(static_cast<double>(counts_.total()) / Seconds());
}

double ImportReport::Seconds() const {
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
  return passed.count() > 0.001 ? passed.count() : 0.001;
}

}  // namespace leye::ctl
