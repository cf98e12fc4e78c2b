#include "services/store/redis_reply.h"

#include "absl/strings/numbers.h"
#include <hiredis/hiredis.h>

namespace leye::store::redis {

ReplyType ReplyView::type() const {
  if (reply_ == nullptr) return ReplyType::kNil;
  switch (reply_->type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      return ReplyType::kText;
    case REDIS_REPLY_INTEGER:
      return ReplyType::kInteger;
    case REDIS_REPLY_ARRAY:
      return ReplyType::kArray;
    case REDIS_REPLY_ERROR:
      return ReplyType::kError;
    default:
      return ReplyType::kNil;
  }
}

absl::string_view ReplyView::text() const {
  const ReplyType is = type();
  if (is != ReplyType::kText && is != ReplyType::kError) return {};
  return {reply_->str, reply_->len};
}

uint64_t ReplyView::number() const {
  if (type() == ReplyType::kInteger) return static_cast<uint64_t>(reply_->integer);
  uint64_t value = 0;
  return absl::SimpleAtoi(text(), &value) ? value : 0;
}

size_t ReplyView::size() const { return type() == ReplyType::kArray ? reply_->elements : 0; }

ReplyView ReplyView::operator[](size_t index) const {
  return ReplyView(index < size() ? reply_->element[index] : nullptr);
}

void FreeReply::operator()(redisReply* reply) const { freeReplyObject(reply); }

}  // namespace leye::store::redis
