// Bytes that must not be left behind: keys, and what was sealed.
//
//   const SecretKey data_key = ...;          // wiped at its end
//   std::string content = ...;
//   Wipe(content);                           // zeros, then empty
//
// A SecretKey has memory of its own that core dumps leave out and, where the machine allows it, the
// swap file too.
#ifndef LEYE_SERVICES_ACCESS_SECRET_H_
#define LEYE_SERVICES_ACCESS_SECRET_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace leye::access {

inline constexpr size_t kKeyBytes = 32;

// Overwrites the text, and what it had room for, with zeros; it is empty then.
void Wipe(std::string& text);

// Wipes a text at the end of the scope. Not to be copied; the text outlives it.
class WipeAtEnd {
 public:
  explicit WipeAtEnd(std::string& text) : text_(text) {}
  ~WipeAtEnd() { Wipe(text_); }
  WipeAtEnd(const WipeAtEnd&) = delete;
  WipeAtEnd& operator=(const WipeAtEnd&) = delete;

 private:
  std::string& text_;
};

// A key on the stack, wiped at its end: for one that lives as long as a call. Thread-compatible.
struct ShortKey {
  std::array<uint8_t, kKeyBytes> bytes = {};

  ShortKey() = default;
  ~ShortKey();
  ShortKey(const ShortKey&) = delete;
  ShortKey& operator=(const ShortKey&) = delete;
};

// A key that lives long, on a page of its own. Immutable, safe for concurrent use.
class SecretKey {
 public:
  // REQUIRES: `bytes` has kKeyBytes bytes. Throws std::bad_alloc when there is no page.
  explicit SecretKey(absl::string_view bytes);

  const uint8_t* data() const { return page_.get(); }
  absl::string_view view() const { return {reinterpret_cast<const char*>(page_.get()), kKeyBytes}; }

 private:
  struct FreePage {
    void operator()(uint8_t* page) const;
  };

  std::unique_ptr<uint8_t, FreePage> page_;
};

// From now on this process leaves no core file, and others of its user can neither trace it nor
// read its memory. False when the kernel refuses.
bool SwitchDumpsOff();

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_SECRET_H_
