#include "services/app/resource_checks.h"

#include "absl/strings/str_cat.h"

#include "leye/v1/skill.pb.h"
#include "matcher/geo.h"
#include "services/app/formats.h"
#include "services/base/status.h"

namespace leye::app {

void Checks::Add(absl::string_view field, absl::string_view reason, absl::string_view description,
                 absl::string_view description_zh) const {
  violations_.Add({absl::StrCat(scope_.path, scope_.path.empty() ? "" : ".", field),
                   std::string(reason), std::string(description), std::string(description_zh)});
}

void Checks::DatesInOrder(absl::string_view earlier, absl::string_view later,
                          absl::string_view later_field, absl::string_view earlier_field) const {
  if (earlier.empty() || later.empty() || earlier <= later) return;  // The form sorts as days do.
  if (!ParseDate(earlier).has_value() || !ParseDate(later).has_value()) return;
  Add(later_field, "CONTRADICTION", absl::StrCat("must not be before ", earlier_field),
      absl::StrCat("不得早于 ", earlier_field));
}

void Checks::InOrder(std::optional<double> least, std::optional<double> greatest,
                     absl::string_view greatest_field, absl::string_view least_field) const {
  if (!least.has_value() || !greatest.has_value() || *least <= *greatest) return;
  Add(greatest_field, "CONTRADICTION", absl::StrCat("must not be less than ", least_field),
      absl::StrCat("不得小于 ", least_field));
}

void Checks::SkillIs(absl::string_view skill, Wanted wanted, PathMaker field) const {
  const std::optional<matcher::SkillId> id = scope_.catalogue.FindSkill(skill);
  if (!id.has_value()) return;  // The field's own rule says so.
  const bool is_skill = scope_.catalogue.skill(*id).kind() == v1::SKILL_KIND_SKILL;
  if (is_skill == (wanted == Wanted::kSkill)) return;
  if (is_skill) {
    Add(field(), "WRONG_KIND", "must be a certificate or a licence", "须为证书或执照");
  } else {
    Add(field(), "WRONG_KIND", "must be a skill, not a certificate or a licence",
        "须为技能，而非证书或执照");
  }
}

void Checks::Phone(absl::string_view phone, absl::string_view field) const {
  if (phone.empty() || IsPhone(phone)) return;
  Add(field, "INVALID_FORMAT", "must be digits with optional +, - and blanks",
      "只能包含数字以及 +、- 和空格");
}

void Checks::PointIsSet(const v1::GeoPoint& point, absl::string_view field) const {
  if (point.latitude() != 0 || point.longitude() != 0) return;
  Add(field, "REQUIRED", "must have a latitude and a longitude", "须填写经纬度");
}

void NormalisePoint(v1::GeoPoint& point) {
  if (point.datum() == v1::DATUM_UNSPECIFIED) point.set_datum(v1::DATUM_WGS84);
  if (point.datum() != v1::DATUM_GCJ02 && point.datum() != v1::DATUM_BD09) return;
  const auto given = matcher::GeoPoint::FromDegrees(point.latitude(), point.longitude());
  if (!given.ok()) return;
  const matcher::GeoPoint wgs84 =
      point.datum() == v1::DATUM_GCJ02 ? matcher::FromGcj02(*given) : matcher::FromBd09(*given);
  point.set_latitude(wgs84.latitude_degrees());
  point.set_longitude(wgs84.longitude_degrees());
  point.set_datum(v1::DATUM_WGS84);
}

void CheckReason(const std::string& reason, LengthLimit limit, Violations& violations) {
  const std::optional<size_t> length = CountCodePoints(reason);
  if (length.has_value() && *length >= limit.least && *length <= limit.greatest) return;
  violations.Add({"reason", "OUT_OF_RANGE",
                  absl::StrCat("must have ", limit.least, " to ", limit.greatest,
                               " characters of valid UTF-8"),
                  absl::StrCat("须为 ", limit.least, " 至 ", limit.greatest, " 个字符")});
}

absl::Status WrongState(absl::string_view name, absl::string_view needed,
                        absl::string_view needed_zh) {
  return WithMessageZh(Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                             absl::StrCat(name, " is not ", needed),
                             {{"name", std::string(name)}, {"needed_state", std::string(needed)}}),
                       absl::StrCat("只能在“", needed_zh, "”状态下进行此操作：", name));
}

absl::CivilDay ReadDay(const std::string& text, absl::CivilDay absent, const std::string& field,
                       Violations& violations) {
  if (text.empty()) return absent;
  const std::optional<absl::CivilDay> day = ParseDate(text);
  if (!day.has_value()) {
    violations.Add({field, "INVALID_FORMAT", "must be a date yyyy-mm-dd", "须为 yyyy-mm-dd"});
  }
  return day.value_or(absent);
}

}  // namespace leye::app
