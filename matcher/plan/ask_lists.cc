#include "matcher/plan/ask_lists.h"

#include <algorithm>
#include <cstddef>
#include <tuple>

#include "matcher/parallel_for.h"

namespace leye::matcher::plan {
namespace {

// A longer list is parted by whom its jobs take, into shelves that are no shorter than kShelf.
constexpr size_t kLongList = 1024;
constexpr size_t kShelf = 64;

void Widen(const AskLists::Admission& more, AskLists::Admission& admission) {
  admission.least_age = std::min(admission.least_age, more.least_age);
  admission.most_age = std::max(admission.most_age, more.most_age);
  admission.least_education = std::min(admission.least_education, more.least_education);
  admission.level_code = std::min(admission.level_code, more.level_code);
}

}  // namespace

AskLists::AskLists(std::vector<Item> items) {
  ids_.reserve(items.size());
  ceilings_.reserve(items.size());
  std::ranges::sort(items, {}, [](const Item& item) { return std::tuple(item.list, item.id); });
  for (size_t begin = 0, end = 0; begin < items.size(); begin = end) {
    while (end < items.size() && items[end].list == items[begin].list) ++end;
    AddList(std::span(items).subspan(begin, end - begin));
  }
  shelves_.shrink_to_fit();
  admissions_.shrink_to_fit();
}

void AskLists::AddList(std::span<Item> items) {
  has_seconds_ = has_seconds_ || items.front().list % kSeconds != 0;
  const bool is_long = items.size() > kLongList;
  if (is_long) std::ranges::stable_sort(items, {}, &Item::admission);
  for (size_t i = 0; i < items.size(); ++i) {
    const auto at = static_cast<uint32_t>(ids_.size());
    const bool full = i > 0 && is_long && at >= shelves_.back().begin + kShelf &&
                      items[i].admission != items[i - 1].admission;
    if (i == 0 || full) {
      shelves_.push_back({.list = items[i].list, .begin = at});
      admissions_.push_back(items[i].admission);
    }
    Widen(items[i].admission, admissions_.back());
    ids_.push_back(items[i].id);
    ceilings_.push_back(static_cast<uint16_t>(items[i].ceiling_micros / kPlateauMicros + 1));
  }
}

void AskOrder::Start(const AskLists& lists, std::span<const uint16_t> prices) {
  lists_ = &lists;
  prices_ = prices;
  placed_.resize(lists.ids_.size());
  is_sorted_.assign(lists.shelves_.size(), 0);
}

void AskOrder::SortAll(size_t threads) {
  constexpr size_t kPart = 1024;
  ParallelFor((is_sorted_.size() + kPart - 1) / kPart, threads, [this](size_t part) {
    const size_t end = std::min(is_sorted_.size(), (part + 1) * kPart);
    for (size_t shelf = part * kPart; shelf < end; ++shelf) Sort(shelf);
  });
}

void AskOrder::Sort(size_t shelf) {
  const uint32_t begin = lists_->shelves_[shelf].begin;
  const uint32_t end = EndOf(shelf);
  for (uint32_t i = begin; i < end; ++i) {
    const uint32_t id = lists_->ids_[i];
    placed_[i] = {.top = int32_t{lists_->ceilings_[i]} - int32_t{prices_[id]}, .id = id, .end = 0};
  }
  std::sort(placed_.begin() + begin, placed_.begin() + end, [](const Placed& a, const Placed& b) {
    return a.top != b.top ? a.top > b.top : a.id < b.id;
  });
  for (uint32_t first = begin, at = begin; at < end; first = at) {
    while (at < end && placed_[at].top == placed_[first].top) ++at;
    placed_[first].end = at;
  }
  is_sorted_[shelf] = 1;
}

}  // namespace leye::matcher::plan
