// Names and the dense numbers ("slots") that stand for them: the spine of the directory.
//
//   NameTable names;
//   const uint32_t slot = names.Intern("yian");     // the same slot for the same name, for ever
//   names.NameOf(slot) == "yian";
//   const NameTable now = names.Share();            // immutable; cheap
//
// A slot is given at the first mention, so that a record may refer to another that has not arrived
// yet. Slots are never taken back. About 20 bytes a name beside its letters: the letters stand one
// after the other in blocks that are only ever appended to, and an open hash table of 8-byte cells
// (half a hash, and the slot) finds them.
//
// The writer is thread-compatible. A shared table never changes and may be read by any thread.
#ifndef LEYE_SERVICES_LIVE_NAME_TABLE_H_
#define LEYE_SERVICES_LIVE_NAME_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/strings/string_view.h"

#include "matcher/persistent_vector.h"

namespace leye::live {

// Stands for "none".
inline constexpr uint32_t kNoSlot = 0xffffffff;

class NameTable {
 public:
  NameTable() = default;
  NameTable(NameTable&&) noexcept = default;
  NameTable& operator=(NameTable&&) noexcept = default;

  // The slot of `name`; slots are 0, 1, 2, ... in the order of first mention.
  // REQUIRES: at most 65,000 bytes.
  uint32_t Intern(absl::string_view name);

  // nullopt when the name was never mentioned.
  std::optional<uint32_t> Find(absl::string_view name) const;

  // REQUIRES: slot < size(). The view lives as long as this table or any copy made later.
  absl::string_view NameOf(uint32_t slot) const;

  // Asks for the memory where `name` is, before it is looked for.
  void Prefetch(absl::string_view name) const;

  size_t size() const { return places_.size(); }

  NameTable Share();

  size_t MemoryBytes() const;

 private:
  using Block = std::shared_ptr<char[]>;

  uint32_t Append(absl::string_view name);
  void Enter(uint64_t cell);
  void Grow();

  matcher::PersistentVector<Block> blocks_;
  matcher::PersistentVector<uint32_t> places_;  // By slot: block and offset, 16 bits each.
  // Half a hash, slot + 1; 0: free. They are looked for at random: with large leaves, the way to
  // them stays in the processor's cache.
  matcher::PersistentVector<uint64_t, 512> cells_;
  size_t block_used_ = 0;  // Bytes of the last block.
};

}  // namespace leye::live

#endif  // LEYE_SERVICES_LIVE_NAME_TABLE_H_
