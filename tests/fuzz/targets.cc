#include <algorithm>

#include "tests/fuzz/target.h"

namespace leye::fuzz {
namespace {

// Reads beyond the end of what it is given when that begins with "leye" and has a seventh byte.
class PlantedFault final : public Target {
 public:
  std::string Try(absl::string_view input) override {
    const std::vector<char> bytes(input.begin(), input.end());
    if (input.substr(0, 4) == "leye" && bytes.size() > 6) return {bytes.data()[bytes.size()]};
    return "";
  }
  std::vector<std::string> Seeds() const override { return {"leyd", "settlement"}; }
};

const NamedTarget& Planted() {
  static const NamedTarget& planted = *new NamedTarget{
      "planted", "a planted overflow",
      []() -> std::unique_ptr<Target> { return std::make_unique<PlantedFault>(); }};
  return planted;
}

}  // namespace

const std::vector<NamedTarget>& AllTargets() {
  static const std::vector<NamedTarget>& targets = *new std::vector<NamedTarget>{
      {"rpc", "every RPC, by callers of every role, on a server with an embedded store",
       NewRpcTarget},
      {"gateway_json", "requests as the gateway reads them from JSON", NewJsonTarget},
      {"gateway_http", "dialects, frames and timeouts of the gateway", NewHttpTarget},
      {"import_csv", "tables in CSV, of every collection", NewTableTarget},
      {"import_xlsx", "workbooks, given as the files within the archive", NewWorkbookTarget},
      {"import_records", "JSON lines and delimited protobuf, of every collection",
       NewRecordFileTarget},
      {"import_jsonld", "JobPostings in JSON-LD, in pages and by HR Open", NewLinkedDataTarget},
      {"travel_times", "travel times, as tables and as a routing engine prints them",
       NewTravelTimesTarget},
      {"notices", "texts of notices, from which fields of a posting are suggested",
       NewNoticeTarget},
      {"rulesets", "rulesets in text form", NewRulesetTarget},
      {"page_tokens", "page tokens and revisions", NewPageTokenTarget},
      {"signed_tokens", "the tokens of apps, and identities", NewSignedTokenTarget},
      {"key_files", "files of API keys, of keys for tokens, and of master keys", NewKeyFileTarget},
      {"stored_records", "records as a store keeps them, their sealed part too",
       NewStoredRecordTarget},
      {"change_log", "entries of the change log", NewChangeLogTarget},
      {"region_files", "files in which regions move", NewRegionFileTarget}};
  return targets;
}

const NamedTarget* FindTarget(absl::string_view name) {
  const std::vector<NamedTarget>& all = AllTargets();
  const auto found = std::find_if(
      all.begin(), all.end(), [name](const NamedTarget& target) { return target.name == name; });
  if (found != all.end()) return &*found;
  return name == Planted().name ? &Planted() : nullptr;
}

}  // namespace leye::fuzz
