// Texts that callers hand back or hand in: page tokens, revisions, rulesets.

#include <utility>

#include "absl/strings/str_cat.h"

#include "leye/v1/ruleset.pb.h"
#include "matcher/ruleset.h"
#include "services/app/page_token.h"
#include "services/app/ruleset_codec.h"
#include "services/leyectl/json.h"
#include "services/store/region.h"
#include "tests/fuzz/message_mutator.h"
#include "tests/fuzz/target.h"

namespace leye::fuzz {
namespace {

constexpr char kDigest[] = "digest of some query";

// Input: a page token, or what one is to carry.
class PageTokenTarget final : public Target {
 public:
  std::string Try(absl::string_view input) override {
    const app::PageCursor given{.began = {.epoch = input.size(), .sequence = 1},
                                .sort_key = std::string(input),
                                .name = std::string(input.substr(input.size() / 2))};
    const std::string token = app::EncodePageToken(kDigest, given);
    const auto carried = app::DecodePageToken(kDigest, token);
    if (!carried || carried->sort_key != given.sort_key || carried->name != given.name) {
      return "does not carry what it is given";
    }
    if (app::DecodePageToken("of another query", token)) return "goes with another query";
    const auto taken = app::DecodePageToken(kDigest, input);
    if (taken && !app::DecodePageToken(kDigest, app::EncodePageToken(kDigest, *taken))) {
      return "takes what it would not give";
    }
    return CheckRevision(input);
  }

  std::vector<std::string> Seeds() const override {
    return {app::EncodePageToken(kDigest, {.began = {.epoch = 7, .sequence = 3},
                                           .sort_key = "41",
                                           .name = "regions/13/postings/sewing"}),
            store::FormatToken({store::Region::FromNumber(13), {.epoch = 0x9f3a, .sequence = 57}})};
  }

 private:
  static std::string CheckRevision(absl::string_view input) {
    const auto revision = store::ParseToken(input);
    if (!revision.ok()) return "";
    return store::FormatToken(*revision) == input ? "" : "takes a revision that it would not write";
  }
};

// Input: a ruleset in text form, as files and drafts have it.
class RulesetTarget final : public Target {
 public:
  std::string Try(absl::string_view input) override {
    v1::Ruleset given;
    if (!ctl::FromText(input, &given).ok()) return "";
    matcher::Ruleset rules = matcher::DefaultRuleset();
    app::Violations violations;
    app::ApplyRuleset(given, "ruleset", rules, violations);
    if (!violations.empty()) return "";
    if (!matcher::Validate(rules).empty()) return "takes rules that the matcher cannot use";
    const v1::Ruleset told = app::DescribeRuleset(rules);
    matcher::Ruleset again = matcher::DefaultRuleset();
    app::ApplyRuleset(told, "ruleset", again, violations);
    if (!violations.empty()) return "does not take what it tells";
    const std::string same = app::DescribeRuleset(again).SerializeAsString();
    return same == told.SerializeAsString() ? "" : "tells something else than it took";
  }

  std::vector<std::string> Seeds() const override {
    return {WriteText(app::DescribeRuleset(matcher::DefaultRuleset()))};
  }

  std::string Mutate(absl::string_view input, Dice& dice) const override {
    v1::Ruleset rules;
    if (!ReadText(input, rules) || dice.OneIn(6)) return MutateText(input, dice);
    mutator_.Mutate(rules, dice);
    return WriteText(rules);
  }

 private:
  const MessageMutator mutator_;
};

}  // namespace

std::unique_ptr<Target> NewPageTokenTarget() { return std::make_unique<PageTokenTarget>(); }
std::unique_ptr<Target> NewRulesetTarget() { return std::make_unique<RulesetTarget>(); }

}  // namespace leye::fuzz
