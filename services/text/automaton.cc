#include "services/text/automaton.h"

#include <utility>

namespace leye::text {

size_t Automaton::SlotOf(uint64_t key) const {
  const uint64_t mixed = key * 0x9E3779B97F4A7C15ULL;
  const size_t mask = edges_.size() - 1;
  size_t slot = static_cast<size_t>(mixed >> 32) & mask;
  while (edges_[slot].key != key && edges_[slot].key != kFree) slot = (slot + 1) & mask;
  return slot;
}

uint32_t Automaton::Child(uint32_t state, char32_t c) const {
  const uint64_t key = KeyOf(state, c);
  const Edge& edge = edges_[SlotOf(key)];
  return edge.key == key ? edge.target : kNone;
}

uint32_t Automaton::StepFromRoot(char32_t c) const {
  if (c < from_root_.size()) return from_root_[c];
  const uint32_t child = Child(kRoot, c);
  return child == kNone ? kRoot : child;
}

uint32_t Automaton::Step(uint32_t state, char32_t c) const {
  while (state != kRoot) {
    const uint32_t child = Child(state, c);
    if (child != kNone) return child;
    state = states_[state].fail;
  }
  return StepFromRoot(c);
}

std::vector<Match> Automaton::FindAll(const std::u32string& text) const {
  std::vector<Match> matches;
  matches.reserve(text.size());
  uint32_t state = kRoot;
  for (size_t i = 0; i < text.size(); ++i) {
    state = Step(state, text[i]);
    uint32_t hit = states_[state].word != kNone ? state : states_[state].output;
    for (; hit != kNone; hit = states_[hit].output) {
      matches.push_back({states_[hit].word, {i + 1 - states_[hit].depth, i + 1}});
    }
  }
  return matches;
}

// Puts every state but the root into a table of `capacity` slots.
void Automaton::PlaceEdges(size_t capacity) {
  edges_.assign(capacity, Edge{});
  for (uint32_t state = 1; state < states_.size(); ++state) {
    const uint64_t key = KeyOf(states_[state].parent, states_[state].character);
    edges_[SlotOf(key)] = {key, state};
  }
}

void Automaton::Builder::Add(const std::u32string& word, uint32_t number) {
  uint32_t state = kRoot;
  for (const char32_t c : word) {
    uint32_t child = made_.Child(state, c);
    if (child == kNone) {
      child = static_cast<uint32_t>(made_.states_.size());
      made_.states_.push_back(
          {.parent = state, .character = c, .depth = made_.states_[state].depth + 1});
      if (made_.states_.size() * 2 > capacity_) {
        capacity_ *= 2;
        made_.PlaceEdges(capacity_);
      } else {
        const uint64_t key = KeyOf(state, c);
        made_.edges_[made_.SlotOf(key)] = {key, child};
      }
    }
    state = child;
  }
  made_.states_[state].word = number;
}

Automaton Automaton::Builder::Build() && {
  constexpr char32_t kCharacters = 0xA000;  // Up to the last of the common Chinese ones.
  std::vector<uint32_t> from_root(kCharacters);
  for (char32_t c = 0; c < kCharacters; ++c) from_root[c] = made_.StepFromRoot(c);
  made_.from_root_ = std::move(from_root);
  // By depth, so that the fails of shorter words stand before longer ones need them.
  std::vector<std::vector<uint32_t>> by_depth;
  for (uint32_t state = 1; state < made_.states_.size(); ++state) {
    const size_t depth = made_.states_[state].depth;
    if (by_depth.size() <= depth) by_depth.resize(depth + 1);
    by_depth[depth].push_back(state);
  }
  for (size_t depth = 2; depth < by_depth.size(); ++depth) {
    for (const uint32_t state : by_depth[depth]) {
      State& here = made_.states_[state];
      here.fail = made_.Step(made_.states_[here.parent].fail, here.character);
      const State& fail = made_.states_[here.fail];
      here.output = fail.word != kNone ? here.fail : fail.output;
    }
  }
  return std::move(made_);
}

}  // namespace leye::text
