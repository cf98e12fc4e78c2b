// Where the next page of a list begins, as an opaque text that goes only with its own query.
//
//   std::string token = EncodePageToken(query_digest, cursor);
//   absl::StatusOr<PageCursor> cursor = DecodePageToken(query_digest, token);
#ifndef LEYE_SERVICES_APP_PAGE_TOKEN_H_
#define LEYE_SERVICES_APP_PAGE_TOKEN_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

#include "services/app/violations.h"
#include "services/store/region.h"

namespace leye::app {

struct PageCursor {
  store::Revision began;  // The revision at which the listing began.
  std::string sort_key;   // Of the last item given out; empty when names order the list.
  std::string name;       // Of the last item given out.
};

std::string EncodePageToken(absl::string_view query_digest, const PageCursor& cursor);

// nullopt for a token of another query, a damaged one, or anything else.
std::optional<PageCursor> DecodePageToken(absl::string_view query_digest, absl::string_view token);

// What is wrong with a `page_token` that DecodePageToken does not take.
Violation BadPageToken();

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_PAGE_TOKEN_H_
