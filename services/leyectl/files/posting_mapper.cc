#include "services/leyectl/files/posting_mapper.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "leye/v1/employer.pb.h"
#include "leye/v1/posting.pb.h"
#include "services/leyectl/files/enum_words.h"
#include "services/leyectl/resource.h"

namespace leye::ctl::files {
namespace {

constexpr absl::string_view kEmployerPrefix = "@employer.";

constexpr Fault kNoEmployer = {"REQUIRED", "give the employer (用人单位)", "须填写用人单位"};
constexpr Fault kUnknownPlace = {
    "UNKNOWN_PLACE",
    "names no place that is known: give coordinates (经度, 纬度, 区划代码), or a table with "
    "--places",
    "其中没有已知地点：请填写经度、纬度、区划代码，或用 --places 给出地点表"};
constexpr Fault kNoChannel = {"UNKNOWN_WORD", "must be 企业岗位, 公益性岗位 or 以工代赈",
                              "应为 企业岗位、公益性岗位 或 以工代赈"};

bool HasPlace(const v1::Posting& posting) {
  return posting.place().has_location() && !posting.place().division_code().empty();
}

void SetPlace(const MapperContext& context, const std::string& address, MappedRow& mapped) {
  auto& posting = static_cast<v1::Posting&>(*mapped.record);
  if (!address.empty()) posting.mutable_place()->set_address(address);
  if (HasPlace(posting)) return;
  const std::optional<Workplace> place = context.workplaces.Find(address);
  if (!place.has_value()) {
    mapped.problems.push_back(ProblemOf("@workplace", kUnknownPlace));
    return;
  }
  if (posting.place().division_code().empty()) {
    posting.mutable_place()->set_division_code(place->division_code);
  }
  if (posting.place().has_location()) return;
  posting.mutable_place()->mutable_location()->set_latitude(place->latitude);
  posting.mutable_place()->mutable_location()->set_longitude(place->longitude);
}

// The employer, known or to be made.
void SetEmployer(const MapperContext& context, v1::Employer employer, MappedRow& mapped) {
  auto& posting = static_cast<v1::Posting&>(*mapped.record);
  const std::string bare = Bare(employer.display_name());
  if (bare.empty()) {
    mapped.problems.push_back(ProblemOf("@employer.display_name", kNoEmployer));
    return;
  }
  const auto known = context.employers.find(bare);
  if (known != context.employers.end()) {
    posting.set_employer(known->second);
    return;
  }
  const std::string id = Identifiers::Public("e", {bare});
  employer.set_name(FullName(id, "employers", context.region));
  if (employer.kind() == v1::EMPLOYER_KIND_UNSPECIFIED) {
    employer.set_kind(v1::EMPLOYER_KIND_ENTERPRISE);
  }
  posting.set_employer(employer.name());
  mapped.owner_name = employer.name();
  mapped.owner = std::make_unique<v1::Employer>(std::move(employer));
}

void SetName(const MapperContext& context, const std::string& employer, MappedRow& mapped) {
  auto& posting = static_cast<v1::Posting&>(*mapped.record);
  if (!posting.name().empty()) {
    posting.set_name(FullName(posting.name(), "postings", context.region));
  } else if (posting.external_id().id().empty()) {
    const std::string id = Identifiers::Public(
        "j",
        {context.source, Bare(employer), Bare(posting.title()), Bare(posting.place().address())});
    posting.set_name(FullName(id, "postings", context.region));
  } else if (posting.external_id().source().empty()) {
    posting.mutable_external_id()->set_source(context.source);
  }
}

void AddAsked(const std::string& skill, std::optional<int> level,
              google::protobuf::RepeatedPtrField<v1::AskedSkill>& asked) {
  for (const v1::AskedSkill& known : asked) {
    if (known.skill() == skill) return;
  }
  if (asked.size() >= 16) return;
  v1::AskedSkill& added = *asked.Add();
  added.set_skill(skill);
  if (level.has_value()) added.set_min_level(*level);
}

bool IsAsked(const std::string& certificate, const v1::Posting& posting) {
  const auto& asked = posting.required_certificates();
  return asked.size() >= 16 || std::find(asked.begin(), asked.end(), certificate) != asked.end();
}

class PostingMapper final : public RowMapper {
 public:
  PostingMapper(const Table& table, const Headers& headers, const MapperContext& context)
      : RowMapper(v1::Posting::descriptor(), table, headers, "postings", context) {}

  void Apply(const Phrase& phrase, const v1::NormalizedPhrase& read,
             MappedRow& mapped) const override {
    ApplyToPosting(context_, phrase, read, mapped);
  }

 protected:
  void TakeCell(const std::string& field, const std::string& cell, MappedRow& mapped) override {
    RowMapper::TakeCell(field, cell, mapped);
    if (!absl::StartsWith(field, kEmployerPrefix)) return;
    Set(&employer_, absl::StripPrefix(field, kEmployerPrefix), cell, field, mapped);
  }

  void Finish(MappedRow& mapped) override {
    auto& posting = static_cast<v1::Posting&>(*mapped.record);
    TakeChannel(posting, mapped);
    TakeNumbers(posting, mapped);
    v1::Employer employer;
    employer.Swap(&employer_);
    if (!posting.employer().empty()) {  // An export: it names everything itself.
      posting.set_name(
          posting.name().empty() ? "" : FullName(posting.name(), "postings", context_.region));
      return;
    }
    const PostingText text{.employer = employer.display_name(),
                           .address = Cell("@workplace"),
                           .skills = Cell("@skills")};
    SetEmployer(context_, std::move(employer), mapped);
    CompletePosting(context_, text, mapped);
  }

