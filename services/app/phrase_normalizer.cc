#include "services/app/phrase_normalizer.h"

#include <utility>

#include "services/base/status.h"

namespace leye::app {
namespace {

text::TradeEntry TradeEntryOf(const v1::Trade& trade) {
  return {trade.code(), trade.display_name_zh(), {trade.aliases().begin(), trade.aliases().end()}};
}

text::SkillEntry SkillEntryOf(const v1::Skill& skill) {
  text::SkillEntry entry;
  entry.names.push_back(skill.display_name_zh());
  entry.names.insert(entry.names.end(), skill.aliases().begin(), skill.aliases().end());
  entry.trade_code = skill.trade_code();
  entry.is_paper = skill.kind() != v1::SKILL_KIND_SKILL;
  return entry;
}

v1::TradeEvidence EvidenceOf(text::Evidence evidence) {
  switch (evidence) {
    case text::Evidence::kTitle:
      return v1::TRADE_EVIDENCE_TITLE;
    case text::Evidence::kSkill:
      return v1::TRADE_EVIDENCE_SKILL;
    case text::Evidence::kSound:
      return v1::TRADE_EVIDENCE_SOUND;
  }
  return v1::TRADE_EVIDENCE_UNSPECIFIED;
}

v1::TextFindingKind KindOf(text::FindingKind kind) {
  switch (kind) {
    case text::FindingKind::kPay:
      return v1::TEXT_FINDING_KIND_PAY;
    case text::FindingKind::kWelfare:
      return v1::TEXT_FINDING_KIND_WELFARE;
    case text::FindingKind::kHeadcount:
      return v1::TEXT_FINDING_KIND_HEADCOUNT;
    case text::FindingKind::kAge:
      return v1::TEXT_FINDING_KIND_AGE;
    case text::FindingKind::kSex:
      return v1::TEXT_FINDING_KIND_SEX;
    case text::FindingKind::kEducation:
      return v1::TEXT_FINDING_KIND_EDUCATION;
    case text::FindingKind::kExperience:
      return v1::TEXT_FINDING_KIND_EXPERIENCE;
    case text::FindingKind::kSchedule:
      return v1::TEXT_FINDING_KIND_SCHEDULE;
    case text::FindingKind::kTerm:
      return v1::TEXT_FINDING_KIND_TERM;
    case text::FindingKind::kUrgency:
      return v1::TEXT_FINDING_KIND_URGENCY;
    case text::FindingKind::kPlace:
      return v1::TEXT_FINDING_KIND_PLACE;
    case text::FindingKind::kModel:
      return v1::TEXT_FINDING_KIND_MODEL;
    case text::FindingKind::kReference:
      return v1::TEXT_FINDING_KIND_REFERENCE;
    case text::FindingKind::kHousehold:
      return v1::TEXT_FINDING_KIND_HOUSEHOLD;
  }
  return v1::TEXT_FINDING_KIND_UNSPECIFIED;
}

v1::TextPayUnit UnitOf(text::PayUnit unit) {
  switch (unit) {
    case text::PayUnit::kUnsaid:
      return v1::TEXT_PAY_UNIT_UNSPECIFIED;
    case text::PayUnit::kHour:
      return v1::TEXT_PAY_UNIT_HOUR;
    case text::PayUnit::kDay:
      return v1::TEXT_PAY_UNIT_DAY;
    case text::PayUnit::kMonth:
      return v1::TEXT_PAY_UNIT_MONTH;
    case text::PayUnit::kYear:
      return v1::TEXT_PAY_UNIT_YEAR;
    case text::PayUnit::kPiece:
      return v1::TEXT_PAY_UNIT_PIECE;
  }
  return v1::TEXT_PAY_UNIT_UNSPECIFIED;
}

v1::TextSex SexOf(text::Sex sex) {
  switch (sex) {
    case text::Sex::kUnsaid:
      return v1::TEXT_SEX_UNSPECIFIED;
    case text::Sex::kMale:
      return v1::TEXT_SEX_MALE;
    case text::Sex::kFemale:
      return v1::TEXT_SEX_FEMALE;
    case text::Sex::kAny:
      return v1::TEXT_SEX_ANY;
  }
  return v1::TEXT_SEX_UNSPECIFIED;
}

v1::TradeFound Describe(const Catalogue& catalogue, absl::string_view phrase,
                        const text::TradeFound& found) {
  const v1::Trade& trade = catalogue.trade(matcher::TradeId(static_cast<uint16_t>(found.trade)));
  v1::TradeFound described;
  described.set_code(trade.code());
  described.set_display_name_zh(trade.display_name_zh());
  described.set_confidence_percent(found.confidence);
  described.set_evidence(EvidenceOf(found.evidence));
  if (found.level.has_value()) described.set_level(*found.level);
  *described.mutable_span() = SpanOf(phrase, found.words);
  return described;
}

v1::SkillFound Describe(const Catalogue& catalogue, absl::string_view phrase,
                        const text::SkillFound& found) {
  const v1::Skill& skill = catalogue.skill(matcher::SkillId(static_cast<uint16_t>(found.skill)));
  v1::SkillFound described;
  described.set_skill(skill.name());
  described.set_kind(skill.kind());
  described.set_display_name_zh(skill.display_name_zh());
  described.set_confidence_percent(found.confidence);
  if (found.level.has_value()) described.set_level(*found.level);
  *described.mutable_span() = SpanOf(phrase, found.words);
  return described;
}

v1::TextFinding Describe(absl::string_view phrase, const text::Finding& found) {
  v1::TextFinding described;
  described.set_kind(KindOf(found.kind));
  if (found.least.has_value()) described.set_least(*found.least);
  if (found.most.has_value()) described.set_most(*found.most);
  described.set_pay_unit(UnitOf(found.unit));
  described.set_sex(SexOf(found.sex));
  *described.mutable_span() = SpanOf(phrase, found.words);
  return described;
}

}  // namespace

v1::TextSpan SpanOf(absl::string_view text, text::Words words) {
  v1::TextSpan span;
  span.set_begin_byte(static_cast<int32_t>(words.begin));
  span.set_end_byte(static_cast<int32_t>(words.end));
  span.set_text(std::string(words.In(text)));
  return span;
}

absl::StatusOr<const text::Normalizer*> PhraseNormalizer::Get() const {
  MutexLock lock(mutex_);
  if (!built_.has_value()) {
    LEYE_ASSIGN_OR_RETURN(built_, BuildNormalizer(catalogue_, tables_));
    tables_ = {};
  }
  return &*built_;
}

v1::NormalizedPhrase DescribePhrase(const Catalogue& catalogue, absl::string_view phrase,
                                    const text::Normalized& read, int min_confidence) {
  v1::NormalizedPhrase described;
  for (const text::TradeFound& trade : read.trades) {
    if (trade.confidence < min_confidence) continue;
    *described.add_trades() = Describe(catalogue, phrase, trade);
  }
  for (const text::SkillFound& skill : read.skills) {
    *described.add_skills() = Describe(catalogue, phrase, skill);
  }
  for (const text::Finding& finding : read.findings) {
    *described.add_findings() = Describe(phrase, finding);
  }
  described.set_no_trade_asked(read.no_trade_asked);
  return described;
}

absl::StatusOr<text::Normalizer> BuildNormalizer(const Catalogue& catalogue,
                                                 const CatalogueTables& tables) {
  text::NormalizerSources sources;
  sources.titles = tables.titles;
  sources.words = tables.words;
  const matcher::SkillCatalogue& numbers = catalogue.matcher_catalogue();
  for (size_t i = 0; i < numbers.trade_count(); ++i) {
    sources.trades.push_back(
        TradeEntryOf(catalogue.trade(matcher::TradeId(static_cast<uint16_t>(i)))));
  }
  for (size_t i = 0; i < numbers.skill_count(); ++i) {
    sources.skills.push_back(
        SkillEntryOf(catalogue.skill(matcher::SkillId(static_cast<uint16_t>(i)))));
  }
  return text::Normalizer::Build(sources);
}

}  // namespace leye::app
