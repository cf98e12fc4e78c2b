// One import stream: items in, receipts out, in order.
//
//   std::unique_ptr<CandidateImport> import = candidates.ImportCandidates(context);
//   while (stream.Read(&request)) {
//     LEYE_ASSIGN_OR_RETURN(auto response, import->Push(std::move(request)));
//     if (response.receipts_size() > 0) stream.Write(response);
//   }
//   LEYE_ASSIGN_OR_RETURN(auto rest, import->Flush());
//
// Items are gathered into batches; a batch is one commit. A receipt is given out once its commit is
// durable. A bad item costs only itself. A status that is not OK ends the stream: the receipts
// already given out hold, the batch at hand has not been written (or, with OUTCOME_UNKNOWN, may
// have been; importing it again is safe).
#ifndef LEYE_SERVICES_APP_IMPORT_SESSION_H_
#define LEYE_SERVICES_APP_IMPORT_SESSION_H_

#include <cstddef>

#include "absl/status/statusor.h"

#include "leye/v1/candidate.pb.h"
#include "leye/v1/household.pb.h"
#include "leye/v1/posting.pb.h"

namespace leye::app {

// Thread-compatible. Calls block while a batch is written.
template <typename Request, typename Response>
class ImportSession {
 public:
  virtual ~ImportSession() = default;

  // Takes the items of a message. When they fill a batch, writes it and answers its receipts; else
  // answers none. INVALID_ARGUMENT when the first message names no region, when a later one names
  // another, or when a message holds no item or more than 1,000.
  virtual absl::StatusOr<Response> Push(Request&& request) = 0;

  // Writes what is gathered and answers its receipts: at the stream's end, and whenever the client
  // pauses for its receipts.
  virtual absl::StatusOr<Response> Flush() = 0;

  // Items taken whose receipts have not been given out.
  virtual size_t pending() const = 0;
};

using CandidateImport = ImportSession<v1::ImportCandidatesRequest, v1::ImportCandidatesResponse>;
using HouseholdImport = ImportSession<v1::ImportHouseholdsRequest, v1::ImportHouseholdsResponse>;
using PostingImport = ImportSession<v1::ImportPostingsRequest, v1::ImportPostingsResponse>;

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_IMPORT_SESSION_H_
