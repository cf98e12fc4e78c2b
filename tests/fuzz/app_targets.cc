// Texts that callers hand back or hand in: page tokens, revisions, rulesets, notices.

#include <utility>

#include "absl/strings/str_cat.h"

#include "leye/v1/posting.pb.h"
#include "leye/v1/ruleset.pb.h"
#include "matcher/ruleset.h"
#include "services/app/catalogue.h"
#include "services/app/notice_suggestions.h"
#include "services/app/page_token.h"
#include "services/app/phrase_normalizer.h"
#include "services/app/posting_rules.h"
#include "services/app/ruleset_codec.h"
#include "services/app/ruleset_source.h"
#include "services/app/validation.h"
#include "services/leyectl/json.h"
#include "services/store/region.h"
#include "services/text/notice_reader.h"
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

// Input: the text of a notice. What is suggested for it, or for each of its posts, and not
// contradicted, a posting can hold.
class NoticeTarget final : public Target {
 public:
  std::string Try(absl::string_view input) override {
    const text::Notice notice = normalizer_.ReadNotice(input);
    std::string wrong = Check(input, notice.suggestions);
    for (const text::NoticePost& post : notice.posts) {
      if (wrong.empty()) wrong = Check(input, text::SaidOfPost(notice, post));
    }
    return wrong;
  }

  std::vector<std::string> Seeds() const override {
    return {
        "岗位：护林员3名。要求：18—60周岁，男女不限，初中以上，持低压电工证；月工资1,"
        "800元，合同期一年；每户限1人",
        "招电焊工2名6000元，保安3名4000元，45岁以下；保洁员1名。保安持保安证。包吃住",
        "共招聘焊工2-3人，其中1个名额定向招聘搬迁群众，男60、女55周岁以下，可放宽至65岁，180元/"
        "天，包吃住",
        "服务期限2026年3月1日至2026年11月30日，采茶每斤25.5元，按最低工资标准的80%"
        "，脱贫户、监测户优先"};
  }

  // By words alone few numbers would be beyond a bound.
  std::string Mutate(absl::string_view input, Dice& dice) const override {
    const std::string made = MutateText(input, dice);
    return dice.OneIn(2) ? made : MutateNumber(made, dice);
  }

 private:
  std::string Check(absl::string_view input,
                    const std::vector<text::Suggestion>& suggestions) const {
    v1::Posting posting = Bare();
    for (const v1::NoticeSuggestion& said : app::DescribeNotice(catalogue_, input, suggestions)) {
      if (said.span().begin_byte() >= said.span().end_byte() ||
          said.span().end_byte() > static_cast<int64_t>(input.size())) {
        return "relies on words that are not there";
      }
      if (!app::SaysField(said.value(), said.field())) return "says nothing of its field";
      if (said.field() == "openings") posting.clear_openings();
      if (!said.contradicted()) posting.MergeFrom(said.value());
    }
    if (posting.openings() == 0) posting.set_openings(kManyOpenings);
    app::Violations violations;
    const app::CheckScope scope{
        .region = store::Region::FromNumber(13), .catalogue = catalogue_, .path = "posting"};
    validator_.Check(posting, scope, violations);
    rules_->Check(posting, scope, violations);
    return violations.empty() ? "" : std::string(violations.ToStatus().message());
  }

  static constexpr int kManyOpenings = 100'000;

  // With what a posting must have besides.
  static v1::Posting Bare() {
    v1::Posting posting;
    posting.set_employer("regions/13/employers/yian");
    posting.set_title("岗位");
    posting.set_openings(kManyOpenings);
    posting.mutable_public_welfare()->set_kind(v1::PUBLIC_WELFARE_KIND_OTHER);
    posting.mutable_place()->set_division_code("130723");
    posting.mutable_place()->mutable_location()->set_latitude(41.8);
    posting.mutable_place()->mutable_location()->set_longitude(114.6);
    return posting;
  }

  const app::Catalogue catalogue_ = *app::Catalogue::Parse(app::BuiltInTables());
  const text::Normalizer normalizer_ = *app::BuildNormalizer(catalogue_, app::BuiltInTables());
  const app::FieldValidator validator_{*v1::Posting::descriptor()};
  const app::OneRuleset rulesets_{matcher::DefaultRuleset()};
  const std::unique_ptr<app::RecordRules> rules_ = app::NewPostingRules(rulesets_);
};

}  // namespace

std::unique_ptr<Target> NewNoticeTarget() { return std::make_unique<NoticeTarget>(); }
std::unique_ptr<Target> NewPageTokenTarget() { return std::make_unique<PageTokenTarget>(); }
std::unique_ptr<Target> NewRulesetTarget() { return std::make_unique<RulesetTarget>(); }

}  // namespace leye::fuzz
