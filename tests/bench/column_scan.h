// What a careful programmer writes without an index: columns, read from end to end by one thread.
//
// The floor that every engine of `leye_bench` is measured against. People stand area by area, so
// that a distance is computed once an area and an area out of reach is not read; postings stand in
// file order. Rows are filtered a block at a time, the cheapest columns first, and a distance or an
// exponential is computed only for what passed. Nothing is pruned by score.
//
// Both classes are immutable and thread-safe. They copy what they need of the data set.
// Scores are the matcher's millionths; `plain_check.h` is the twin they are compared with.
#ifndef LEYE_TESTS_BENCH_COLUMN_SCAN_H_
#define LEYE_TESTS_BENCH_COLUMN_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tests/bench/dataset.h"
#include "tests/bench/report.h"

namespace leye::bench {

class PeopleColumns {
 public:
  explicit PeopleColumns(const Dataset& data);

  // The best k for a posting: score descending, id ascending. `microseconds` is left zero.
  Answer Best(const PostingRecord& posting, size_t k) const;

  size_t MemoryBytes() const;

 private:
  class Query;

  std::vector<matcher::UnitVector> places_;  // of areas
  std::vector<uint32_t> area_begin_;         // row of an area's first person; one more at the end
  std::vector<uint64_t> id_;
  std::vector<uint8_t> standing_;  // 0: not available; otherwise education + 1
  std::vector<uint8_t> age_;
  std::vector<uint8_t> priority_;
  std::vector<float> willing_km_;       // infinity: anywhere
  std::vector<uint32_t> skills_begin_;  // one more at the end
  std::vector<SkillEntry> skills_;
};

class PostingColumns {
 public:
  explicit PostingColumns(const Dataset& data);

  // The best k for a person who holds `skills` and lives at `home`, as above.
  Answer Best(const CandidateRecord& person, std::span<const SkillEntry> skills,
              const matcher::GeoPoint& home, size_t k) const;

  size_t MemoryBytes() const;

 private:
  class Query;

  std::vector<uint64_t> id_;
  std::vector<uint8_t> age_min_;
  std::vector<uint8_t> age_max_;
  std::vector<uint8_t> education_min_;
  std::vector<matcher::UnitVector> places_;
  std::vector<double> reach_;        // squared chord that the radius is surely within
  std::vector<float> radius_km_;     // infinity: unlimited
  std::vector<uint32_t> ask_begin_;  // required skills, then preferred ones; one more at the end
  std::vector<uint8_t> required_;    // how many are required
  std::vector<SkillEntry> asks_;
};

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_COLUMN_SCAN_H_
