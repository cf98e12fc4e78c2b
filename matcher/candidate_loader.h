// Builds the blocks of a whole population at once, on several threads.
//
//   CandidateLoader loader(count, encode, threads);   // encode(i, rows): those of person i and on
//   loader.Build();
//   loader.by_area()[area], loader.far()              // blocks in the order of their rows
//
// Everybody is encoded once, in the order they come in, and waits as bytes until their block is
// built. People of an area come from all over: so they wait in piles of neighbouring memory, a pile
// for so many areas, and piles are taken one after the other; to look for them one by one all over
// the memory took longer than all else. About 120 bytes a person are held beside the blocks.
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
  // Fills in the rows of the person with this number and of those who follow. Called from several
  // threads, once for each, for at most kMostTogether at a time.
  using Encode = std::function<void(size_t, std::span<CandidateRow>)>;
  static constexpr size_t kMostTogether = 16;
  struct Loaded {
    BlockNode node;  // the number is still to be given
    std::shared_ptr<const CandidateBlock> block;
  };
  using Run = std::vector<Loaded>;

  // REQUIRES: count below 2^32.
  CandidateLoader(size_t count, Encode encode, size_t threads);

  void Build();

  // By AreaIndex; the blocks of an area.
  std::vector<Run>& by_area() { return by_area_; }
  // The far arrangement, cut into parts that become chunks.
  std::vector<Run>& far() { return far_; }

 private:
  struct Person {
    MeritKey key;
    const uint8_t* row = nullptr;  // as bytes
    uint32_t area = 0;
    bool far = false;
  };
  // What one thread encoded for one pile.
  struct Part {
    std::vector<ByteWriter> rows;  // in chunks: what is not written costs nothing
    std::vector<Person> people;
    struct Place {
      uint32_t chunk;
      uint32_t at;
    };
    std::vector<Place> places;  // of each in `rows`

    void Add(const CandidateRow& row);
    // Once all are in.
    void FindRows();
  };
  struct ToBuild {
    std::span<const Person> people;
    Loaded* into;
  };

  std::vector<Part> EncodePart(size_t first, size_t last) const;
  // Piles of people, each in the order of area and key.
  void PileUp();
  void SortPiles();
  void CutAreas();
  void CutFar();
  // Notes the blocks of a run as to be built.
  void CutRun(std::span<const Person> people, Run& run);
  Loaded BuildBlock(std::span<const Person> people) const;

  const size_t count_;
  const Encode encode_;
  const size_t threads_;
  std::vector<std::vector<Part>> parts_;    // by thread's task, by pile
  std::vector<std::vector<Person>> piles_;  // pointing into parts_
  std::vector<Person> going_far_;
  std::vector<ToBuild> to_build_;
  std::vector<Run> by_area_;
  std::vector<Run> far_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CANDIDATE_LOADER_H_
