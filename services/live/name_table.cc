#include "services/live/name_table.h"

#include <cstring>
#include <utility>

#include "absl/hash/hash.h"

namespace leye::live {
namespace {

constexpr size_t kBlockBytes = 1 << 16;
constexpr size_t kLengthBytes = 2;
constexpr size_t kFirstCells = 64;

uint64_t HalfHash(absl::string_view name) {
  return static_cast<uint32_t>(absl::HashOf(name) >> 16);
}

uint64_t CellOf(uint64_t half_hash, uint32_t slot) {
  return half_hash << 32 | (uint64_t{slot} + 1);
}

uint64_t HashOfCell(uint64_t cell) { return cell >> 32; }

uint32_t SlotOfCell(uint64_t cell) { return static_cast<uint32_t>(cell) - 1; }

}  // namespace

uint32_t NameTable::Intern(absl::string_view name) {
  const std::optional<uint32_t> known = Find(name);
  if (known.has_value()) return *known;
  if (2 * (size() + 1) > cells_.size()) Grow();
  const auto slot = static_cast<uint32_t>(size());
  places_.PushBack(Append(name));
  Enter(CellOf(HalfHash(name), slot));
  return slot;
}

std::optional<uint32_t> NameTable::Find(absl::string_view name) const {
  if (cells_.empty()) return std::nullopt;
  const uint64_t half_hash = HalfHash(name);
  const size_t mask = cells_.size() - 1;
  for (size_t at = half_hash & mask; cells_[at] != 0; at = (at + 1) & mask) {
    if (HashOfCell(cells_[at]) != half_hash) continue;
    const uint32_t slot = SlotOfCell(cells_[at]);
    if (NameOf(slot) == name) return slot;
  }
  return std::nullopt;
}

void NameTable::Prefetch(absl::string_view name) const {
  if (!cells_.empty()) __builtin_prefetch(&cells_[HalfHash(name) & (cells_.size() - 1)]);
}

absl::string_view NameTable::NameOf(uint32_t slot) const {
  const uint32_t place = places_[slot];
  const char* entry = blocks_[place >> 16].get() + (place & 0xffff);
  uint16_t length = 0;
  std::memcpy(&length, entry, kLengthBytes);
  return {entry + kLengthBytes, length};
}

NameTable NameTable::Share() {
  NameTable copy;
  copy.blocks_ = blocks_.Share();
  copy.places_ = places_.Share();
  copy.cells_ = cells_.Share();
  copy.block_used_ = block_used_;
  return copy;
}

size_t NameTable::MemoryBytes() const {
  return blocks_.size() * kBlockBytes + blocks_.MemoryBytes() + places_.MemoryBytes() +
         cells_.MemoryBytes();
}

// Shared tables read only what was appended before they were made, so appending to a block that
// they hold too disturbs nobody.
uint32_t NameTable::Append(absl::string_view name) {
  const size_t needed = kLengthBytes + name.size();
  if (blocks_.empty() || block_used_ + needed > kBlockBytes) {
    blocks_.PushBack(Block(new char[kBlockBytes]));
    block_used_ = 0;
  }
  const size_t block = blocks_.size() - 1;
  char* entry = blocks_[block].get() + block_used_;
  const auto length = static_cast<uint16_t>(name.size());
  std::memcpy(entry, &length, kLengthBytes);
  std::memcpy(entry + kLengthBytes, name.data(), name.size());
  const auto place = static_cast<uint32_t>(block << 16 | block_used_);
  block_used_ += needed;
  return place;
}

void NameTable::Enter(uint64_t cell) {
  const size_t mask = cells_.size() - 1;
  size_t at = HashOfCell(cell) & mask;
  while (cells_[at] != 0) at = (at + 1) & mask;
  cells_.Mutable(at) = cell;
}

void NameTable::Grow() {
  auto old = std::move(cells_);
  cells_ = {};
  cells_.Resize(old.empty() ? kFirstCells : 2 * old.size());
  for (size_t i = 0; i < old.size(); ++i) {
    if (old[i] != 0) Enter(old[i]);
  }
}

}  // namespace leye::live
