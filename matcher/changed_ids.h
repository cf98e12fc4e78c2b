// Whose pairs may be judged otherwise by a later snapshot than by an earlier one.
//
//   ChangedIds changed;
//   changed.Add(candidate.id);        // the person, the household or the area is another
//   changed.Add(posting.id);
//   if (changed.everything()) ...     // so many that nobody counts them: all may have changed
//
// May name more than have changed, never fewer. Bounded in memory. Thread-compatible.
#ifndef LEYE_MATCHER_CHANGED_IDS_H_
#define LEYE_MATCHER_CHANGED_IDS_H_

#include <cstddef>

#include "absl/container/flat_hash_set.h"

#include "matcher/ids.h"

namespace leye::matcher {

class ChangedIds {
 public:
  // With more people or more postings than this it is everything.
  static constexpr size_t kMost = 100'000;

  static ChangedIds Everything() {
    ChangedIds changed;
    changed.everything_ = true;
    return changed;
  }

  void Add(CandidateId id) { AddTo(people_, id); }
  void Add(PostingId id) { AddTo(postings_, id); }
  void Add(const ChangedIds& more) {
    if (more.everything_) *this = Everything();
    for (const CandidateId id : more.people_) Add(id);
    for (const PostingId id : more.postings_) Add(id);
  }

  bool everything() const { return everything_; }
  // Empty when it is everything.
  const absl::flat_hash_set<CandidateId>& people() const { return people_; }
  const absl::flat_hash_set<PostingId>& postings() const { return postings_; }

 private:
  template <typename RecordId>
  void AddTo(absl::flat_hash_set<RecordId>& ids, RecordId id) {
    if (everything_) return;
    ids.insert(id);
    if (ids.size() > kMost) *this = Everything();
  }

  bool everything_ = false;
  absl::flat_hash_set<CandidateId> people_;
  absl::flat_hash_set<PostingId> postings_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_CHANGED_IDS_H_
