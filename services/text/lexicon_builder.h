// Makes the lexicon out of the catalogue's entries and the tables of words.
#ifndef LEYE_SERVICES_TEXT_LEXICON_BUILDER_H_
#define LEYE_SERVICES_TEXT_LEXICON_BUILDER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/text/lexicon.h"
#include "services/text/normalizer.h"
#include "services/text/word_list.h"

namespace leye::text {

// Used once. Thread-compatible.
class LexiconBuilder {
 public:
  explicit LexiconBuilder(Characters characters) : made_(std::move(characters)) {}

  // As Normalizer::Build.
  absl::StatusOr<Lexicon> Build(const NormalizerSources& sources);

 private:
  // The title as a title of the table, and what it means. Later meanings are added.
  struct TitleRow {
    absl::string_view code;
    Percent confidence;
    Contexts contexts;
    int line;
  };

  void AddTitles(const NormalizerSources& sources);
  void AddTitle(const std::string& title, const TitleRow& row);
  void AddCatalogueTitles(const std::vector<TradeEntry>& trades);
  void AddAlias(const std::string& alias, uint32_t trade, Percent confidence);
  // A title with another ending of the same sense (抄表员: 抄表工), where that is no title yet.
  void AddEndings();
  void AddSkills(const NormalizerSources& sources);
  void AddWords(absl::string_view text);
  void AddWord(const TableRow& row, const std::string& word);
  // A character that is written for another because it looks like it (御 for 卸).
  void AddAlike(const TableRow& row, const std::string& word);
  // A character that a word may end in, and those that then make another word of it.
  void AddCut(const TableRow& row, const std::string& word);
  void AddFinding(Term& term, const TableRow& row, FindingKind kind);
  void AddLevels();
  void AddKin();
  void AddSounds();

  // The number of a context word; the word becomes a term.
  Contexts ContextOf(absl::string_view word);
  // The term of a text, folded as phrases are; a new one where there is none. Null: it is empty.
  Term* TermOf(absl::string_view text);
  std::vector<std::string> ExpandList(absl::string_view cell, absl::string_view separator,
                                      absl::string_view file, int line);
  void Wrong(absl::string_view file, int line, absl::string_view what);

  // Whether a title says who does the work (焊工), not the work (电焊): by its ending.
  bool NamesPerson(const std::u32string& title) const;

  Lexicon made_;
  std::vector<std::u32string> persons_;  // Endings.
  std::vector<std::u32string> endings_;  // Those that may stand for each other.
  std::vector<std::u32string> texts_;    // By number of a term.
  absl::flat_hash_map<std::u32string, uint32_t> numbers_;
  absl::flat_hash_map<std::string, uint32_t> trades_;    // By code.
  absl::flat_hash_map<std::string, Contexts> contexts_;  // By word.
  std::vector<bool> is_tabled_;                          // By number: titles.tsv names it.
  std::vector<std::string> mistakes_;
};

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_LEXICON_BUILDER_H_
