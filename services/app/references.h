// The records that records refer to: read once, checked, and kept from vanishing under a commit.
//
//   References references(*v1::Household::descriptor());
//   references.Want(household, region);                             // any number of times
//   LEYE_RETURN_IF_ERROR(references.Read(store, reach));
//   references.CheckFound(household, "household", violations);
//   references.Protect(household, mutations);                // into the commit
//
// Settlement areas can be deleted, and only while no household refers to them. Whoever deletes one
// first writes a deletion marker beside it, then counts, then removes area and marker in one commit
// (record_deleter.h). Whoever refers to one has in his commit that the area exists and that there
// is no marker, or removes the marker. So of two that run at once, one fails and looks again; the
// many who refer to an area do not hinder each other. Candidates and postings can be deleted too,
// but referrals need no marker of theirs: their commits name the versions they have read.
#ifndef LEYE_SERVICES_APP_REFERENCES_H_
#define LEYE_SERVICES_APP_REFERENCES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

#include "services/access/reach.h"
#include "services/app/violations.h"
#include "services/store/store.h"

namespace leye::app {

// The marker beside a record that is about to be deleted.
store::RecordKey DeletionMarkerOf(absl::string_view name);

// Thread-compatible.
class References {
 public:
  using Message = google::protobuf::Message;

  // For resources of `type`: its fields that name a resource of the region.
  explicit References(const google::protobuf::Descriptor& type);

  // Notes what `message`, of `region`, refers to, to be read. Names that are malformed or of
  // another region are passed over: the field's own rule refuses them.
  void Want(const Message& message, store::Region region);

  // Reads what was noted. Records that cannot be deleted are read once; the others, and what was
  // missing, anew after Forget.
  absl::Status Read(store::Store& store, access::Reach& reach);
  void Forget();

  // Adds a violation for each reference of `message` that leads nowhere.
  void CheckFound(const Message& message, absl::string_view path, Violations& violations) const;

  // Adds to `mutations` what keeps the referred records of `message` in being. Each record is
  // named once however often this is called between two calls of Forget.
  void Protect(const Message& message, std::vector<store::Mutation>& mutations);

 private:
  struct Slot {
    const google::protobuf::FieldDescriptor* field;
    store::Kind kind;
    std::string collection;
    bool deletable;
  };
  struct Target {
    store::Kind kind;
    bool deletable;
    bool found = false;
    std::optional<uint64_t> marker_version = {};
  };

  static const std::string& NameIn(const Message& message, const Slot& slot, std::string& scratch);

  std::vector<Slot> slots_;
  absl::flat_hash_map<std::string, Target> targets_;
  absl::flat_hash_set<std::string> lasting_;  // Found, and cannot be deleted.
  std::vector<std::string> unread_;
  absl::flat_hash_set<std::string> protected_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_REFERENCES_H_
