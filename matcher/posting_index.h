// The postings the matcher recommends: one writer changes the index, any number of readers use
// snapshots.
//
//   PostingIndex index;                                       // owned by the one writer
//   index.Upsert(posting);
//   std::shared_ptr<const PostingSnapshot> now = index.Publish();
//   PostingRanking ranking = ranker.RecommendPostings(*now, person, request, basis);   // ranker.h
//
// 1. A snapshot never changes. What the writer does after Publish is seen by the next snapshot
// only.
// 2. Snapshots share all blocks that did not change between them.
// 3. Profiles are packed and decoded on demand; a decoded profile equals the one that was put in.
// 4. Postings stand grouped by place, as people stand grouped by area, and then by what they ask.
// Closed postings may stay in:
//    the rule OPEN turns them away; whoever keeps only open ones saves their memory.
//
// PostingIndex is thread-compatible: one writer. PostingSnapshot is immutable and thread-safe.
#ifndef LEYE_MATCHER_POSTING_INDEX_H_
#define LEYE_MATCHER_POSTING_INDEX_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "matcher/ids.h"
#include "matcher/posting_profile.h"

namespace leye::matcher {

struct PostingTables;  // the engine's view of a snapshot, posting_tables.h

class PostingSnapshot {
 public:
  // Made by PostingIndex::Publish.
  explicit PostingSnapshot(std::unique_ptr<const PostingTables> tables);
  ~PostingSnapshot();
  PostingSnapshot(const PostingSnapshot&) = delete;
  PostingSnapshot& operator=(const PostingSnapshot&) = delete;

  size_t posting_count() const;

  // Not found: nullopt. About a microsecond.
  std::optional<PostingProfile> Find(PostingId id) const;

  // Calls `visit` once for every posting, place by place. The profile lives until the call returns.
  void ForEach(const std::function<void(const PostingProfile&)>& visit) const;

  // Bytes held by this snapshot alone, blocks shared with others included.
  size_t MemoryBytes() const;

  // For the ranker.
  const PostingTables& tables() const { return *tables_; }

 private:
  std::unique_ptr<const PostingTables> tables_;
};

class PostingIndex {
 public:
  PostingIndex();
  ~PostingIndex();
  PostingIndex(const PostingIndex&) = delete;
  PostingIndex& operator=(const PostingIndex&) = delete;

  // Puts in, or replaces, the posting with this id.
  void Upsert(const PostingProfile& posting);
  // The same for many postings at once, several times as fast: `posting(i, profile)` fills in
  // posting i < count. It is called from up to `threads` threads, twice for each or more often.
  // REQUIRES: none is in; every id once.
  void Load(size_t count, const std::function<void(size_t, PostingProfile&)>& posting,
            size_t threads);
  // False if there is none with this id.
  bool Remove(PostingId id);

  // A snapshot of everything put in so far. Never null.
  std::shared_ptr<const PostingSnapshot> Publish();

 private:
  class Writer;
  std::unique_ptr<Writer> writer_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_POSTING_INDEX_H_
