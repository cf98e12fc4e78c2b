#include "matcher/posting_loader.h"

#include <algorithm>
#include <utility>

#include "matcher/parallel_for.h"

namespace leye::matcher {
namespace {

constexpr size_t kPostingsOfTask = 10'000;
constexpr size_t kSample = size_t{1} << 15;

size_t PartsOf(size_t count, size_t most) { return (count + most - 1) / most; }

}  // namespace

PostingLoader::PostingLoader(size_t count, const Posting& posting, size_t threads)
    : count_(count), posting_(posting), threads_(threads) {}

PostingRow PostingLoader::Encode(size_t number) const {
  thread_local PostingProfile profile;
  posting_(number, profile);
  return EncodePosting(profile);
}

void PostingLoader::CountSample() {
  const size_t step = std::max<size_t>(1, count_ / kSample);
  for (size_t i = 0; i < count_; i += step) CountAsks(Encode(i).asks, counts_);
}

void PostingLoader::PutInOrder() {
  places_.resize(count_);
  ParallelFor(PartsOf(count_, kPostingsOfTask), threads_, [&](size_t task) {
    const size_t first = task * kPostingsOfTask;
    for (size_t i = first; i < std::min(count_, first + kPostingsOfTask); ++i) {
      const PostingRow row = Encode(i);
      places_[i] = {.square = MapSquareOf(row),
                    .key = {.asks = ChooseKey(row.asks, counts_), .id = row.id()},
                    .number = static_cast<uint32_t>(i)};
    }
  });
  std::ranges::sort(places_);
}

// A run is cut as BlockRunEditor cuts it.
std::vector<PostingLoader::Loaded> PostingLoader::BuildRun(std::span<const Place> places) const {
  const bool fits = places.size() <= PostingRun::kMaxRows;
  const size_t parts = fits ? 1 : PartsOf(places.size(), PostingRun::kRowsAfterSplit);
  std::vector<Loaded> run;
  std::vector<PostingRow> rows;
  for (size_t part = 0; part < parts; ++part) {
    const size_t first = places.size() * part / parts;
    rows.clear();
    for (const Place& place : places.subspan(first, places.size() * (part + 1) / parts - first)) {
      rows.push_back(Encode(place.number));
      rows.back().key = place.key.asks;
    }
    auto block = std::make_shared<const PostingBlock>(rows);
    Loaded& loaded = run.emplace_back();
    loaded.node = PostingRun::NodeOf(0, rows, *block);
    loaded.block = std::move(block);
  }
  return run;
}

void PostingLoader::Build() {
  CountSample();
  PutInOrder();
  std::vector<std::span<const Place>> parts;
  for (size_t first = 0, i = 1; i <= places_.size(); ++i) {
    if (i < places_.size() && places_[i].square == places_[first].square) continue;
    parts.emplace_back(std::span(places_).subspan(first, i - first));
    first = i;
  }
  squares_.resize(parts.size());
  ParallelFor(parts.size(), threads_, [&](size_t task) {
    squares_[task] = {.number = parts[task].front().square, .run = BuildRun(parts[task])};
  });
}

}  // namespace leye::matcher
