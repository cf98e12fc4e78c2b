// What Redis answers.
//
//   const Reply reply = ...;
//   if (reply.view().type() == ReplyType::kError) Log(reply.view().text());
//   const uint64_t sequence = reply.view()[1].number();

#ifndef LEYE_SERVICES_STORE_REDIS_REPLY_H_
#define LEYE_SERVICES_STORE_REDIS_REPLY_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"

struct redisReply;

namespace leye::store::redis {

enum class ReplyType : uint8_t { kNil, kText, kInteger, kArray, kError };

// Refers to a reply or an element of one, and lives no longer. Immutable.
class ReplyView {
 public:
  explicit ReplyView(const redisReply* reply) : reply_(reply) {}

  // A status such as "OK" is text.
  ReplyType type() const;
  bool is_error() const { return type() == ReplyType::kError; }

  // The bytes of a text or error; empty for everything else.
  absl::string_view text() const;
  // The value of an integer, or of a text that is one; 0 for everything else.
  uint64_t number() const;

  // Elements of an array; an element that does not exist is nil.
  size_t size() const;
  ReplyView operator[](size_t index) const;

 private:
  const redisReply* reply_;  // Null for nil.
};

struct FreeReply {
  void operator()(redisReply* reply) const;
};

// Owns a whole reply.
class Reply {
 public:
  explicit Reply(redisReply* reply) : reply_(reply) {}

  ReplyView view() const { return ReplyView(reply_.get()); }

 private:
  std::unique_ptr<redisReply, FreeReply> reply_;
};

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_REPLY_H_
