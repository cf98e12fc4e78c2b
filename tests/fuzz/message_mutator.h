// Variants of messages, by reflection and by what (leye.v1.rule) says of fields: a new field or a
// new message needs nothing here.
//
//   const MessageMutator mutator({"regions/13/postings/sewing"});
//   mutator.Mutate(request, dice);

#ifndef LEYE_TESTS_FUZZ_MESSAGE_MUTATOR_H_
#define LEYE_TESTS_FUZZ_MESSAGE_MUTATOR_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include <google/protobuf/message.h>

#include "tests/oracle/dice.h"

namespace leye::fuzz {

// Immutable.
class MessageMutator {
 public:
  using Message = google::protobuf::Message;
  using Dice = matcher::oracle::Dice;

  // `words` are among what texts become: names of records that exist, say.
  explicit MessageMutator(std::vector<std::string> words = {}) : words_(std::move(words)) {}

  // Changes one to three places. Texts stay UTF-8, bytes may become anything, numbers and lists
  // mostly stay near what is allowed.
  void Mutate(Message& message, Dice& dice) const;

 private:
  using Field = google::protobuf::FieldDescriptor;

  void ChangeOnePlace(Message& message, Dice& dice) const;
  void ChangeField(Message& holder, const Field& field, Dice& dice) const;
  void ChangeList(Message& holder, const Field& field, Dice& dice) const;
  // Sets the field, or appends to a list.
  void Put(Message& holder, const Field& field, Dice& dice) const;
  void PutMessage(Message& holder, const Field& field, Dice& dice) const;
  std::string TextFor(const Field& field, const std::string& present, Dice& dice) const;
  std::string NameFor(const std::string& collection, Dice& dice) const;

  const std::vector<std::string> words_;
};

// The message that `text`, a textproto, says; false when it says none. Prints nothing.
bool ReadText(absl::string_view text, google::protobuf::Message& message);
std::string WriteText(const google::protobuf::Message& message);

// Every text within the message, names of fields aside.
std::vector<std::string> TextsIn(const google::protobuf::Message& message);

}  // namespace leye::fuzz

#endif  // LEYE_TESTS_FUZZ_MESSAGE_MUTATOR_H_
