// Open postings of the same employer, place and title: who has a twin that came before.
//
//   PostingTwins twins(store, region, now);
//   LEYE_RETURN_IF_ERROR(twins.Read(postings));          // together, before they are placed
//   LEYE_ASSIGN_OR_RETURN(std::string earlier, twins.Place(name, before, posting));
//   twins.Append(mutations);                             // of the commit that stores the postings
//
// The names stand in one record for each such three, in the order in which they came; closing,
// deleting and changing one of the three takes a name out. The commit has that record's version: of
// two that come at the same time, one finds the other. Of more than 20 twins the later ones are
// known for what they are but not kept.
#ifndef LEYE_SERVICES_APP_POSTING_TWINS_H_
#define LEYE_SERVICES_APP_POSTING_TWINS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "leye/v1/posting.pb.h"
#include "services/app/working_set.h"

namespace leye::app {

// Thread-compatible. Made for one attempt at a commit.
class PostingTwins {
 public:
  // `store` outlives this.
  PostingTwins(store::Store& store, store::Region region, absl::Time now)
      : set_(store, region, now) {}

  // Spares the methods below a read for each posting.
  absl::Status Read(const std::vector<const v1::Posting*>& postings);

  // Puts `posting`, which is `before` as it is stored (null: new), where it belongs. The name of
  // the first open twin that came before it; "" when there is none.
  absl::StatusOr<std::string> Place(const std::string& name, const v1::Posting* before,
                                    const v1::Posting& posting);

  // Takes a posting that is deleted out.
  absl::Status Remove(const std::string& name, const v1::Posting& posting);

  void Append(std::vector<store::Mutation>& mutations) const;

 private:
  store::RecordKey KeyOf(const v1::Posting& posting) const;

  WorkingSet set_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_POSTING_TWINS_H_
