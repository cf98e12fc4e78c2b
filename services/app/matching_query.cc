#include "services/app/matching_query.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

#include "services/app/digest.h"
#include "services/app/names.h"
#include "services/app/page_token.h"

namespace leye::app {
namespace {

using CriterionWeights = google::protobuf::RepeatedPtrField<v1::CriterionWeight>;

std::optional<matcher::Side> ToSide(v1::ScoreSide side) {
  switch (side) {
    case v1::SCORE_SIDE_FORWARD:
      return matcher::Side::kForward;
    case v1::SCORE_SIDE_REVERSE:
      return matcher::Side::kReverse;
    case v1::SCORE_SIDE_MUTUAL:
      return matcher::Side::kMutual;
    default:
      return std::nullopt;
  }
}

// True for a criterion of the API, whose numbers are the matcher's plus one.
bool IsCriterion(v1::CriterionKind criterion) {
  return criterion > v1::CRITERION_KIND_UNSPECIFIED && criterion <= matcher::kCriterionCount;
}

matcher::Criterion ToCriterion(v1::CriterionKind criterion) {
  return static_cast<matcher::Criterion>(criterion - 1);
}

// The weights of one side; what is wrong with them goes to `violations` under `field`.
matcher::Weights ReadSide(const CriterionWeights& given, absl::string_view field,
                          Violations& violations) {
  matcher::Weights weights;
  matcher::EnumSet<matcher::Criterion> named;
  int64_t sum = 0;
  for (int i = 0; i < given.size(); ++i) {
    const auto path = [&] { return absl::StrCat(field, "[", i, "].criterion"); };
    sum += given[i].weight_micros();
    if (!IsCriterion(given[i].criterion())) {
      violations.Add({path(), "REQUIRED", "must be given", "必填"});
      continue;
    }
    const matcher::Criterion criterion = ToCriterion(given[i].criterion());
    if (named.Contains(criterion)) {
      violations.Add({path(), "DUPLICATE", "is named twice", "重复出现"});
    }
    named.Insert(criterion);
    weights[criterion] = matcher::Score::FromMicros(given[i].weight_micros());
  }
  if (sum != matcher::Score::kMicrosPerUnit) {
    violations.Add({std::string(field), "BAD_SUM",
                    absl::StrCat("must sum to 1000000 millionths, not ", sum),
                    absl::StrCat("权重之和须为 1000000，现为 ", sum)});
  }
  return weights;
}

void ReadRevisions(const v1::MatchOptions& options, MatchQuery& query, Violations& violations) {
  for (int i = 0; i < options.min_revisions_size(); ++i) {
    absl::StatusOr<store::RegionRevision> revision = store::ParseToken(options.min_revisions(i));
    if (revision.ok()) {
      query.min_revisions.push_back(*revision);
    } else {
      violations.Add({absl::StrCat("options.min_revisions[", i, "]"), "INVALID_REVISION",
                      "must be a revision from an answer", "须为应答中给出的版本"});
    }
  }
}

std::string DigestOf(const google::protobuf::Message& request, absl::string_view ruleset) {
  std::string text = absl::StrCat(request.GetTypeName(), ":", ruleset, ":");
  google::protobuf::io::StringOutputStream stream(&text);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  request.SerializeToCodedStream(&coded);
  coded.Trim();
  return Sha256(text);
}

std::optional<PageStart> ToPageStart(const PageCursor& cursor) {
  const std::vector<absl::string_view> parts = absl::StrSplit(cursor.sort_key, ':');
  int32_t score = 0;
  int32_t waiting = 0;
  PageStart start;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &score) ||
      !absl::SimpleAtoi(parts[1], &waiting) || !absl::SimpleAtoi(cursor.name, &start.id)) {
    return std::nullopt;
  }
  start.score = matcher::Score::FromMicros(score);
  start.waiting_since = matcher::Day::FromNumber(waiting);
  return start;
}

}  // namespace

