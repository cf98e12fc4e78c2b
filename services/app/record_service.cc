#include "services/app/record_service.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "leye/v1/common.pb.h"
#include "services/access/mask.h"
#include "services/app/names.h"
#include "services/base/status.h"

namespace leye::app {

using google::protobuf::Message;
using store::Region;

namespace {

constexpr int kMaxBatch = 1'000;

std::vector<Message*> Pointers(const std::vector<std::unique_ptr<Message>>& messages) {
  std::vector<Message*> pointers;
  pointers.reserve(messages.size());
  for (const auto& message : messages) pointers.push_back(message.get());
  return pointers;
}

absl::Status NoSuchRecords(const std::vector<std::string>& missing, absl::string_view noun_zh) {
  constexpr size_t kMaxTold = 50;  // As much as fits into a status.
  const std::vector<std::string> told(
      missing.begin(),
      missing.begin() + static_cast<std::ptrdiff_t>(std::min(missing.size(), kMaxTold)));
  const std::string names = absl::StrJoin(told, ", ");
  return WithMessageZh(
      Error(absl::StatusCode::kNotFound, "NOT_FOUND",
            absl::StrCat(missing.size(), " do not exist: ", names), {{"names", names}}),
      absl::StrCat("有 ", missing.size(), " 个", noun_zh, "不存在：", names));
}

}  // namespace

std::string DerivedIdOf(const Message& resource) {
  const auto* field = resource.GetDescriptor()->FindFieldByName("external_id");
  if (field == nullptr || !resource.GetReflection()->HasField(resource, field)) return "";
  const auto& external =
      static_cast<const v1::ExternalId&>(resource.GetReflection()->GetMessage(resource, field));
  return DerivedId(external.source(), external.id());
}

absl::Status NoSuchRecord(absl::string_view name, absl::string_view noun_zh) {
  return WithMessageZh(Error(absl::StatusCode::kNotFound, "NOT_FOUND",
                             absl::StrCat("there is no ", name), {{"name", std::string(name)}}),
                       absl::StrCat(noun_zh, "不存在：", name));
}

absl::Status CheckAlive(const CallContext& context, const Clock& clock) {
  if (context.cancelled && context.cancelled()) {
    return Error(absl::StatusCode::kCancelled, "CANCELLED", "the caller no longer waits");
  }
  if (clock.Now() > context.deadline) {
    return Error(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED",
                 "the call's time is over");
  }
  return absl::OkStatus();
}

RecordService::RecordService(const Dependencies& dependencies, std::unique_ptr<RecordRules> rules)
    : dependencies_(dependencies),
      rules_(std::move(rules)),
      codec_(rules_->kind(), dependencies.sealer),
      validator_(*rules_->kind().prototype->GetDescriptor()),
      list_schema_(*rules_->kind().prototype->GetDescriptor(), rules_->kind().filter_fields,
                   rules_->kind().order_fields) {}

bool RecordService::CheckResource(const Message& resource, Region region, absl::string_view path,
                                  Violations& violations) const {
  const CheckScope scope{.region = region,
                         .catalogue = dependencies_.catalogue,
                         .path = path,
                         .today = Today(dependencies_.clock)};
  const bool unknown_fields = validator_.Check(resource, scope, violations);
  rules_->Check(resource, scope, violations);
  return unknown_fields;
}

absl::Status RecordService::Finish(Region region, const CallContext& context,
                                   const std::vector<Message*>& resources) const {
  LEYE_RETURN_IF_ERROR(rules_->Derive(region, resources));
  if (!context.principal.view.personal_data) {
    for (Message* resource : resources) codec_.personal_data().Redact(*resource);
  }
  return absl::OkStatus();
}

absl::StatusOr<store::Record> RecordService::Find(access::Reach& reach,
                                                  const std::string& name) const {
  absl::StatusOr<store::Record> record =
      dependencies_.store.Get(reach.region(), {kind().kind, name});
  if (absl::IsNotFound(record.status())) return NoSuchRecord(name, kind().noun_zh);
  LEYE_RETURN_IF_ERROR(record);
  LEYE_ASSIGN_OR_RETURN(const bool covered, reach.Covers(*record));
  if (!covered) return NoSuchRecord(name, kind().noun_zh);
  return record;
}

absl::Status RecordService::Get(const Message& request, const CallContext& context,
                                Message& response) const {
  const std::string text = RequestView(request).Text("name");
  const std::optional<ResourceName> name = ParseName(text, kind().collection);
  if (!name.has_value()) {
    Violations violations;
    violations.Add(BadName("name", kind().collection));
    return violations.ToStatus();
  }
  access::Reach reach = ReachOf(context, dependencies_, name->region);
  LEYE_ASSIGN_OR_RETURN(const store::Record record, Find(reach, text));
  LEYE_ASSIGN_OR_RETURN(std::unique_ptr<Message> resource, codec_.Decode(record));
  LEYE_RETURN_IF_ERROR(Finish(name->region, context, {resource.get()}));
  GiveResource(response, std::move(resource));
  return absl::OkStatus();
}

Region RecordService::RegionOfParent(const RequestView& request, Violations& violations) {
  if (const std::optional<Region> region = ParseParent(request.Text("parent"))) return *region;
  violations.Add({"parent", "INVALID_NAME",
                  "must be regions/{region}, a province's two digits such as regions/13",
                  "须形如 regions/13，其中 13 为省级行政区划代码前两位"});
  return Region::FromNumber(0);
}

absl::Status RecordService::BatchGet(const Message& request, const CallContext& context,
                                     Message& response) const {
  const RequestView view(request);
  Violations violations;
  const Region region = RegionOfParent(view, violations);
  const std::vector<std::string> names = view.Texts("names");
  if (names.empty() || names.size() > kMaxBatch) {
    violations.Add({"names", "OUT_OF_RANGE", "must be 1 to 1000 names", "须为 1 至 1000 个名称"});
  }
  std::vector<store::RecordKey> keys;
  for (size_t i = 0; i < names.size() && names.size() <= kMaxBatch; ++i) {
    const std::optional<ResourceName> name = ParseName(names[i], kind().collection);
    const std::string field = absl::StrCat("names[", i, "]");
    if (!name.has_value()) {
      violations.Add(BadName(field, kind().collection));
    } else if (name->region != region) {
      violations.Add(
          {field, "WRONG_REGION", "must be of the parent's region", "须属于 parent 地区"});
    }
    keys.push_back({kind().kind, names[i]});
  }
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  LEYE_ASSIGN_OR_RETURN(const auto records, dependencies_.store.BatchGet(region, keys));
  access::Reach reach = ReachOf(context, dependencies_, region);
  LEYE_ASSIGN_OR_RETURN(const std::vector<bool> covered, reach.Covers(records));
  std::vector<std::string> missing;
  std::vector<std::unique_ptr<Message>> resources;
  for (size_t i = 0; i < records.size(); ++i) {
    if (!covered[i]) {
      missing.push_back(names[i]);
      continue;
    }
    LEYE_ASSIGN_OR_RETURN(std::unique_ptr<Message> resource, codec_.Decode(*records[i]));
    resources.push_back(std::move(resource));
  }
  if (!missing.empty()) return NoSuchRecords(missing, kind().noun_zh);
  LEYE_RETURN_IF_ERROR(Finish(region, context, Pointers(resources)));
  for (auto& resource : resources) GiveResource(response, std::move(resource));
  return absl::OkStatus();
}

absl::StatusOr<ListChunk> RecordService::ReadListChunk(access::Reach& reach, const Filter& filter,
                                                       absl::string_view after, int limit) const {
  LEYE_ASSIGN_OR_RETURN(store::ScanPage page,
                        dependencies_.store.Scan({.region = reach.region(),
                                                  .kind = kind().kind,
                                                  .after_name = std::string(after),
                                                  .limit = limit}));
  ListChunk chunk{
      .items = {}, .last_name = std::string(after), .more = page.more, .revision = page.revision};
  if (!page.records.empty()) chunk.last_name = page.records.back().name;
  std::vector<Message*> messages;
  for (store::Record& record : page.records) {
    LEYE_ASSIGN_OR_RETURN(std::unique_ptr<Message> message, codec_.DecodeOpen(record));
    messages.push_back(message.get());
    chunk.items.push_back({.name = std::move(record.name), .message = std::move(message)});
    if (record.envelope.has_sealed()) {
      chunk.items.back().sealed = std::move(*record.envelope.mutable_sealed());
    }
  }
  for (const std::string& derived : kind().derived_fields) {
    if (!filter.Mentions(derived)) continue;
    LEYE_RETURN_IF_ERROR(rules_->Derive(reach.region(), messages));
    break;
  }
  if (reach.whole()) return chunk;
  LEYE_ASSIGN_OR_RETURN(const std::vector<bool> covered, reach.Covers(std::vector<const Message*>(
                                                             messages.begin(), messages.end())));
  std::vector<ListItem> reached;
  for (size_t i = 0; i < covered.size(); ++i) {
    if (covered[i]) reached.push_back(std::move(chunk.items[i]));
  }
  chunk.items = std::move(reached);
  return chunk;
}

void RecordService::CheckAskedFields(const ListQuery& query, const CallContext& context,
                                     Violations& violations) const {
  const auto hidden = [&](const std::string& path) {
    const auto* field =
        kind().prototype->GetDescriptor()->FindFieldByName(path.substr(0, path.find('.')));
    return field != nullptr && access::Hides(context.principal.role, *field);
  };
  const auto refuse = [&](const char* field) {
    violations.Add({field, "NOT_SHOWN", "must not ask for a field that you are not shown",
                    "不得使用您无权查看的字段"});
  };
  for (const FilterFieldSpec& spec : kind().filter_fields) {
    if (query.filter.Mentions(spec.path) && hidden(spec.path)) refuse("filter");
  }
  if (query.order != nullptr && hidden(query.order->spec.path)) refuse("order_by");
}

absl::Status RecordService::List(const Message& request, const CallContext& context,
                                 Message& response) const {
  const RequestView view(request);
  Violations violations;
  const Region region = RegionOfParent(view, violations);
  access::Reach reach = ReachOf(context, dependencies_, region);
  ListQuery query = list_schema_.Parse(
      {.method = absl::StrCat(request.GetDescriptor()->full_name(), " ", view.Text("parent")),
       .filter = view.Text("filter"),
       .order_by = view.Text("order_by"),
       .page_token = view.Text("page_token"),
       .page_size = view.Number("page_size")},
      violations);
  CheckAskedFields(query, context, violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  query.sparse = !reach.whole();
  const auto read = [&](absl::string_view after, int limit) -> absl::StatusOr<ListChunk> {
    LEYE_RETURN_IF_ERROR(CheckAlive(context, dependencies_.clock));
    return ReadListChunk(reach, query.filter, after, limit);
  };
  LEYE_ASSIGN_OR_RETURN(ListResult result, RunList(query, read));
  std::vector<Message*> resources;
  for (ListItem& item : result.items) {
    if (!item.sealed.content().empty() && context.principal.view.personal_data) {
      LEYE_RETURN_IF_ERROR(codec_.OpenPersonal(item.name, item.sealed, *item.message));
    }
    resources.push_back(item.message.get());
  }
  LEYE_RETURN_IF_ERROR(Finish(region, context, resources));
  for (ListItem& item : result.items) GiveResource(response, std::move(item.message));
  SetText(response, "next_page_token", std::move(result.next_page_token));
  SetText(response, "revision", store::FormatToken({region, result.began}));
  return absl::OkStatus();
}

}  // namespace leye::app
