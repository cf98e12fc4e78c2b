// Builds the blocks of a whole population at once, on several threads.
//
//   CandidateLoader loader(count, encode, threads);   // encode(i): the row of person i
//   loader.Run();
//   loader.by_area()[area], loader.far()              // blocks in the order of their rows
//
// Everybody is encoded twice: once to be put in order, once into a block. So no more than the
// order, 28 bytes a person, is held beside the blocks.
#ifndef LEYE_MATCHER_CANDIDATE_LOADER_H_
#define LEYE_MATCHER_CANDIDATE_LOADER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "matcher/candidate_block.h"
#include "matcher/candidate_tables.h"

namespace leye::matcher {

class CandidateLoader {
 public:
  // Called from several threads, twice with each number.
  using Encode = std::function<CandidateRow(size_t)>;
  struct Loaded {
    BlockNode node;  // the number is still to be given
    std::shared_ptr<const CandidateBlock> block;
  };
  using Run = std::vector<Loaded>;

  // REQUIRES: count below 2^31.
  CandidateLoader(size_t count, Encode encode, size_t threads);

  void Build();

  // By AreaIndex; the blocks of an area.
  std::vector<Run>& by_area() { return by_area_; }
  // The far arrangement, cut into parts that become chunks.
  std::vector<Run>& far() { return far_; }

 private:
  struct Person {
    MeritKey key;
    uint32_t area = 0;
    bool far = false;
  };

  void PutInOrder();
  Run BuildRun(std::span<uint32_t> people) const;

  const size_t count_;
  const Encode encode_;
  const size_t threads_;
  std::vector<Person> people_;
  std::vector<uint32_t> order_;  // people, area by area
  std::vector<size_t> starts_;   // of each area in it; one more at the end
  std::vector<uint32_t> going_far_;
  std::vector<Run> by_area_;
  std::vector<Run> far_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CANDIDATE_LOADER_H_
