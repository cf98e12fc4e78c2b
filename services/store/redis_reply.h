// What Redis answers.
//
//   const Reply reply = ...;
//   if (reply.view().type() == ReplyType::kError) Log(reply.view().text());
//   const uint64_t sequence = reply.view()[1].number();
//
// A reply is one piece of memory for the bytes of all its elements, and one for the elements:
// hiredis' own takes two pieces for each, and a start reads millions.

#ifndef LEYE_SERVICES_STORE_REDIS_REPLY_H_
#define LEYE_SERVICES_STORE_REDIS_REPLY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

struct redisReplyObjectFunctions;

namespace leye::store::redis {

enum class ReplyType : uint8_t { kNil, kText, kInteger, kArray, kError };

class ReplyView;

// Owns a whole reply.
class Reply {
 public:
  // The reply. Lives as long as this stays where it is.
  ReplyView view() const;

  // With these functions, and a Reply as the data of its tasks, hiredis' reader fills that in.
  static redisReplyObjectFunctions* Functions();

 private:
  friend class ReplyView;
  friend class ReplyBuilder;

  struct Element {
    ReplyType type = ReplyType::kNil;
    uint32_t size = 0;   // Bytes of a text, elements of an array.
    uint64_t value = 0;  // Of an integer; else where in text_ or elements_ the content begins.
  };

  std::vector<Element> elements_;  // The reply is the first one; those of an array stand together.
  std::string text_;
};

// Refers to a reply or an element of one, and lives no longer. Immutable.
class ReplyView {
 public:
  ReplyView(const Reply& reply, const Reply::Element* element)
      : reply_(&reply), element_(element) {}

  // A status such as "OK" is text.
  ReplyType type() const { return element_ == nullptr ? ReplyType::kNil : element_->type; }
  bool is_error() const { return type() == ReplyType::kError; }

  // The bytes of a text or error; empty for everything else.
  absl::string_view text() const;
  // The value of an integer, or of a text that is one; 0 for everything else.
  uint64_t number() const;

  // Elements of an array; an element that does not exist is nil.
  size_t size() const { return type() == ReplyType::kArray ? element_->size : 0; }
  ReplyView operator[](size_t index) const;

 private:
  const Reply* reply_;
  const Reply::Element* element_;  // Null for nil.
};

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_REPLY_H_
