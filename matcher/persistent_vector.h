// A vector whose copies share what they do not change: the base of snapshots.
//
//   PersistentVector<int> writer;
//   writer.PushBack(1);
//   const PersistentVector<int> snapshot = writer.Share();   // costs the root: size / 4096
//   writer.Mutable(0) = 2;                // copies one leaf and the pointers on the way to it
//   snapshot[0] == 1;
//
// A tree of fixed depth: root, branches of 64 leaves, leaves of 64 values or fewer. Nodes made
// since the last Share belong to the writer alone and change in place; all others are copied before
// they change. (The idea: Bagwell and Rompf 2011, transients of Clojure's vectors.)
//
// The writer is thread-compatible. A shared copy never changes and may be read from any thread; it
// may outlive the writer.
#ifndef LEYE_MATCHER_PERSISTENT_VECTOR_H_
#define LEYE_MATCHER_PERSISTENT_VECTOR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "hwy/cache_control.h"

namespace leye::matcher {

// Smaller leaves suit values that are dear to copy and change far from each other.
template <typename T, size_t kLeafSize = 64>
class PersistentVector {
 public:
  static constexpr size_t kBranchSize = 64;
  using Values = std::array<T, kLeafSize>;

  PersistentVector() = default;
  PersistentVector(PersistentVector&&) noexcept = default;
  PersistentVector& operator=(PersistentVector&&) noexcept = default;

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // REQUIRES: index < size().
  const T& operator[](size_t index) const {
    return root_[index / kSpan]->leaves[index / kLeafSize % kBranchSize]->values[index % kLeafSize];
  }

  // Asks for the memory of the value, ahead of its use. REQUIRES: index < size().
  void Prefetch(size_t index) const { hwy::Prefetch(&(*this)[index]); }

  // The values of a leaf, for scans: values [leaf * kLeafSize, ...), cut at size().
  size_t leaf_count() const { return (size_ + kLeafSize - 1) / kLeafSize; }
  const Values& leaf(size_t leaf) const {
    return root_[leaf / kBranchSize]->leaves[leaf % kBranchSize]->values;
  }

  // To change a value. The reference is good until the next call of a non-const method.
  T& Mutable(size_t index) {
    Branch& branch = Own(root_[index / kSpan]);
    return Own(branch.leaves[index / kLeafSize % kBranchSize]).values[index % kLeafSize];
  }

  void PushBack(T value) {
    Resize(size_ + 1);
    Mutable(size_ - 1) = std::move(value);
  }

  // New values are value-initialised. Shrinking resets what is cut off, so that growing again is
  // clean.
  void Resize(size_t size) {
    for (size_t i = size; i < size_; ++i) Mutable(i) = T();
    root_.resize((size + kSpan - 1) / kSpan);
    for (size_t leaf = leaf_count(); leaf * kLeafSize < size; ++leaf) {
      std::shared_ptr<Branch>& branch = root_[leaf / kBranchSize];
      if (branch == nullptr) branch = std::make_shared<Branch>(epoch_);
      Own(branch).leaves[leaf % kBranchSize] = std::make_shared<Leaf>(epoch_);
    }
    size_ = size;
  }

  // A copy that never changes. From now on the writer copies before it changes.
  PersistentVector Share() {
    ++epoch_;
    return PersistentVector(*this);
  }

  // Of all nodes, shared or not; not of what values point to.
  size_t MemoryBytes() const {
    return root_.capacity() * sizeof(root_[0]) + root_.size() * sizeof(Branch) +
           leaf_count() * sizeof(Leaf);
  }

 private:
  static constexpr size_t kSpan = kLeafSize * kBranchSize;

  struct Leaf {
    explicit Leaf(uint64_t made_in) : epoch(made_in) {}
    const auto& Content() const { return values; }

    uint64_t epoch;
    Values values{};
  };
  struct Branch {
    explicit Branch(uint64_t made_in) : epoch(made_in) {}
    const auto& Content() const { return leaves; }

    uint64_t epoch;
    std::array<std::shared_ptr<Leaf>, kBranchSize> leaves;
  };

  PersistentVector(const PersistentVector&) = default;

  // To copy shared pointers is to count up in memory all over the place, one after the other: so it
  // is asked for all at once before. std::make_shared puts the count right before the object.
  template <typename Pointer, size_t kCount>
  static void AskForCounts(const std::array<std::shared_ptr<Pointer>, kCount>& pointers) {
    for (const std::shared_ptr<Pointer>& pointer : pointers) hwy::Prefetch(pointer.get());
  }
  template <typename Other>
  static void AskForCounts(const Other& /*values*/) {}

  template <typename Node>
  Node& Own(std::shared_ptr<Node>& node) {
    if (node->epoch != epoch_) {
      AskForCounts(node->Content());
      node = std::make_shared<Node>(*node);
      node->epoch = epoch_;
    }
    return *node;
  }

  size_t size_ = 0;
  uint64_t epoch_ = 0;
  std::vector<std::shared_ptr<Branch>> root_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_PERSISTENT_VECTOR_H_