bool ReadCongestion(v1::CongestionMode mode, absl::string_view field, Violations& violations) {
  if (!v1::CongestionMode_IsValid(mode)) {
    violations.Add({std::string(field), "UNKNOWN_VALUE",
                    "must be one of the values that the API names", "须为接口所列的值"});
  }
  return mode == v1::CONGESTION_MODE_DISCOUNTED;
}

MatchQueryReader::MatchQueryReader(const Catalogue& catalogue)
    : catalogue_(catalogue), options_validator_(*v1::MatchOptions::descriptor()) {}

MatchQuery MatchQueryReader::ReadOptions(const v1::MatchOptions& options,
                                         const RulesetSource::Ruleset& rules,
                                         const CallContext& context, Violations& violations) const {
  const CheckScope scope{
      .region = store::Region::FromNumber(0), .catalogue = catalogue_, .path = "options"};
  options_validator_.Check(options, scope, violations);
  MatchQuery query;
  query.ruleset = rules;
  query.side = ToSide(options.side());
  query.full = options.view() != v1::MATCH_VIEW_BASIC;
  if (options.funnel() == v1::FUNNEL_MODE_EXACT) query.funnel = matcher::FunnelMode::kExact;
  const bool named = !options.language_code().empty();
  query.language = LanguageOf(named ? options.language_code() : context.language);
  ReadRevisions(options, query, violations);
  ReadWeights(options, context.principal.role, query, violations);
  return query;
}

void MatchQueryReader::ReadWeights(const v1::MatchOptions& options, access::Role role,
                                   MatchQuery& query, Violations& violations) const {
  if (options.forward_weights().empty() && options.reverse_weights().empty()) return;
  if (role == access::Role::kEnterprise) {
    violations.Add(
        {"options.forward_weights", "NOT_ALLOWED",
         "must be left to the ruleset: an order by one criterion tells what is not shown",
         "须采用规则集的权重：自定权重会泄露未予显示的信息"});
    return;
  }
  matcher::Ruleset ruleset = *query.ruleset;
  if (!options.forward_weights().empty()) {
    ruleset.forward_weights.fill(
        ReadSide(options.forward_weights(), "options.forward_weights", violations));
  }
  if (!options.reverse_weights().empty()) {
    ruleset.reverse_weights =
        ReadSide(options.reverse_weights(), "options.reverse_weights", violations);
  }
  query.ruleset = std::make_shared<const matcher::Ruleset>(std::move(ruleset));
}

PageQuery MatchQueryReader::ReadPage(const PageFields& fields,
                                     const google::protobuf::Message& request,
                                     Violations& violations) const {
  PageQuery page;
  if (fields.size < 0) {
    violations.Add({"page_size", "OUT_OF_RANGE", "must not be negative", "不得为负"});
  } else {
    const int size = fields.size == 0 ? kDefaultPageSize : std::min(fields.size, kMaxPageSize);
    page.size = static_cast<size_t>(size);
  }
  page.digest = DigestOf(request, fields.ruleset);
  if (fields.token.empty()) return page;
  const std::optional<PageCursor> cursor = DecodePageToken(page.digest, fields.token);
  if (cursor.has_value()) page.after = ToPageStart(*cursor);
  if (!page.after.has_value()) {
    violations.Add(BadPageToken());
  }
  return page;
}

std::string MatchQueryReader::PageToken(const PageQuery& page, const PageStart& last) {
  return EncodePageToken(
      page.digest, {.began = {},
                    .sort_key = absl::StrCat(last.score.micros(), ":", last.waiting_since.number()),
                    .name = absl::StrCat(last.id)});
}

void MatchQueryReader::CheckName(absl::string_view name, absl::string_view collection,
                                 absl::string_view field, Violations& violations) {
  if (ParseName(name, collection).has_value()) return;
  violations.Add(BadName(field, collection));
}

}  // namespace leye::app
