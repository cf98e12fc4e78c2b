// Keeps count of an import, draws its progress, and tells of the items that were rejected.

#ifndef LEYE_SERVICES_LEYECTL_IMPORT_REPORT_H_
#define LEYE_SERVICES_LEYECTL_IMPORT_REPORT_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "leye/v1/import.pb.h"
#include "services/leyectl/session.h"

namespace leye::ctl {

// Where an item stands.
struct ItemPlace {
  std::string file;
  int64_t position = 0;  // Line or record, from 1.
};

struct ImportCounts {
  int64_t created = 0;
  int64_t updated = 0;
  int64_t unchanged = 0;
  int64_t rejected = 0;
  int64_t readable = 0;  // In a dry run: would be sent.
  int64_t held = 0;      // Of the created, updated and unchanged: not published.
  int64_t flagged = 0;   // Of them: published, with findings.

  int64_t total() const { return created + updated + unchanged + rejected + readable; }
};

// "postings.jsonl:3"
std::string PlaceText(const ItemPlace& place);

// "conditions.sex_limit: sex limit (flag): SEX_FEMALE".
std::string FindingText(const v1::LintFinding& finding, const Session& session);

// Thread-compatible: one thread at a time.
class ImportReport {
 public:
  explicit ImportReport(const Session& session);

  // Writes every rejected item to `file` as well: place, field, reason, description, separated by
  // tabs.
  absl::Status OpenRejects(const std::string& file);

  // Begins a collection: its word stands before the progress.
  void Begin(absl::string_view collection);

  // The same for a dry run: Done counts what would be sent.
  void BeginDry(absl::string_view collection);

  // `revision` holds the change; empty when there was none.
  void Done(v1::ImportOutcome outcome, const std::string& revision = "");

  // Findings that keep nothing back are printed too, and not only counted.
  void TellFlags() { tell_flags_ = true; }

  // Of a posting that was taken: whether it is kept back, and what was found in it.
  void Found(const ItemPlace& place, const v1::ImportReceipt& receipt);

  // So many suggestions were made from texts of postings. May be called beside the other methods.
  void Suggested(int64_t suggestions) { suggested_ += suggestions; }

  void Rejected(const ItemPlace& place, const std::vector<v1::ImportProblem>& problems);

  // From now on the places of what is rejected are kept, some 50 bytes each.
  void KeepPlaces() { keep_places_ = true; }
  // Of those kept: where in the file, ascending.
  std::vector<int64_t> RejectedOf(const std::string& file) const;

  // Ends the collection with a line of summary (or an object of JSON).
  void End();

  // The revision that holds all changes so far, for `--min-revision`; empty when nothing changed.
  const std::string& revision() const { return revision_; }

  // Of all collections so far.
  const ImportCounts& total() const { return total_; }

 private:
  void Draw();
  void ClearLine() const;
  void PrintJson() const;
  void PrintWords() const;
  int64_t Rate() const;  // Items a second.
  double Seconds() const;

  const Session& session_;
  std::ofstream rejects_;
  std::string collection_;
  bool dry_ = false;
  ImportCounts counts_;
  ImportCounts total_;
  std::string revision_;
  bool tell_flags_ = false;
  std::atomic<int64_t> suggested_ = 0;  // Of the collection at hand.
  bool keep_places_ = false;
  std::map<std::string, std::set<int64_t>> rejected_;  // Positions by file.
  int shown_ = 0;  // Rejected items printed; the rest are only counted.
  int found_ = 0;  // The same of items in which something was found.
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point drawn_;
};

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_IMPORT_REPORT_H_
