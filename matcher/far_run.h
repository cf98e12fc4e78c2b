// The second arrangement: people who would go anywhere, in merit order, in chunks of blocks.
//
// Kept by the writer beside the arrangement by place. Thread-compatible.
#ifndef LEYE_MATCHER_FAR_RUN_H_
#define LEYE_MATCHER_FAR_RUN_H_

#include <vector>

#include "matcher/block_run.h"
#include "matcher/candidate_tables.h"

namespace leye::matcher {

class FarRun {
 public:
  // What is to change; applied all at once.
  void Remove(const MeritKey& key) { removed_.push_back(key); }
  void Insert(const CandidateRow& row) { inserted_.push_back(row); }
  void Apply(CandidateStore& store);
  // A chunk behind all others. REQUIRES: at most FarChunk::kMaxBlocks; nothing waits.
  void Append(std::vector<BlockNode> blocks, const CandidateStore& store);

  // The block that holds this key. REQUIRES: somebody with it is in.
  BlockNumber BlockFor(const MeritKey& key) const;

  const std::vector<FarNode>& nodes() const { return nodes_; }

 private:
  size_t NodeFor(const MeritKey& key) const;
  void ApplyToChunk(const FarNode* node, std::vector<MeritKey>& removed,
                    std::vector<CandidateRow>& inserted, CandidateStore& store,
                    std::vector<FarNode>& out);

  std::vector<FarNode> nodes_;
  std::vector<MeritKey> removed_;
  std::vector<CandidateRow> inserted_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_FAR_RUN_H_
