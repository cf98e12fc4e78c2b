// Finds all of many words in a text in one pass (Aho and Corasick, 1975).
//
//   Automaton::Builder builder;
//   builder.Add(U"电焊工", 17);
//   const Automaton automaton = std::move(builder).Build();
//   for (const Match& match : automaton.FindAll(U"招电焊工")) ...   // {17, {1, 4}}
//
// Linear in the text and the matches, however many words there are. Immutable, safe for concurrent
// use.
#ifndef LEYE_SERVICES_TEXT_AUTOMATON_H_
#define LEYE_SERVICES_TEXT_AUTOMATON_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/text/folding.h"

namespace leye::text {

struct Match {
  uint32_t word = 0;  // The number it was added with.
  Range range;        // Characters of the text.
};

class Automaton {
 public:
  class Builder;

  Automaton() = default;

  // All occurrences of all words, ascending by their ends, longer before shorter.
  std::vector<Match> FindAll(const std::u32string& text) const;

 private:
  static constexpr uint32_t kRoot = 0;
  static constexpr uint32_t kNone = ~uint32_t{0};

  struct State {
    uint32_t parent = kRoot;
    char32_t character = 0;
    uint32_t depth = 0;
    uint32_t fail = kRoot;    // The longest proper suffix that is a state.
    uint32_t word = kNone;    // The word that ends here.
    uint32_t output = kNone;  // The nearest state on the way of fails where a word ends.
  };
  // An edge of the trie, in a hash table with linear probing.
  struct Edge {
    uint64_t key = kFree;
    uint32_t target = 0;
  };
  static constexpr uint64_t kFree = ~uint64_t{0};

  static uint64_t KeyOf(uint32_t state, char32_t c) {
    return (static_cast<uint64_t>(state) << 32) | c;
  }
  size_t SlotOf(uint64_t key) const;
  uint32_t Child(uint32_t state, char32_t c) const;  // kNone when there is none.
  uint32_t Step(uint32_t state, char32_t c) const;
  uint32_t StepFromRoot(char32_t c) const;
  void PlaceEdges(size_t capacity);

  std::vector<State> states_{State{}};
  std::vector<Edge> edges_{Edge{}};  // A power of two of them.
  // The root's children by character, since most steps start there; larger characters are looked
  // up.
  std::vector<uint32_t> from_root_;
};

class Automaton::Builder {
 public:
  // Adds a word, which is not empty. A word that is there already takes the new number.
  void Add(const std::u32string& word, uint32_t number);
  Automaton Build() &&;

 private:
  Automaton made_;
  size_t capacity_ = 1;
};

}  // namespace leye::text

#endif  // LEYE_SERVICES_TEXT_AUTOMATON_H_