 private:
  void TakeChannel(v1::Posting& posting, MappedRow& mapped) const {
    const std::string& cell = Cell("@channel");
    if (cell.empty() || posting.channel_case() != v1::Posting::CHANNEL_NOT_SET) return;
    const std::optional<int> channel = ReadEnum(*v1::Channel_descriptor(), cell);
    const std::optional<int> kind = ReadEnum(*v1::PublicWelfareKind_descriptor(), cell);
    if (channel == v1::CHANNEL_ENTERPRISE) posting.mutable_enterprise();
    if (channel == v1::CHANNEL_WORK_FOR_RELIEF) posting.mutable_work_for_relief();
    if (channel == v1::CHANNEL_PUBLIC_WELFARE || kind.has_value()) {
      posting.mutable_public_welfare()->set_kind(kind.has_value()
                                                     ? static_cast<v1::PublicWelfareKind>(*kind)
                                                     : v1::PUBLIC_WELFARE_KIND_OTHER);
      posting.mutable_public_welfare()->set_urban(absl::StrContains(cell, "城镇"));
    }
    if (!channel.has_value() && !kind.has_value()) Wrong(mapped, "@channel", kNoChannel);
  }

  void TakeNumbers(v1::Posting& posting, MappedRow& mapped) const {
    if (!Cell("@headcount").empty()) {
      const Read<Headcount> count = ParseHeadcount(Cell("@headcount"));
      if (count.ok()) {
        posting.set_openings(count->least);
        if (count->most.has_value()) posting.set_max_openings(*count->most);
        if (count->vague) posting.set_openings_text(Cell("@headcount"));
      } else {
        Wrong(mapped, "@headcount", count.fault());
      }
    }
    if (!Cell("@pay").empty()) {
      const Read<v1::Pay> pay = ParsePay(Cell("@pay"), HeaderOf("@pay"));
      if (pay.ok()) {
        *posting.mutable_pay() = *pay;
      } else {
        Wrong(mapped, "@pay", pay.fault());
      }
    }
    if (Cell("@ages").empty()) return;
    const Read<std::vector<v1::AgeRange>> ages = ParseAges(Cell("@ages"));
    if (!ages.ok()) return Wrong(mapped, "@ages", ages.fault());
    for (const v1::AgeRange& age : *ages) *posting.mutable_conditions()->add_ages() = age;
  }

  v1::Employer employer_;  // Of this row, while its cells are taken.
};

}  // namespace

void CompletePosting(const MapperContext& context, const PostingText& text, MappedRow& mapped) {
  auto& posting = static_cast<v1::Posting&>(*mapped.record);
  if (posting.employer().empty() && mapped.owner == nullptr && !text.employer.empty()) {
    v1::Employer employer;
    employer.set_display_name(text.employer);
    SetEmployer(context, std::move(employer), mapped);
  }
  if (posting.channel_case() == v1::Posting::CHANNEL_NOT_SET) posting.mutable_enterprise();
  SetPlace(context, text.address, mapped);
  SetName(context, text.employer, mapped);
  if (!posting.title().empty() && posting.trade_code().empty()) {
    mapped.phrases.push_back({.use = Phrase::Use::kTitle, .text = posting.title()});
  }
  if (!SaysNothing(text.skills)) {
    mapped.phrases.push_back({.use = Phrase::Use::kSkills, .text = text.skills});
  }
}

void ApplyToPosting(const MapperContext& context, const Phrase& phrase,
                    const v1::NormalizedPhrase& read, MappedRow& mapped) {
  auto& posting = static_cast<v1::Posting&>(*mapped.record);
  const bool is_title = phrase.use == Phrase::Use::kTitle;
  const bool is_asked = !is_title && !absl::StrContains(phrase.text, "优先");
  google::protobuf::RepeatedPtrField<v1::AskedSkill> asked;
  bool found = read.no_trade_asked();
  for (const v1::SkillFound& skill : read.skills()) {
    found = true;
    if (skill.kind() == v1::SKILL_KIND_SKILL) {
      AddAsked(skill.skill(), skill.has_level() ? std::optional(skill.level()) : std::nullopt,
               asked);
    } else if (is_asked && !IsAsked(skill.skill(), posting)) {
      posting.add_required_certificates(skill.skill());
    }
  }
  for (const v1::TradeFound& trade : read.trades()) {
    found = true;
    if (is_title && posting.trade_code().empty()) posting.set_trade_code(trade.code());
    const auto skill = context.skill_of_trade.find(trade.code());
    if (skill != context.skill_of_trade.end()) {
      AddAsked(skill->second, trade.has_level() ? std::optional(trade.level()) : std::nullopt,
               asked);
    }
  }
  if (!found && !is_title) mapped.notes.emplace_back("@skills");
  if (asked.empty()) return;
  if (is_asked) {
    // One of them: a list of skills in a notice is seldom meant as all.
    v1::SkillGroup& group = *posting.add_required_skills();
    group.set_quantifier(v1::QUANTIFIER_ANY);
    group.mutable_skills()->Swap(&asked);
    return;
  }
  for (const v1::AskedSkill& skill : asked) {
    AddAsked(skill.skill(), skill.has_min_level() ? std::optional(skill.min_level()) : std::nullopt,
             *posting.mutable_preferred_skills());
  }
}

std::unique_ptr<RowMapper> NewPostingMapper(const Table& table, const Headers& headers,
                                            const MapperContext& context) {
  return std::make_unique<PostingMapper>(table, headers, context);
}

}  // namespace leye::ctl::files
