#include "services/app/list.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/app/digest.h"
#include "services/base/status.h"

namespace leye::app {
namespace {

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1'000;

std::vector<FilterFieldSpec> Specs(const std::vector<std::string>& paths) {
  std::vector<FilterFieldSpec> specs;
  specs.reserve(paths.size());
  for (const std::string& path : paths) specs.push_back({.path = path});
  return specs;
}

// Gathers the items that come next after a cursor.
class Collector {
 public:
  explicit Collector(const ListQuery& query)
      : query_(query), wanted_(static_cast<size_t>(query.page_size) + 1) {}

  void Add(ListItem item) {
    if (query_.order != nullptr) {
      item.sort_key = SortKeyOf(*item.message, *query_.order);
    }
    if (!IsAfterCursor(item)) return;
    items_.push_back(std::move(item));
    if (!InNameOrder() && items_.size() >= 2 * wanted_) KeepFirst();
  }

  // True once nothing that is still to come can enter the page.
  bool full() const { return InNameOrder() && items_.size() >= wanted_; }

  std::vector<ListItem> Take() {
    KeepFirst();
    return std::move(items_);
  }

 private:
  bool InNameOrder() const { return query_.order == nullptr && !query_.descending; }

  bool Before(absl::string_view key_a, absl::string_view name_a, absl::string_view key_b,
              absl::string_view name_b) const {
    if (query_.order == nullptr) return query_.descending ? name_b < name_a : name_a < name_b;
    if (key_a != key_b) return query_.descending ? key_b < key_a : key_a < key_b;
    return name_a < name_b;
  }

  bool IsAfterCursor(const ListItem& item) const {
    return !query_.after.has_value() ||
           Before(query_.after->sort_key, query_.after->name, item.sort_key, item.name);
  }

  void KeepFirst() {
    std::sort(items_.begin(), items_.end(), [this](const ListItem& a, const ListItem& b) {
      return Before(a.sort_key, a.name, b.sort_key, b.name);
    });
    if (items_.size() > wanted_) items_.resize(wanted_);
  }

  const ListQuery& query_;
  const size_t wanted_;  // One more than the page, to know whether there is a next one.
  std::vector<ListItem> items_;
};

}  // namespace

ListSchema::ListSchema(const google::protobuf::Descriptor& type,
                       const std::vector<FilterFieldSpec>& filters,
                       const std::vector<std::string>& orders)
    : filters_(type, filters), orders_(type, Specs(orders)) {}

void ListSchema::ParseOrder(absl::string_view order_by, ListQuery& query,
                            Violations& violations) const {
  const std::vector<absl::string_view> words =
      absl::StrSplit(order_by, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (words.empty()) return;
  const FilterField* field = orders_.Find(words[0]);
  const bool good = field != nullptr && words.size() <= 2 &&
                    (words.size() == 1 || words[1] == "desc" || words[1] == "asc");
  if (!good) {
    const std::string names = orders_.Names();
    violations.Add({"order_by", "INVALID_ORDER",
                    absl::StrCat("must be one of ", names, ", each with optional ` desc`"),
                    absl::StrCat("须为 ", names, " 之一，可加 ` desc`")});
    return;
  }
  query.order = field->spec.path == "name" ? nullptr : field;
  query.descending = words.size() == 2 && words[1] == "desc";
}

ListQuery ListSchema::Parse(const ListText& text, Violations& violations) const {
  ListQuery query;
  absl::StatusOr<Filter> filter = Filter::Parse(text.filter, filters_);
  if (filter.ok()) {
    query.filter = *std::move(filter);
  } else {
    violations.Add({"filter", "INVALID_FILTER", std::string(filter.status().message()),
                    absl::StrCat("筛选条件有误，可用字段：", filters_.Names())});
  }
  ParseOrder(text.order_by, query, violations);
  if (text.page_size < 0) {
    violations.Add({"page_size", "OUT_OF_RANGE", "must not be negative", "不得为负"});
  }
  query.page_size = text.page_size <= 0 ? kDefaultPageSize : std::min(text.page_size, kMaxPageSize);
  const auto part = [](absl::string_view piece) { return absl::StrCat(piece.size(), ":", piece); };
  query.digest = Sha256(absl::StrCat(part(text.method), part(text.filter), part(text.order_by)));
  if (!text.page_token.empty()) {
    query.after = DecodePageToken(query.digest, text.page_token);
    if (!query.after.has_value()) violations.Add(BadPageToken());
  }
  return query;
}

absl::StatusOr<ListResult> RunList(const ListQuery& query, ReadChunk read) {
  const bool by_name = query.order == nullptr && !query.descending;
  std::string after = by_name && query.after.has_value() ? query.after->name : "";
  const int limit =
      by_name && query.filter.empty() && !query.sparse ? query.page_size + 1 : kRecordsPerRead;
  std::optional<store::Revision> began;
  if (query.after.has_value()) began = query.after->began;
  Collector collector(query);
  for (bool more = true; more && !collector.full();) {
    LEYE_ASSIGN_OR_RETURN(ListChunk chunk, read(after, limit));
    if (!began.has_value()) began = chunk.revision;
    if (began->epoch != chunk.revision.epoch) {
      Violations violations;
      violations.Add(BadPageToken());
      return violations.ToStatus();
    }
    for (ListItem& item : chunk.items) {
      if (query.filter.Matches(*item.message)) collector.Add(std::move(item));
    }
    more = chunk.more;
    after = std::move(chunk.last_name);
  }
  ListResult result{.items = collector.Take(), .next_page_token = "", .began = *began};
  if (result.items.size() > static_cast<size_t>(query.page_size)) {
    result.items.pop_back();
    const ListItem& last = result.items.back();
    result.next_page_token =
        EncodePageToken(query.digest, {result.began, last.sort_key, last.name});
  }
  return result;
}

}  // namespace leye::app
