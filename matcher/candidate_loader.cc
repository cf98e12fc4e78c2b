#include "matcher/candidate_loader.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "matcher/parallel_for.h"

namespace leye::matcher {
namespace {

constexpr size_t kPeopleOfTask = 10'000;
constexpr size_t kRowsOfFarChunk = 48 * CandidateRun::kRowsAfterSplit;

size_t PartsOf(size_t count, size_t most) { return (count + most - 1) / most; }

// Part `part` of `parts` about equal ones.
template <typename T>
std::span<T> Part(std::span<T> all, size_t part, size_t parts) {
  const size_t first = all.size() * part / parts;
  return all.subspan(first, all.size() * (part + 1) / parts - first);
}

}  // namespace

CandidateLoader::CandidateLoader(size_t count, Encode encode, size_t threads)
    : count_(count), encode_(std::move(encode)), threads_(threads) {}

void CandidateLoader::PutInOrder() {
  people_.resize(count_);
  ParallelFor(PartsOf(count_, kPeopleOfTask), threads_, [&](size_t task) {
    const size_t first = task * kPeopleOfTask;
    for (size_t i = first; i < std::min(count_, first + kPeopleOfTask); ++i) {
      const CandidateRow row = encode_(i);
      people_[i] = {.key = MeritOf(row), .area = row.area().value(), .far = row.far()};
    }
  });
  for (const Person& person : people_) {
    if (person.area + size_t{2} > starts_.size()) starts_.resize(person.area + size_t{2}, 0);
    ++starts_[person.area + size_t{1}];
  }
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
  order_.resize(count_);
  std::vector<size_t> next = starts_;
  for (uint32_t i = 0; i < count_; ++i) {
    order_[next[people_[i].area]++] = i;
    if (people_[i].far) going_far_.push_back(i);
  }
  std::ranges::sort(going_far_, {}, [&](uint32_t i) { return people_[i].key; });
}

// A run is cut as BlockRunEditor cuts it.
CandidateLoader::Run CandidateLoader::BuildRun(std::span<uint32_t> people) const {
  std::ranges::sort(people, {}, [&](uint32_t i) { return people_[i].key; });
  const bool fits = people.size() <= CandidateRun::kMaxRows;
  const size_t parts = fits ? 1 : PartsOf(people.size(), CandidateRun::kRowsAfterSplit);
  Run run;
  std::vector<CandidateRow> rows;
  for (size_t part = 0; part < parts; ++part) {
    rows.clear();
    for (const uint32_t person : Part(people, part, parts)) rows.push_back(encode_(person));
    auto block = std::make_shared<const CandidateBlock>(rows);
    const BlockNode node = CandidateRun::NodeOf(0, rows, *block);
    run.push_back({.node = node, .block = std::move(block)});
  }
  return run;
}

void CandidateLoader::Build() {
  if (count_ == 0) return;
  PutInOrder();
  by_area_.resize(starts_.size() - 1);
  far_.resize(PartsOf(going_far_.size(), kRowsOfFarChunk));
  // The larger tasks first.
  ParallelFor(far_.size() + by_area_.size(), threads_, [&](size_t task) {
    if (task < far_.size()) {
      far_[task] = BuildRun(Part(std::span(going_far_), task, far_.size()));
      return;
    }
    const size_t area = task - far_.size();
    const size_t people = starts_[area + 1] - starts_[area];
    if (people > 0) by_area_[area] = BuildRun(std::span(order_).subspan(starts_[area], people));
  });
}

}  // namespace leye::matcher
