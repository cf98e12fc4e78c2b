// Parts a message into what is about an identified person and the rest.
//
//   v1::Candidate personal;
//   access::TakePersonal(candidate, personal);    // moves full_name, phone, ... out of `candidate`
//   access::PutPersonal(personal, candidate);     // and back
//   access::Redact(candidate);                    // drops them
//
// Which fields are personal is said in the protos, by the option (leye.v1.personal). Fields of
// nested messages keep their place: element i of a repeated field in `personal` belongs to element
// i of the same field in the open part. Plans of what to visit are made once for each descriptor
// and live as long as the process. All functions are safe for concurrent use.
#ifndef LEYE_SERVICES_ACCESS_PERSONAL_DATA_H_
#define LEYE_SERVICES_ACCESS_PERSONAL_DATA_H_

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace leye::access {

// True if messages of this type have personal fields, at any depth.
bool HasPersonalFields(const google::protobuf::Descriptor& type);

// Moves the personal fields of `message` to `personal`; returns whether there were any that are
// set. REQUIRES: both are of one type, `personal` is empty.
bool TakePersonal(google::protobuf::Message& message, google::protobuf::Message& personal);

// Moves them back. Elements that `message` no longer has are dropped. REQUIRES: one type.
void PutPersonal(google::protobuf::Message& personal, google::protobuf::Message& message);

// Clears the personal fields of `message`, whatever its type and at any depth.
void Redact(google::protobuf::Message& message);

}  // namespace leye::access

#endif  // LEYE_SERVICES_ACCESS_PERSONAL_DATA_H_
