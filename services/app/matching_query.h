// What a match request asks for, checked and made into the matcher's terms.
//
//   Violations violations;
//   MatchQuery query = reader.ReadOptions(request.options(), context, violations);
//   PageQuery page = reader.ReadPage(request, violations);
//   LEYE_RETURN_IF_ERROR(violations.ToStatus());
#ifndef LEYE_SERVICES_APP_MATCHING_QUERY_H_
#define LEYE_SERVICES_APP_MATCHING_QUERY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

#include "leye/v1/match.pb.h"
#include "matcher/ranker.h"
#include "services/app/context.h"
#include "services/app/explanation_words.h"
#include "services/app/ruleset_source.h"
#include "services/app/validation.h"
#include "services/app/violations.h"
#include "services/store/region.h"

namespace leye::app {

// The options that all match requests share.
struct MatchQuery {
  std::optional<matcher::Side> side;  // Absent: the ruleset's.
  RulesetSource::Ruleset ruleset;     // With the request's weights.
  bool full = true;                   // Criteria and notes too.
  matcher::FunnelMode funnel = matcher::FunnelMode::kBounded;
  std::vector<store::RegionRevision> min_revisions;
  Language language = Language::kChinese;
  bool congested = false;  // Congestion counts. Not of MatchOptions: only some requests have it.
};

// Whether congestion counts.
bool ReadCongestion(v1::CongestionMode mode, absl::string_view field, Violations& violations);

// The place in a total order after which a page begins.
struct PageStart {
  matcher::Score score;
  matcher::Day waiting_since;  // Of people.
  uint64_t id = 0;
};

struct PageQuery {
  size_t size = 20;
  std::optional<PageStart> after;
  std::string digest;  // Of the request, which a page token goes with. Empty until it is needed.
};

class MatchQueryReader {
 public:
  static constexpr int kDefaultPageSize = 20;
  static constexpr int kMaxPageSize = 1000;
  static constexpr int kMaxPairs = 1000;

  // `catalogue` outlives the reader.
  explicit MatchQueryReader(const Catalogue& catalogue);

  // `rules` are those in force.
  MatchQuery ReadOptions(const v1::MatchOptions& options, const RulesetSource::Ruleset& rules,
                         const CallContext& context, Violations& violations) const;

  // `Request` is RankCandidatesRequest or RecommendPostingsRequest.
  template <typename Request>
  PageQuery ReadPage(const Request& request, const matcher::Ruleset& rules,
                     Violations& violations) const {
    Request alone = request;
    alone.clear_page_size();
    alone.clear_page_token();
    return ReadPage(
        {.size = request.page_size(), .token = request.page_token(), .ruleset = rules.version},
        alone, violations);
  }

  static std::string PageToken(const PageQuery& page, const PageStart& last);

  static void CheckName(absl::string_view name, absl::string_view collection,
                        absl::string_view field, Violations& violations);

 private:
  struct PageFields {
    int size;
    absl::string_view token;
    absl::string_view ruleset;  // The version.
  };

  PageQuery ReadPage(const PageFields& fields, const google::protobuf::Message& request,
                     Violations& violations) const;
  void ReadWeights(const v1::MatchOptions& options, access::Role role, MatchQuery& query,
                   Violations& violations) const;

  const Catalogue& catalogue_;
  const FieldValidator options_validator_;
};

}  // namespace leye::app

#endif  // LEYE_SERVICES_APP_MATCHING_QUERY_H_
