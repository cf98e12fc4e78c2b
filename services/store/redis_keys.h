// The keys of a region in Redis. All carry its hash tag, so that a Redis Cluster keeps them on one
// server and one script may use them.
//
//   {r13}:meta           hash: epoch, head, next (number), start (of the log), server, changed
//                        (mutations so far); with an image: image (redis_image.h);
//                        while a restore is unfinished: restore (its id), step (the next)
//   {r13}:log            stream: entry <epoch>-<sequence>, field "c" a storage.v1.LogChanges
//   {r13}:names          sorted set, lexical: <kind>:<name> of every record
//   {r13}:record:<kind>:<name>   string: number, version and size of the open part (6, 6 and 4
//                        bytes, big-endian), open part, sealed part
//   {r13}:request:<request id>   string: "<stream id> <fingerprint>"
//   {r13}:requests       list, oldest first: "<time in ms> <stream id> <request id>"
//   {r13}:holds          hash: holder of the log -> "<first sequence> <until, in ms>"
//   {r13}:image:<a or b>:<n>   string: a page of an image: its id, a packed page, compressed
//   {r13}:imaging        string: id of the image that is being made; expires
//
// <kind> is the number of the kind in two digits.

#ifndef LEYE_SERVICES_STORE_REDIS_KEYS_H_
#define LEYE_SERVICES_STORE_REDIS_KEYS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/store/record.h"
#include "services/store/region.h"

namespace leye::store::redis {

std::string MetaKey(Region region);
std::string LogKey(Region region);
std::string NamesKey(Region region);
std::string RequestsKey(Region region);
std::string HoldsKey(Region region);
std::string ImagingKey(Region region);
std::string ImagePageKey(Region region, absl::string_view buffer, uint64_t page);
// Prefix of the keys of remembered requests, and of records: the request id or member follows.
std::string RequestPrefix(Region region);
std::string RecordPrefix(Region region);

// "03:regions/13/candidates/x". Members of one kind are those from MemberOf(kind, "") on and below
// EndOfKind(kind).
std::string MemberOf(Kind kind, absl::string_view name);
std::string EndOfKind(Kind kind);
// A member taken apart; views it. DATA_LOSS unless MemberOf wrote it.
struct Member {
  Kind kind;
  absl::string_view name;
};
absl::StatusOr<Member> ParseMember(absl::string_view member);

// "<epoch>-<sequence>", in decimal.
std::string StreamId(Revision revision);
absl::StatusOr<Revision> ParseStreamId(absl::string_view id);

// The slot of Redis Cluster (0 to 16383) that the region's keys are in.
inline constexpr int kSlots = 16'384;
int SlotOf(Region region);
// The slot of any key: CRC-16/XMODEM of the hash tag, or of the whole key if it has none.
int SlotOfKey(absl::string_view key);

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_KEYS_H_
