// Builds the blocks of many postings at once, on several threads, as candidate_loader.h does for
// people.
//
//   PostingLoader loader(count, posting, threads);   // posting(i, profile): fills in posting i
//   loader.Build();
//   loader.squares()                                 // each with its blocks, in order
//
// Everything is encoded twice: once to be put in order, once into a block.
#ifndef LEYE_MATCHER_POSTING_LOADER_H_
#define LEYE_MATCHER_POSTING_LOADER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "matcher/posting_tables.h"

namespace leye::matcher {

class PostingLoader {
 public:
  // Called from several threads.
  using Posting = std::function<void(size_t, PostingProfile&)>;
  struct Loaded {
    PostingBlockNode node;  // the number is still to be given
    std::shared_ptr<const PostingBlock> block;
  };
  struct Square {
    std::optional<int32_t> number;  // MapSquareOf
    std::vector<Loaded> run;
  };

  // REQUIRES: count below 2^32.
  PostingLoader(size_t count, const Posting& posting, size_t threads);

  void Build();

  std::vector<Square>& squares() { return squares_; }
  // By which the keys were chosen: of a sample.
  SkillCounts& counts() { return counts_; }

 private:
  struct Place {
    std::optional<int32_t> square;
    PostingKey key;
    uint32_t number = 0;  // of the posting

    friend auto operator<=>(const Place&, const Place&) = default;
  };

  PostingRow Encode(size_t number) const;
  void CountSample();
  void PutInOrder();
  std::vector<Loaded> BuildRun(std::span<const Place> places) const;

  const size_t count_;
  const Posting& posting_;
  const size_t threads_;
  SkillCounts counts_ = SkillCounts(kSkillIds);
  std::vector<Place> places_;
  std::vector<Square> squares_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_POSTING_LOADER_H_
