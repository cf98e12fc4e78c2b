// What runs inside Redis: each operation that must be atomic is one Lua script.
//
// Redis rolls nothing back, neither a script nor MULTI. So a script that writes first checks all
// that could stop it (conditions, the types of its keys), then writes to the log, then everything
// else. Out of memory, too few replicas and a full disk are refused by Redis before the script
// starts ("#!lua"). A script never sees a key of another region: all have the hash tag.

#ifndef LEYE_SERVICES_STORE_REDIS_SCRIPTS_H_
#define LEYE_SERVICES_STORE_REDIS_SCRIPTS_H_

#include <array>
#include <string>

namespace leye::store::redis {

// Its text is its parts one after the other; unused ones are null.
struct Script {
  std::array<const char*, 6> parts;
};

std::string TextOf(const Script& script);

// Where every process hears of commits: "<region> <epoch> <sequence>" a message.
inline constexpr char kHeadsChannel[] = "leye:heads";

// Applies a commit.
// KEYS  meta, log, names, requests, request, then each mutation's record.
// ARGV  epoch to begin if one must begin; region; request id, "" for none; fingerprint; time now
//       and time before which requests are forgotten, ms; prefix of request keys; then kCommitStep
//       for each mutation: "p", "d" or "c"; "any", "absent", "exists" or a version; member of
//       names; the log's bytes before and after the number; open part; sealed part.
// Returns {"done", epoch, sequence, number of each put...}, for a request that is remembered
//       {"known", epoch, stream id, changes}, {"reused"}, {"condition", mutation, version},
//       {"exhausted"} or {"restoring"}.
inline constexpr int kCommitStep = 7;
extern const Script kCommitScript;

// The remembered answer of a request.
// KEYS  meta, log, request.  ARGV  fingerprint.
// Returns {"known", epoch, stream id, changes}, {"reused"} or {"unknown"}.
extern const Script kFindRequestScript;

// A page of records by member of names.
// KEYS  meta, names.  ARGV  lexical bounds (as ZRANGEBYLEX); records at most; bytes after which it
//       ends; "open" to leave personal parts out, or "all"; prefix of record keys.
// Returns {epoch, head, 1 if there is more, member, record, member, record...}.
extern const Script kPageScript;

// Log entries.
// KEYS  meta, log.  ARGV  stream id after which they begin, "-" for all; entries at most; bytes
//       after which it ends.
// Returns {epoch, head, start, stream id, changes, stream id, changes...}.
extern const Script kReadLogScript;

// Forgets the log before a sequence, or before the least that somebody holds, and some requests
// that need not be remembered any more.
// KEYS  meta, log, requests, holds.  ARGV  sequence to keep from; time now, ms; time before which
//       requests are forgotten, ms; prefix of request keys.
// Returns {"done"} or {"beyond", head}.
extern const Script kTrimLogScript;

// The head of a region, after beginning a new epoch if the data came to this server by a restart, a
// failover or a restore since the last commit.
// KEYS  meta.  ARGV  epoch to begin if one must begin; region.
// Returns {epoch, head}; {0, 0} for a region without history.
extern const Script kHeadScript;

// A page of remembered requests, oldest first.
// KEYS  meta, log, requests.  ARGV  how many to leave out; requests at most; bytes of changes after
//       which it ends; prefix of request keys.
// Returns {epoch, head, next number, 1 if there is more, entry of requests, request, changes...}.
extern const Script kScanRequestsScript;

// Applies a step of a restore.
// KEYS  meta, log, names, requests, then each record, then each request.
// ARGV  epoch, sequence and next number of the whole; region; id and index of the step; "last" or
//       ""; number of records; then for each record its member of names and its bytes; then for
//       each request the time of its commit in ms, its sequence, its id, its fingerprint, its
//       changes.
// Returns {"done", index of the next step}, {"used", epoch, sequence}, {"another"},
//       {"gap", index of the next step}, {"twice", index of a record or request that is there} or
//       {"disorder", sequence of the newest request}.
extern const Script kRestoreScript;

// Replaces personal parts, and gives up the image, and the one that is being made.
// KEYS  meta, imaging, each record.  ARGV  for each the personal part that it must have, and the
// one it gets. Returns how many were replaced.
extern const Script kResealScript;

// Begins an image if one is due: there is none, a twentieth of the records was changed since, or
// anything and it is a day old.
// KEYS  meta, names, imaging, holds.  ARGV  id of the image; ms until it is given up if nothing is
// heard of
//       it; time now, ms; least records of a region that has images.
// Returns {"make", buffer, epoch, head, mutations so far, records} or {"nothing"}.
extern const Script kBeginImageScript;

// Writes a page of the image that is being made.
// KEYS  imaging, the page.  ARGV  id; ms as above; the page's bytes.
// Returns "done"; "another" if the image was given up; "full" if it would leave less than a tenth
// of maxmemory free.
extern const Script kAddImagePageScript;

// Makes the image that is being made the region's.
// KEYS  meta, imaging, holds.  ARGV  id; what meta says of it; the epoch it was made in.
// Returns "done" or "another".
extern const Script kShowImageScript;

// Performs every command that the others use, on keys of its own, so that missing permissions show
// at the start and not in the middle of a commit.
// KEYS  prefix of the probe's keys.
extern const Script kProbeScript;

}  // namespace leye::store::redis

#endif  // LEYE_SERVICES_STORE_REDIS_SCRIPTS_H_
