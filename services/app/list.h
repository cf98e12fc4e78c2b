// Lists: pages of records that match a filter, in an order. One implementation for every resource.
//
//   const ListSchema schema(*v1::Posting::descriptor(), {{"state"}}, {"title", "create_time"});
//   LEYE_ASSIGN_OR_RETURN(ListQuery query, schema.Parse(text, violations));
//   LEYE_ASSIGN_OR_RETURN(ListResult page, RunList(query, read_page));
//
// In the order of names, a page reads on from where the last one ended. In another order every page
// reads all records of the kind once and keeps the next ones: O(records) time, O(page) memory.
// Pages of one listing neither repeat nor lose a record that is not changed meanwhile.
#ifndef LEYE_SERVICES_APP_LIST_H_
#define LEYE_SERVICES_APP_LIST_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

#include "leye/storage/v1/envelope.pb.h"
#include "services/app/filter.h"
#include "services/app/page_token.h"
#include "services/app/violations.h"
#include "services/store/region.h"

namespace leye::app {

// How many records are read at once where all of a kind are read.
inline constexpr int kRecordsPerRead = 1'000;

// A record on its way into a list: as it will be answered, but for the personal part.
struct ListItem {
  std::string name;
  std::unique_ptr<google::protobuf::Message> message;
  storage::v1::Sealed sealed = {};
  std::string sort_key = {};
};

// A piece of what there is, ascending by name.
struct ListChunk {
  std::vector<ListItem> items;
  std::string last_name;  // Of the last one read.
  bool more = false;
  store::Revision revision;
};

// Reads the records whose names are greater than `after`, at most `limit`.
using ReadChunk = absl::FunctionRef<absl::StatusOr<ListChunk>(absl::string_view after, int limit)>;

// What a list request says.
struct ListText {
  std::string method;  // Of the request, with its parent: what a token is bound to.
  std::string filter;
  std::string order_by;
  std::string page_token;
  int page_size = 0;
};

struct ListQuery {
  Filter filter;
  const FilterField* order = nullptr;  // Null: by name.
  bool descending = false;
  int page_size = 0;
  std::string digest;  // Of method, parent, filter and order.
  std::optional<PageCursor> after = {};
  bool sparse = false;  // Most of what is read may not be the caller's: many are read at a time.
};

struct ListResult {
  std::vector<ListItem> items;
  std::string next_page_token;
  store::Revision began;
};

// What the lists of one resource may filter and order by. Immutable, safe for concurrent use.
class ListSchema {
 public:
  ListSchema(const google::protobuf::Descriptor& type, const std::vector<FilterFieldSpec>& filters,
             const std::vector<std::string>& orders);

  // The query; what is wrong with the text goes to `violations`, and the query is then useless.
  ListQuery Parse(const ListText& text, Violations& violations) const;

 private:
  void ParseOrder(absl::string_view order_by, ListQuery& query, Violations& violations) const;

  FilterFields filters_;
  FilterFields orders_;
};

// The next page. INVALID_ARGUMENT (page_token) when history forked since the listing began.
absl::StatusOr<ListResult> RunList(const ListQuery& query, ReadChunk read);

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_LIST_H_
