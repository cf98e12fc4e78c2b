// Which message a stored record is, by its kind.

#ifndef LEYE_TESTS_FUZZ_STORED_KINDS_H_
#define LEYE_TESTS_FUZZ_STORED_KINDS_H_

#include <google/protobuf/message.h>

#include "services/store/record.h"

namespace leye::fuzz {

// Of the open part. Null for a kind whose records are no messages of the API or the store, or whose
// kind is not known.
const google::protobuf::Message* StoredMessage(store::Kind kind);

// Whether app::RecordCodec reads records of the kind: resources of the API.
bool IsResource(store::Kind kind);

}  // namespace leye::fuzz

#endif  // LEYE_TESTS_FUZZ_STORED_KINDS_H_
