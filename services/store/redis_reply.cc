#include "services/store/redis_reply.h"

#include <limits>

#include "absl/strings/numbers.h"
#include <hiredis/hiredis.h>

namespace leye::store::redis {

// What hiredis' reader calls for each element, those of an array after the array. It keeps what
// they return for an array, and takes null for "no memory".
class ReplyBuilder {
 public:
  static void* Text(const redisReadTask* task, char* bytes, size_t size) {
    if (size > std::numeric_limits<uint32_t>::max()) return nullptr;
    Reply& reply = ReplyOf(task);
    const uint64_t begin = reply.text_.size();
    reply.text_.append(bytes, size);
    const bool error = task->type == REDIS_REPLY_ERROR;
    return Put(task, {.type = error ? ReplyType::kError : ReplyType::kText,
                      .size = static_cast<uint32_t>(size),
                      .value = begin});
  }

  static void* Array(const redisReadTask* task, int size) {
    // Far beyond what we ask for: a server that says so is broken, and must not take all memory.
    constexpr int kMostElements = 1 << 24;
    if (size > kMostElements) return nullptr;
    Reply& reply = ReplyOf(task);
    std::vector<Reply::Element>& elements = reply.elements_;
    const uint64_t begin = elements.empty() ? 1 : elements.size();
    elements.resize(begin + static_cast<size_t>(size));
    return Put(task,
               {.type = ReplyType::kArray, .size = static_cast<uint32_t>(size), .value = begin});
  }

  // NOLINTNEXTLINE(google-runtime-int): hiredis' type
  static void* Integer(const redisReadTask* task, long long value) {
    return Put(task, {.type = ReplyType::kInteger, .value = static_cast<uint64_t>(value)});
  }

  static void* Nil(const redisReadTask* task) { return Put(task, {}); }

  // It belongs to the connection.
  static void Free(void* /*reply*/) {}

 private:
  static Reply& ReplyOf(const redisReadTask* task) { return *static_cast<Reply*>(task->privdata); }

  // Returns the place of the element, plus one because null is an error.
  static void* Put(const redisReadTask* task, const Reply::Element& element) {
    Reply& reply = ReplyOf(task);
    size_t place = 0;
    if (task->parent != nullptr) {
      const size_t array = reinterpret_cast<uintptr_t>(task->parent->obj) - 1;
      place = reply.elements_[array].value + static_cast<size_t>(task->idx);
    }
    if (reply.elements_.empty()) reply.elements_.resize(1);
    reply.elements_[place] = element;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): hiredis hands it back to us and never follows it
    return reinterpret_cast<void*>(place + 1);
  }
};

redisReplyObjectFunctions* Reply::Functions() {
  static redisReplyObjectFunctions functions = {
      .createString = ReplyBuilder::Text,
      .createArray = ReplyBuilder::Array,
      .createInteger = ReplyBuilder::Integer,
      .createNil = ReplyBuilder::Nil,
      .freeObject = ReplyBuilder::Free,
  };
  return &functions;
}

ReplyView Reply::view() const { return {*this, elements_.empty() ? nullptr : elements_.data()}; }

absl::string_view ReplyView::text() const {
  if (type() != ReplyType::kText && type() != ReplyType::kError) return {};
  return absl::string_view(reply_->text_).substr(element_->value, element_->size);
}

uint64_t ReplyView::number() const {
  if (type() == ReplyType::kInteger) return element_->value;
  uint64_t value = 0;
  return absl::SimpleAtoi(text(), &value) ? value : 0;
}

ReplyView ReplyView::operator[](size_t index) const {
  return {*reply_, index < size() ? &reply_->elements_[element_->value + index] : nullptr};
}

}  // namespace leye::store::redis
