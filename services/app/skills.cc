#include "services/app/skills.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/app/formats.h"
#include "services/app/list.h"
#include "services/app/names.h"
#include "services/app/phrase_normalizer.h"
#include "services/app/record_service.h"
#include "services/app/request_view.h"
#include "services/base/status.h"

namespace leye::app {

using google::protobuf::Message;

namespace {

constexpr int kMaxMatches = 100;
constexpr int kDefaultMatches = 20;
constexpr size_t kMaxQuery = 100;
constexpr int kMaxPhrases = 1000;
constexpr size_t kMaxPhrase = 1000;
constexpr int kDefaultConfidence = 60;  // Percent.

absl::Status InvalidField(absl::string_view field, absl::string_view reason, absl::string_view en,
                          absl::string_view zh) {
  Violations violations;
  violations.Add({std::string(field), std::string(reason), std::string(en), std::string(zh)});
  return violations.ToStatus();
}

// Lists entries of the catalogue, which stands in memory and never changes.
// `entry(i)` is the i-th of `count`, ascending by name.
template <typename Entry>
absl::Status ListEntries(const ListSchema& schema, const Message& request, size_t count,
                         absl::FunctionRef<const Entry&(size_t)> entry, Message& response) {
  const RequestView view(request);
  Violations violations;
  const ListQuery query = schema.Parse({.method = request.GetDescriptor()->full_name(),
                                        .filter = view.Text("filter"),
                                        .order_by = "",
                                        .page_token = view.Text("page_token"),
                                        .page_size = view.Number("page_size")},
                                       violations);
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  const auto read = [&](absl::string_view after, int) -> absl::StatusOr<ListChunk> {
    ListChunk chunk;
    for (size_t i = 0; i < count; ++i) {
      if (entry(i).name() <= after) continue;
      chunk.items.push_back(
          {.name = entry(i).name(), .message = std::make_unique<Entry>(entry(i))});
    }
    return chunk;
  };
  LEYE_ASSIGN_OR_RETURN(ListResult result, RunList(query, read));
  for (ListItem& item : result.items) GiveResource(response, std::move(item.message));
  SetText(response, "next_page_token", std::move(result.next_page_token));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::GetSkillResponse> Skills::GetSkill(const v1::GetSkillRequest& request,
                                                      const CallContext&) const {
  if (!ParseGlobalName(request.name(), "skills").has_value()) {
    return InvalidField("name", "INVALID_NAME", "must be skills/{skill}", "须形如 skills/{skill}");
  }
  const std::optional<matcher::SkillId> id = catalogue_.FindSkill(request.name());
  if (!id.has_value()) return NoSuchRecord(request.name(), "技能");
  v1::GetSkillResponse response;
  *response.mutable_skill() = catalogue_.skill(*id);
  return response;
}

absl::StatusOr<v1::GetTradeResponse> Skills::GetTrade(const v1::GetTradeRequest& request,
                                                      const CallContext&) const {
  if (!ParseGlobalName(request.name(), "trades").has_value()) {
    return InvalidField("name", "INVALID_NAME", "must be trades/{code}", "须形如 trades/{code}");
  }
  const v1::Trade* trade = catalogue_.FindTradeEntry(absl::StripPrefix(request.name(), "trades/"));
  if (trade == nullptr) return NoSuchRecord(request.name(), "职业");
  v1::GetTradeResponse response;
  *response.mutable_trade() = *trade;
  return response;
}

absl::StatusOr<v1::ListSkillsResponse> Skills::ListSkills(const v1::ListSkillsRequest& request,
                                                          const CallContext&) const {
  const ListSchema schema(*v1::Skill::descriptor(),
                          {{"kind"}, {"trade_code"}, {"special_operation"}}, {"name"});
  const auto& skills = catalogue_.skills_by_name();
  v1::ListSkillsResponse response;
  LEYE_RETURN_IF_ERROR(ListEntries<v1::Skill>(
      schema, request, skills.size(), [&](size_t i) -> const v1::Skill& { return *skills[i]; },
      response));
  return response;
}

absl::StatusOr<v1::ListTradesResponse> Skills::ListTrades(const v1::ListTradesRequest& request,
                                                          const CallContext&) const {
  const ListSchema schema(*v1::Trade::descriptor(), {{"level"}, {.path = "code", .prefix = true}},
                          {"name"});
  const auto& trades = catalogue_.trades();
  v1::ListTradesResponse response;
  LEYE_RETURN_IF_ERROR(ListEntries<v1::Trade>(
      schema, request, trades.size(), [&](size_t i) -> const v1::Trade& { return trades[i]; },
      response));
  return response;
}

absl::StatusOr<v1::SearchSkillsResponse> Skills::SearchSkills(
    const v1::SearchSkillsRequest& request, const CallContext&) const {
  Violations violations;
  const std::optional<size_t> length = CountCodePoints(request.query());
  if (!length.has_value() || *length < 1 || *length > kMaxQuery) {
    violations.Add({"query", "OUT_OF_RANGE", "must have 1 to 100 characters of valid UTF-8",
                    "须为 1 至 100 个字符"});
  }
  if (request.page_size() < 0 || request.page_size() > kMaxMatches) {
    violations.Add(
        {"page_size", "OUT_OF_RANGE", "must be 1 to 100, or 0 for 20", "须为 1 至 100，0 表示 20"});
  }
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  const int limit = request.page_size() == 0 ? kDefaultMatches : request.page_size();
  v1::SearchSkillsResponse response;
  for (v1::SkillMatch& match : catalogue_.Search(request.query(), limit)) {
    *response.add_matches() = std::move(match);
  }
  return response;
}

absl::StatusOr<v1::NormalizeSkillsResponse> Skills::NormalizeSkills(
    const v1::NormalizeSkillsRequest& request, const CallContext& context) const {
  Violations violations;
  if (request.phrases().empty() || request.phrases_size() > kMaxPhrases) {
    violations.Add(
        {"phrases", "OUT_OF_RANGE", "must have 1 to 1,000 phrases", "须有 1 至 1000 条"});
  }
  for (int i = 0; i < std::min(request.phrases_size(), kMaxPhrases); ++i) {
    const std::optional<size_t> length = CountCodePoints(request.phrases(i));
    if (length.has_value() && *length <= kMaxPhrase) continue;
    violations.Add({absl::StrCat("phrases[", i, "]"), "OUT_OF_RANGE",
                    "must have at most 1,000 characters of valid UTF-8", "不得超过 1000 个字符"});
  }
  if (request.min_confidence_percent() < 0 || request.min_confidence_percent() > 99) {
    violations.Add({"min_confidence_percent", "OUT_OF_RANGE", "must be 1 to 99, or 0 for 60",
                    "须为 1 至 99，0 表示 60"});
  }
  LEYE_RETURN_IF_ERROR(violations.ToStatus());
  const int least =
      request.min_confidence_percent() == 0 ? kDefaultConfidence : request.min_confidence_percent();
  LEYE_ASSIGN_OR_RETURN(const text::Normalizer* normalizer, normalizer_.Get());
  v1::NormalizeSkillsResponse response;
  for (const std::string& phrase : request.phrases()) {
    LEYE_RETURN_IF_ERROR(CheckAlive(context, clock_));
    *response.add_phrases() =
        DescribePhrase(catalogue_, phrase, normalizer->Normalize(phrase), least);
  }
  return response;
}

}  // namespace leye::app
