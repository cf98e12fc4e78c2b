#include "services/text/lexicon_builder.h"

#include <algorithm>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "services/base/status.h"
#include "services/text/scanner.h"

namespace leye::text {
namespace {

constexpr absl::string_view kTitles = "titles.tsv";
constexpr absl::string_view kWords = "words.tsv";

// Of the catalogue's own words, which are not written for this use.
constexpr Percent kOfName = 96;
constexpr Percent kOfAlias = 55;        // Right about every other time: README.md.
constexpr Percent kOfSharedAlias = 45;  // It names two trades: a guess.

// Of titles by another ending.
constexpr size_t kLeastStem = 2;  // Shorter ones are other words: 电工, 电员.
constexpr Percent kLeastToVary = 75;
constexpr Percent kOfVariant = 95;  // Of the title's own confidence, percent.

constexpr int kOwnKin = 2;  // A title is kin of itself: so much does that count.

constexpr size_t kLeastSounding = 3;  // Shorter titles sound like too much else.
constexpr Percent kLeastToSound = 75;

struct RoleName {
  absl::string_view name;
  Role role;
};
constexpr absl::string_view kPerson = "person";
constexpr absl::string_view kAlike = "alike";
constexpr absl::string_view kEnding = "ending";
constexpr absl::string_view kCut = "cut";
constexpr absl::string_view kDuty = "duty";
constexpr absl::string_view kDenialAfter = "denial_after";

constexpr RoleName kRoles[] = {{"suffix", Role::kSuffix},
                               {"rank", Role::kRank},
                               {"level", Role::kLevel},
                               {"announcement", Role::kAnnouncement},
                               {"negation", Role::kNegation},
                               {"neutral", Role::kNeutral},
                               {"organisation", Role::kOrganisation},
                               {"past", Role::kPast},
                               {"seek", Role::kSeek}};

struct FindingName {
  absl::string_view name;
  FindingKind kind;
};
constexpr FindingName kFindings[] = {{"pay", FindingKind::kPay},
                                     {"welfare", FindingKind::kWelfare},
                                     {"headcount", FindingKind::kHeadcount},
                                     {"age", FindingKind::kAge},
                                     {"sex", FindingKind::kSex},
                                     {"education", FindingKind::kEducation},
                                     {"experience", FindingKind::kExperience},
                                     {"schedule", FindingKind::kSchedule},
                                     {"term", FindingKind::kTerm},
                                     {"urgency", FindingKind::kUrgency},
                                     {"place", FindingKind::kPlace},
                                     {"model", FindingKind::kModel},
                                     {"household", FindingKind::kHousehold}};

Sex SexOf(absl::string_view word) {
  if (word == "male") return Sex::kMale;
  if (word == "female") return Sex::kFemale;
  return word == "any" ? Sex::kAny : Sex::kUnsaid;
}

bool EndsWith(const std::u32string& text, const std::u32string& word) {
  return text.size() >= word.size() &&
         text.compare(text.size() - word.size(), word.size(), word) == 0;
}

// Whether a title means one trade surely, whatever stands around it.
bool IsPlain(const Term& term) {
  return term.meanings.size() == 1 && term.meanings[0].trade < Meaning::kNoTrade &&
         term.meanings[0].contexts.none() && term.meanings[0].confidence >= kLeastToVary;
}

bool StartsOrEndsWith(const std::u32string& text, const std::u32string& word) {
  return text.size() > word.size() &&
         (text.compare(0, word.size(), word) == 0 ||
          text.compare(text.size() - word.size(), word.size(), word) == 0);
}

bool ByContextFirst(const Meaning& a, const Meaning& b) {
  return a.contexts.any() && b.contexts.none();
}

}  // namespace

void LexiconBuilder::Wrong(absl::string_view file, int line, absl::string_view what) {
  mistakes_.push_back(absl::StrCat(file, ":", line, ": ", what));
}

Term* LexiconBuilder::TermOf(absl::string_view text) {
  std::u32string folded = Fold(text, made_.characters).characters;
  if (folded.empty()) return nullptr;
  const auto [entry, is_new] =
      numbers_.try_emplace(folded, static_cast<uint32_t>(made_.terms.size()));
  if (is_new) {
    Term term;
    term.size = static_cast<uint32_t>(folded.size());
    made_.terms.push_back(std::move(term));
    is_tabled_.push_back(false);
    texts_.push_back(std::move(folded));
  }
  return &made_.terms[entry->second];
}

Contexts LexiconBuilder::ContextOf(absl::string_view word) {
  const auto found = contexts_.find(word);
  if (found != contexts_.end()) return found->second;
  Contexts context;
  if (contexts_.size() < kMostContexts) {
    context.set(contexts_.size());
  } else {
    mistakes_.push_back(absl::StrCat(kTitles, ": more than ", kMostContexts, " context words"));
  }
  contexts_.emplace(std::string(word), context);
  Term* term = TermOf(word);
  if (term != nullptr) term->context |= context;
  return context;
}

std::vector<std::string> LexiconBuilder::ExpandList(absl::string_view cell,
                                                    absl::string_view separator,
                                                    absl::string_view file, int line) {
  std::vector<std::string> all;
  for (absl::string_view item : absl::StrSplit(cell, separator, absl::SkipEmpty())) {
    absl::StatusOr<std::vector<std::string>> texts = ExpandBraces(item);
    if (texts.ok()) {
      all.insert(all.end(), texts->begin(), texts->end());
    } else {
      Wrong(file, line, texts.status().message());
    }
  }
  return all;
}

void LexiconBuilder::AddTitles(const NormalizerSources& sources) {
  Table table = ReadTable(kTitles, sources.titles, {"code", "confidence", "context", "titles"});
  mistakes_.insert(mistakes_.end(), table.mistakes.begin(), table.mistakes.end());
  for (const TableRow& row : table.rows) {
    TitleRow made{.code = row.cells[0], .confidence = 0, .contexts = {}, .line = row.line};
    if (!absl::SimpleAtoi(row.cells[1], &made.confidence) || made.confidence < 1 ||
        made.confidence > 99) {
      Wrong(kTitles, row.line, "the confidence must be 1 to 99");
    }
    for (const std::string& word : ExpandList(row.cells[2], "|", kTitles, row.line)) {
      made.contexts |= ContextOf(word);
    }
    const bool is_known =
        made.code == "other" || made.code == "none" || trades_.contains(made.code);
    if (!is_known) {
      Wrong(kTitles, row.line, absl::StrCat("trade ", made.code, " is not in trades.tsv"));
      continue;
    }
    for (const std::string& title : ExpandList(row.cells[3], "|", kTitles, row.line)) {
      AddTitle(title, made);
    }
  }
}

void LexiconBuilder::AddTitle(const std::string& title, const TitleRow& row) {
  Term* term = TermOf(title);
  if (term == nullptr) return Wrong(kTitles, row.line, "a title is empty");
  Meaning meaning{.trade = Meaning::kOther, .confidence = row.confidence, .contexts = row.contexts};
  if (row.code == "none") {
    meaning.trade = Meaning::kNoTrade;
  } else if (row.code != "other") {
    meaning.trade = trades_.find(row.code)->second;
  }
  for (const Meaning& before : term->meanings) {
    const bool both_always = before.contexts.none() && meaning.contexts.none();
    if (!both_always && (before.contexts & meaning.contexts).none()) continue;
    return;  // The first row wins: special ones stand above the patterns that also make it.
  }
  term->meanings.push_back(meaning);
  is_tabled_[static_cast<size_t>(term - made_.terms.data())] = true;
}

void LexiconBuilder::AddAlias(const std::string& alias, uint32_t trade, Percent confidence) {
  Term* term = TermOf(alias);
  if (term == nullptr || is_tabled_[static_cast<size_t>(term - made_.terms.data())]) return;
  for (const Meaning& before : term->meanings) {
    if (before.confidence == kOfName || before.trade == trade) return;
  }
  for (Meaning& before : term->meanings) before.confidence = kOfSharedAlias;
  const Percent own = term->meanings.empty() ? confidence : kOfSharedAlias;
  term->meanings.push_back({.trade = trade, .confidence = own, .contexts = {}});
}

void LexiconBuilder::AddCatalogueTitles(const std::vector<TradeEntry>& trades) {
  for (uint32_t i = 0; i < trades.size(); ++i) AddAlias(trades[i].name, i, kOfName);
  for (uint32_t i = 0; i < trades.size(); ++i) {
    for (const std::string& alias : trades[i].aliases) AddAlias(alias, i, kOfAlias);
  }
}

void LexiconBuilder::AddEndings() {
  std::map<std::u32string, Meaning> variants;  // Ordered: terms get the same numbers every time.
  for (size_t i = 0; i < texts_.size(); ++i) {
    if (!IsPlain(made_.terms[i])) continue;
    Meaning meaning = made_.terms[i].meanings[0];
    meaning.confidence = meaning.confidence * kOfVariant / 100;
    for (const std::u32string& ending : endings_) {
      if (!EndsWith(texts_[i], ending) || texts_[i].size() < ending.size() + kLeastStem) continue;
      const std::u32string stem = texts_[i].substr(0, texts_[i].size() - ending.size());
      for (const std::u32string& other : endings_) {
        const auto [entry, is_new] = variants.try_emplace(stem + other, meaning);
        if (entry->second.trade != meaning.trade) entry->second.confidence = 0;  // Of two trades.
      }
    }
  }
  for (const auto& [text, meaning] : variants) {
    if (meaning.confidence == 0 || numbers_.contains(text)) continue;
    std::string variant;
    for (const char32_t c : text) AppendUtf8(c, variant);
    TermOf(variant)->meanings.push_back(meaning);
  }
}

void LexiconBuilder::AddSkills(const NormalizerSources& sources) {
  for (uint32_t i = 0; i < sources.skills.size(); ++i) {
    const SkillEntry& skill = sources.skills[i];
    bool is_driving_licence = false;
    for (const std::string& name : skill.names) {
      Term* term = TermOf(name);
      if (term == nullptr) continue;
      if (!term->skill.has_value()) term->skill = i;
      const std::u32string& text = texts_[static_cast<size_t>(term - made_.terms.data())];
      is_driving_licence |= text.size() == 2 && IsLicence(text, 0);
    }
    made_.is_driving_licence.push_back(is_driving_licence);
    made_.is_paper.push_back(skill.is_paper);
    const auto trade = trades_.find(skill.trade_code);
    made_.trade_of_skill.push_back(trade == trades_.end() ? std::nullopt
                                                          : std::optional(trade->second));
  }
}

void LexiconBuilder::AddWords(absl::string_view text) {
  Table table = ReadTable(kWords, text, {"kind", "value", "words"});
  mistakes_.insert(mistakes_.end(), table.mistakes.begin(), table.mistakes.end());
  for (const TableRow& row : table.rows) {
    for (const std::string& word : ExpandList(row.cells[2], "|", kWords, row.line)) {
      AddWord(row, word);
    }
  }
}

void LexiconBuilder::AddWord(const TableRow& row, const std::string& word) {
  if (row.cells[0] == kPerson) return persons_.push_back(Fold(word, made_.characters).characters);
  if (row.cells[0] == kEnding) return endings_.push_back(Fold(word, made_.characters).characters);
  if (row.cells[0] == kAlike) return AddAlike(row, word);
  if (row.cells[0] == kCut) return AddCut(row, word);
  Term* term = TermOf(word);
  if (term == nullptr) return Wrong(kWords, row.line, "a word is empty");
  if (row.cells[0] == kDenialAfter) {
    term->denies_before = true;
    return;
  }
  if (row.cells[0] == kDuty) {
    term->is_duty = true;
    return;
  }
  int value = 0;
  for (const RoleName& role : kRoles) {
    if (role.name != row.cells[0]) continue;
    term->role = role.role;
    if (!row.cells[1].empty() && absl::SimpleAtoi(row.cells[1], &value)) term->level = value;
    return;
  }
  for (const FindingName& finding : kFindings) {
    if (finding.name == row.cells[0]) return AddFinding(*term, row, finding.kind);
  }
  Wrong(kWords, row.line, absl::StrCat("no such kind: ", row.cells[0]));
}

void LexiconBuilder::AddFinding(Term& term, const TableRow& row, FindingKind kind) {
  term.finding.emplace();
  term.finding->kind = kind;
  term.finding->sex = SexOf(row.cells[1]);
  int least = 0;
  const bool is_education = kind == FindingKind::kEducation;
  if (is_education && absl::SimpleAtoi(row.cells[1], &least)) term.finding->least = least;
}

void LexiconBuilder::AddCut(const TableRow& row, const std::string& word) {
  const std::u32string last = Fold(row.cells[1], made_.characters).characters;
  const std::u32string next = Fold(word, made_.characters).characters;
  if (last.size() != 1 || next.size() != 1) {
    return Wrong(kWords, row.line, "cut: one character each");
  }
  made_.cuts.emplace_back(last[0], next[0]);
}

void LexiconBuilder::AddAlike(const TableRow& row, const std::string& word) {
  const std::u32string meant = Fold(row.cells[1], made_.characters).characters;
  const std::u32string written = Fold(word, made_.characters).characters;
  if (meant.size() != 1 || written.size() != 1 || !IsHan(meant[0]) || !IsHan(written[0])) {
    return Wrong(kWords, row.line, "alike: one Chinese character each");
  }
  made_.characters.SoundAs(written[0], meant[0]);
}

bool LexiconBuilder::NamesPerson(const std::u32string& title) const {
  return std::any_of(persons_.begin(), persons_.end(),
                     [&title](const std::u32string& ending) { return EndsWith(title, ending); });
}

// 焊工学徒, 高级育婴师: the level that a title itself begins or ends with. Of several words the
// longest says it: 高级技师 before 技师, which is one only of a person (焊工技师, not 汽修技师).
void LexiconBuilder::AddLevels() {
  std::vector<size_t> words;  // Terms that say a level.
  for (size_t i = 0; i < made_.terms.size(); ++i) {
    if (made_.terms[i].level.has_value()) words.push_back(i);
  }
  for (size_t i = 0; i < made_.terms.size(); ++i) {
    Term& term = made_.terms[i];
    if (term.meanings.empty() || term.level.has_value()) continue;
    size_t longest = 0;
    for (const size_t word : words) {
      const std::u32string& text = texts_[word];
      if (text.size() <= longest || !StartsOrEndsWith(texts_[i], text)) continue;
      if (made_.terms[word].NamesLevelOfPerson() &&
          !NamesPerson(texts_[i].substr(0, texts_[i].size() - text.size()))) {
        continue;
      }
      term.level = made_.terms[word].level;
      longest = text.size();
    }
  }
}

// What titles that end in another title mean: 减速机装配工 is of another trade than 装配工. A stem
// has the kin of its titles by an ending: 挡车 that of 挡车工.
void LexiconBuilder::AddKin() {
  struct Kin {
    int all = 0;
    int same = 0;
  };
  std::vector<Kin> kin(made_.terms.size());
  const auto count = [&](const std::u32string& text, uint32_t trade) {
    const auto found = numbers_.find(text);
    if (found == numbers_.end() || made_.terms[found->second].meanings.empty()) return;
    ++kin[found->second].all;
    kin[found->second].same += made_.terms[found->second].meanings.back().trade == trade ? 1 : 0;
  };
  for (size_t i = 0; i < made_.terms.size(); ++i) {
    if (made_.terms[i].meanings.empty()) continue;
    const std::u32string& text = texts_[i];
    const uint32_t trade = made_.terms[i].meanings.back().trade;
    for (size_t begin = 1; begin + kLeastStem <= text.size(); ++begin) {
      count(text.substr(begin), trade);
      for (const std::u32string& ending : endings_) {
        if (text.size() < begin + kLeastStem + ending.size() || !EndsWith(text, ending)) continue;
        count(text.substr(begin, text.size() - begin - ending.size()), trade);
      }
    }
  }
  for (size_t i = 0; i < kin.size(); ++i) {
    made_.terms[i].kin = 100 * (kin[i].same + kOwnKin) / (kin[i].all + kOwnKin);
  }
}

// Titles long enough, by the sounds of their characters.
void LexiconBuilder::AddSounds() {
  Automaton::Builder sounds;
  absl::flat_hash_map<std::u32string, uint32_t> numbers;
  for (uint32_t i = 0; i < made_.terms.size(); ++i) {
    const Term& term = made_.terms[i];
    if (term.size < kLeastSounding || term.meanings.empty()) continue;
    const Meaning& meaning = term.meanings.back();
    if (meaning.trade >= Meaning::kNoTrade || meaning.confidence < kLeastToSound) continue;
    std::u32string sound;
    for (const char32_t c : texts_[i]) sound.push_back(char32_t{made_.characters.Sound(c)});
    if (sound.find(U'\0') != std::u32string::npos) continue;  // Not all Chinese.
    const auto [entry, is_new] =
        numbers.try_emplace(sound, static_cast<uint32_t>(made_.sounding.size()));
    if (is_new) {
      sounds.Add(sound, entry->second);
      made_.sounding.emplace_back();
    }
    made_.sounding[entry->second].push_back({i, texts_[i]});
  }
  made_.sounds = std::move(sounds).Build();
}

absl::StatusOr<Lexicon> LexiconBuilder::Build(const NormalizerSources& sources) {
  for (uint32_t i = 0; i < sources.trades.size(); ++i) trades_[sources.trades[i].code] = i;
  AddTitles(sources);
  AddCatalogueTitles(sources.trades);
  AddSkills(sources);
  AddWords(sources.words);
  AddEndings();
  if (!mistakes_.empty()) {
    return Error(absl::StatusCode::kInvalidArgument, "CATALOGUE_INVALID",
                 absl::StrJoin(mistakes_, "\n"));
  }
  Automaton::Builder words;
  for (uint32_t i = 0; i < made_.terms.size(); ++i) {
    std::vector<Meaning>& meanings = made_.terms[i].meanings;
    made_.terms[i].is_stem = !NamesPerson(texts_[i]);
    std::stable_sort(meanings.begin(), meanings.end(), ByContextFirst);
    words.Add(texts_[i], i);
  }
  made_.words = std::move(words).Build();
  AddLevels();
  AddKin();
  AddSounds();
  return std::move(made_);
}

}  // namespace leye::text
