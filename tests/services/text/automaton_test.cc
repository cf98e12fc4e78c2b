#include "services/text/automaton.h"

#include <random>
#include <set>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leye::text {
namespace {

using Found = std::tuple<uint32_t, size_t, size_t>;

std::set<Found> FindAll(const Automaton& automaton, const std::u32string& text) {
  std::set<Found> found;
  for (const Match& match : automaton.FindAll(text)) {
    found.insert({match.word, match.range.begin, match.range.end});
  }
  return found;
}

TEST(Automaton, FindsWordsWithinWords) {
  Automaton::Builder builder;
  builder.Add(U"电焊工", 1);
  builder.Add(U"焊工", 2);
  builder.Add(U"工", 3);
  builder.Add(U"电工", 4);
  const Automaton automaton = std::move(builder).Build();
  EXPECT_THAT(FindAll(automaton, U"招电焊工"),
              ::testing::ElementsAre(Found{1, 1, 4}, Found{2, 2, 4}, Found{3, 3, 4}));
}

TEST(Automaton, OfNoWordsFindsNothing) { EXPECT_TRUE(Automaton().FindAll(U"电焊工").empty()); }

// Against a search word by word, over texts of few characters so that words overlap.
TEST(Automaton, FindsWhatASearchWordByWordFinds) {
  std::mt19937 dice(20260101);
  const auto random_word = [&dice](size_t most) {
    std::u32string word;
    const size_t size = 1 + dice() % most;
    while (word.size() < size) word += static_cast<char32_t>(U'a' + dice() % 3);
    return word;
  };
  for (int round = 0; round < 200; ++round) {
    std::set<std::u32string> words;
    while (words.size() < 12) words.insert(random_word(5));
    Automaton::Builder builder;
    uint32_t number = 0;
    for (const std::u32string& word : words) builder.Add(word, number++);
    const Automaton automaton = std::move(builder).Build();
    const std::u32string text = random_word(60);
    std::set<Found> expected;
    number = 0;
    for (const std::u32string& word : words) {
      for (size_t at = text.find(word); at != std::u32string::npos; at = text.find(word, at + 1)) {
        expected.insert({number, at, at + word.size()});
      }
      ++number;
    }
    EXPECT_EQ(FindAll(automaton, text), expected) << "round " << round;
  }
}

}  // namespace
}  // namespace leye::text
