#include "matcher/candidate_loader.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "hwy/cache_control.h"

#include "matcher/parallel_for.h"

namespace leye::matcher {
namespace {

constexpr size_t kTasksOfThread = 8;
constexpr size_t kLeastOfTask = 50'000;
// Fresh memory is dear, so little of it is asked for that stays empty.
constexpr size_t kChunkOfLoad = size_t{32} << 10;
constexpr size_t kFullOfLoad = kChunkOfLoad - (size_t{1} << 10);
constexpr size_t kRowsOfFarChunk = 48 * CandidateRun::kRowsAfterSplit;
constexpr size_t kRowsAhead = 16;
constexpr size_t kCacheLine = 64;
// Of a nation, a pile is some forty thousand people and three megabytes.
constexpr size_t kPiles = 256;
// So many are worth sorting on several threads.
constexpr size_t kPeopleOfLargePile = 200'000;

size_t PartsOf(size_t count, size_t most) { return (count + most - 1) / most; }

// Piece `piece` of `pieces` about equal ones.
template <typename T>
std::span<T> Piece(std::span<T> all, size_t piece, size_t pieces) {
  const size_t first = all.size() * piece / pieces;
  return all.subspan(first, all.size() * (piece + 1) / pieces - first);
}

// Sorts pieces on their own threads, which are then merged.
template <typename Person, typename Before>
void ParallelSort(std::span<Person> people, size_t threads, const Before& before) {
  const size_t pieces = std::max<size_t>(1, std::min(threads, people.size()));
  ParallelFor(pieces, threads, [&](size_t piece) {
    const std::span<Person> mine = Piece(people, piece, pieces);
    std::sort(mine.begin(), mine.end(), before);
  });
  for (size_t piece = 1; piece < pieces; ++piece) {
    const std::span<Person> next = Piece(people, piece, pieces);
    const auto middle = people.begin() + (next.data() - people.data());
    std::inplace_merge(people.begin(), middle, middle + std::ssize(next), before);
  }
}

}  // namespace

CandidateLoader::CandidateLoader(size_t count, Encode encode, size_t threads)
    : count_(count), encode_(std::move(encode)), threads_(std::max<size_t>(1, threads)) {}

void CandidateLoader::Part::Add(const CandidateRow& row) {
  if (rows.empty() || rows.back().bytes().size() >= kFullOfLoad) {
    rows.emplace_back().Reserve(kChunkOfLoad);
  }
  people.push_back({.key = MeritOf(row), .area = row.area().value(), .far = row.far()});
  places.push_back({.chunk = static_cast<uint32_t>(rows.size() - 1),
                    .at = static_cast<uint32_t>(rows.back().bytes().size())});
  PackRow(row, rows.back());
}

void CandidateLoader::Part::FindRows() {
  for (size_t i = 0; i < people.size(); ++i) {
    people[i].row = rows[places[i].chunk].bytes().data() + places[i].at;
  }
  places = {};
}

std::vector<CandidateLoader::Part> CandidateLoader::EncodePart(size_t first, size_t last) const {
  std::vector<Part> parts(kPiles);
  const size_t likely = (last - first) / kPiles * 9 / 8;
  for (Part& part : parts) {
    part.people.reserve(likely);
    part.places.reserve(likely);
  }
  std::array<CandidateRow, kMostTogether> together;
  for (size_t i = first; i < last; i += together.size()) {
    const auto rows = std::span(together).first(std::min(together.size(), last - i));
    encode_(i, rows);
    for (const CandidateRow& row : rows) parts[row.area().value() % kPiles].Add(row);
  }
  for (Part& part : parts) part.FindRows();
  return parts;
}

void CandidateLoader::PileUp() {
  const size_t size = std::max(kLeastOfTask, PartsOf(count_, threads_ * kTasksOfThread));
  parts_.resize(PartsOf(count_, size));
  ParallelFor(parts_.size(), threads_, [&](size_t task) {
    const size_t first = task * size;
    parts_[task] = EncodePart(first, std::min(count_, first + size));
  });
  piles_.resize(kPiles);
  ParallelFor(kPiles, threads_, [&](size_t pile) {
    size_t count = 0;
    for (const std::vector<Part>& of_task : parts_) count += of_task[pile].people.size();
    piles_[pile].reserve(count);
    for (std::vector<Part>& of_task : parts_) {
      std::vector<Person>& people = of_task[pile].people;
      piles_[pile].insert(piles_[pile].end(), people.begin(), people.end());
      people = {};
    }
  });
}

void CandidateLoader::SortPiles() {
  const auto before = [](const Person& a, const Person& b) {
    return a.area != b.area ? a.area < b.area : a.key < b.key;
  };
  const auto is_large = [](const auto& pile) { return pile.size() > kPeopleOfLargePile; };
  for (std::vector<Person>& pile : piles_) {
    if (is_large(pile)) ParallelSort(std::span(pile), threads_, before);
  }
  ParallelFor(kPiles, threads_, [&](size_t i) {
    if (!is_large(piles_[i])) std::sort(piles_[i].begin(), piles_[i].end(), before);
  });
}

void CandidateLoader::CutAreas() {
  size_t areas = 0;
  for (const std::vector<Person>& pile : piles_) {
    if (!pile.empty()) areas = std::max(areas, pile.back().area + size_t{1});
  }
  by_area_.resize(areas);
  for (const std::vector<Person>& pile : piles_) {
    for (auto first = pile.begin(); first != pile.end();) {
      const auto last = std::find_if(
          first, pile.end(), [&](const Person& person) { return person.area != first->area; });
      CutRun({first, last}, by_area_[first->area]);
      first = last;
    }
  }
}

void CandidateLoader::CutFar() {
  for (const std::vector<Person>& pile : piles_) {
    std::ranges::copy_if(pile, std::back_inserter(going_far_), &Person::far);
  }
  ParallelSort(std::span(going_far_), threads_,
               [](const Person& a, const Person& b) { return a.key < b.key; });
  far_.resize(PartsOf(going_far_.size(), kRowsOfFarChunk));
  for (size_t chunk = 0; chunk < far_.size(); ++chunk) {
    CutRun(Piece(std::span<const Person>(going_far_), chunk, far_.size()), far_[chunk]);
  }
}

// A run is cut as BlockRunEditor cuts it.
void CandidateLoader::CutRun(std::span<const Person> people, Run& run) {
  const bool fits = people.size() <= CandidateRun::kMaxRows;
  run.resize(fits ? 1 : PartsOf(people.size(), CandidateRun::kRowsAfterSplit));
  for (size_t part = 0; part < run.size(); ++part) {
    to_build_.push_back({.people = Piece(people, part, run.size()), .into = &run[part]});
  }
}

CandidateLoader::Loaded CandidateLoader::BuildBlock(std::span<const Person> people) const {
  thread_local CandidateBlockBuilder builder;
  thread_local CandidateRow row;
  for (size_t i = 0; i < people.size(); ++i) {
    // Memory is asked for a few rows before they are needed.
    if (i + kRowsAhead < people.size()) {
      hwy::Prefetch(people[i + kRowsAhead].row);
      hwy::Prefetch(people[i + kRowsAhead].row + kCacheLine);
    }
    UnpackRow(ByteReader(people[i].row), row);
    builder.Add(row);
  }
  auto block = std::make_shared<const CandidateBlock>(builder.Build());
  const BlockNode node{.first = people.front().key, .summary = block->summary()};
  return {.node = node, .block = std::move(block)};
}

void CandidateLoader::Build() {
  PileUp();
  SortPiles();
  CutAreas();
  CutFar();
  ParallelFor(to_build_.size(), threads_,
              [&](size_t i) { *to_build_[i].into = BuildBlock(to_build_[i].people); });
  // To give back so much memory takes time, too.
  ParallelFor(parts_.size(), threads_, [&](size_t task) { parts_[task] = {}; });
}

}  // namespace leye::matcher
