// From what people write to trades, skills, licences and levels.
//
//   LEYE_ASSIGN_OR_RETURN(const text::Normalizer normalizer, text::Normalizer::Build(sources));
//   const text::Normalized read = normalizer.Normalize("急招电焊工（月薪6000+）");
//   read.trades[0].trade;               // index of 6-18-02-04 焊工 in sources.trades
//   read.trades[0].words.In(phrase);    // 电焊工
//   read.findings;                      // 急招; pay of 6000 or more a month
//
// The phrase is folded, all known words are found in one pass, those that fit together best are
// kept, and they are read from left to right: a suffix belongs to the title before it, the last of
// several nouns is the work, what stands before 招聘 is who is hiring. The words are data of
// deploy/catalogue, units of numbers those of numbers.cc; README.md: how, and how well. Linear.
// Immutable, safe for concurrent use.
#ifndef LEYE_SERVICES_TEXT_NORMALIZER_H_
#define LEYE_SERVICES_TEXT_NORMALIZER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/text/normalized.h"
#include "services/text/notice.h"

namespace leye::text {

struct Lexicon;

// A trade of level 4.
struct TradeEntry {
  std::string code;
  std::string name;
  std::vector<std::string> aliases;
};

struct SkillEntry {
  std::vector<std::string> names;  // The name and the aliases.
  std::string trade_code;          // Empty: of no trade.
  bool is_paper = false;           // A certificate or licence.
};

// What the normaliser is built from.
struct NormalizerSources {
  std::vector<TradeEntry> trades;
  std::vector<SkillEntry> skills;
  std::string
      titles;  // The text of titles.tsv and of words.tsv, as deploy/catalogue describes them.
  std::string words;
};

class Normalizer {
 public:
  // INVALID_ARGUMENT with every mistake of the tables, one a line; FAILED_PRECONDITION as
  // Characters::Load. Takes some 1.3 s.
  static absl::StatusOr<Normalizer> Build(const NormalizerSources& sources);

  Normalizer(Normalizer&&) noexcept;
  Normalizer& operator=(Normalizer&&) noexcept;
  ~Normalizer();

  // Reads a phrase: any bytes, those that are not UTF-8 are passed over. Never fails; nothing is
  // found where nothing is known.
  Normalized Normalize(absl::string_view phrase) const;

  // Reads a whole notice, in the same way.
  Notice ReadNotice(absl::string_view text) const;

  // How many words are known, and how many of them are titles of a trade.
  size_t word_count() const;
  size_t title_count() const;

 private:
  explicit Normalizer(std::unique_ptr<const Lexicon> lexicon);

  std::unique_ptr<const Lexicon> lexicon_;
};

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_NORMALIZER_H_
