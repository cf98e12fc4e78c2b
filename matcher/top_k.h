// The best k of what is pushed, under a total order in which smaller is better.
//
//   TopK<CandidateOrder, RankedCandidate> top(20);
//   if (top.MayEnter(bound)) top.Push(order, entry);
//   std::vector<RankedCandidate> best = std::move(top).Take();   // best first
//
// Push costs log k. Orders of different entries differ (the last part is an id), so that the result
// does not depend on the order of pushes. Thread-compatible.
#ifndef LEYE_MATCHER_TOP_K_H_
#define LEYE_MATCHER_TOP_K_H_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace leye::matcher {

template <typename Order, typename Entry>
class TopK {
 public:
  // Nothing later than `last` enters.
  explicit TopK(size_t k, std::optional<Order> last = std::nullopt) : k_(k), last_(last) {}

  // Whatever enters from now on displaces something.
  bool full() const { return heap_.size() >= k_; }

  // Could something of this order, or of a later one, enter? False means: nothing can.
  bool MayEnter(const Order& order) const {
    if (last_.has_value() && *last_ < order) return false;
    return heap_.size() < k_ || (k_ > 0 && order < heap_.front().order);
  }

  void Push(const Entry& entry) {
    if (!MayEnter(entry.order)) return;
    if (heap_.size() == k_) {
      std::pop_heap(heap_.begin(), heap_.end(), Better);
      heap_.pop_back();
    }
    heap_.push_back(entry);
    std::push_heap(heap_.begin(), heap_.end(), Better);
  }

  // Best first.
  std::vector<Entry> Take() && {
    std::sort(heap_.begin(), heap_.end(), Better);
    return std::move(heap_);
  }

 private:
  static bool Better(const Entry& a, const Entry& b) { return a.order < b.order; }

  size_t k_;
  std::optional<Order> last_;
  std::vector<Entry> heap_;  // the worst in front
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_TOP_K_H_
