#include "tests/bench/dataset.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include "tests/oracle/benchmark_ruleset.h"

namespace leye::bench {
namespace {

using Fields = std::vector<absl::string_view>;

// Reads the numbers of one line, and remembers whether one was none.
class LineReader {
 public:
  explicit LineReader(absl::string_view line) : fields_(absl::StrSplit(line, '\t')) {}

  template <typename T>
  T Next() {
    T value{};
    const absl::string_view field = NextField();
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    ok_ = ok_ && error == std::errc() && end == field.data() + field.size();
    return value;
  }

  // "12:3,40:1", perhaps empty; ascending by skill.
  std::vector<SkillEntry> NextSkills() {
    std::vector<SkillEntry> skills;
    for (const absl::string_view pair : absl::StrSplit(NextField(), ',', absl::SkipEmpty())) {
      const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(pair, ':');
      LineReader skill(parts.first);
      LineReader number(parts.second);
      skills.push_back(
          {.skill = skill.Next<uint16_t>(), .level_or_weight = number.Next<uint16_t>()});
      ok_ = ok_ && skill.ok_ && number.ok_;
    }
    std::sort(skills.begin(), skills.end(),
              [](const SkillEntry& a, const SkillEntry& b) { return a.skill < b.skill; });
    return skills;
  }

  matcher::GeoPoint NextPoint() {
    const double latitude = Next<double>();
    const double longitude = Next<double>();
    const auto point = matcher::GeoPoint::FromDegrees(latitude, longitude);
    ok_ = ok_ && point.ok();
    return point.ok() ? *point : matcher::GeoPoint();
  }

  bool ok() const { return ok_ && at_ == fields_.size(); }

 private:
  absl::string_view NextField() {
    if (at_ < fields_.size()) return fields_[at_++];
    ok_ = false;
    return "";
  }

  Fields fields_;
  size_t at_ = 0;
  bool ok_ = true;
};

template <typename Visit>
absl::Status ForEachLine(const std::string& path, const Visit& visit) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot open ", path));
  std::string line;
  for (size_t number = 1; std::getline(file, line); ++number) {
    LineReader reader(line);
    if (!visit(reader) || !reader.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(path, ":", number, ": not of the format"));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadCandidates(const std::string& path,
                            const absl::flat_hash_map<uint64_t, uint32_t>& areas, Dataset& data) {
  return ForEachLine(path, [&](LineReader& line) {
    CandidateRecord& record = data.candidates.emplace_back();
    record.id = line.Next<uint64_t>();
    const auto area = areas.find(line.Next<uint64_t>());
    if (area == areas.end()) return false;
    record.area = area->second;
    record.available = line.Next<int>() != 0;
    record.age = line.Next<uint8_t>();
    record.sex = line.Next<uint8_t>();
    record.education = line.Next<uint8_t>();
    record.priority = line.Next<uint8_t>();
    record.willing_km = static_cast<float>(line.Next<double>());
    record.wage = line.Next<int32_t>();
    const std::vector<SkillEntry> skills = line.NextSkills();
    record.first_skill = static_cast<uint32_t>(data.skills.size());
    record.skill_count = static_cast<uint8_t>(skills.size());
    data.skills.insert(data.skills.end(), skills.begin(), skills.end());
    return record.priority <= 3 && record.education <= 5;
  });
}

absl::Status ReadPostings(const std::string& path, Dataset& data) {
  return ForEachLine(path, [&](LineReader& line) {
    PostingRecord& record = data.postings.emplace_back();
    record.id = line.Next<uint64_t>();
    record.at = line.NextPoint();
    record.channel = line.Next<uint8_t>();
    record.required = line.NextSkills();
    record.preferred = line.NextSkills();
    record.age_min = line.Next<uint8_t>();
    record.age_max = line.Next<uint8_t>();
    record.education_min = line.Next<uint8_t>();
    record.radius_km = static_cast<float>(line.Next<double>());
    record.wage = line.Next<int32_t>();
    record.headcount = line.Next<uint16_t>();
    return record.channel <= 2 && record.education_min <= 5;
  });
}

template <typename Record>
absl::Status ReadQueries(const std::string& path, const std::vector<Record>& records,
                         std::vector<Query>& queries) {
  absl::flat_hash_map<uint64_t, uint32_t> positions;
  positions.reserve(records.size());
  for (uint32_t i = 0; i < records.size(); ++i) positions[records[i].id] = i;
  return ForEachLine(path, [&](LineReader& line) {
    const auto subject = positions.find(line.Next<uint64_t>());
    const int query_class = line.Next<int>();
    if (subject == positions.end()) return false;
    queries.push_back({.subject = subject->second, .query_class = query_class});
    return true;
  });
}

}  // namespace

absl::StatusOr<Dataset> ReadDataset(const std::string& folder) {
  Dataset data;
  absl::flat_hash_map<uint64_t, uint32_t> areas;
  absl::Status read = ForEachLine(folder + "/areas.tsv", [&](LineReader& line) {
    AreaRecord& area = data.areas.emplace_back();
    area.id = line.Next<uint64_t>();
    area.at = line.NextPoint();
    areas[area.id] = static_cast<uint32_t>(data.areas.size() - 1);
    return true;
  });
  if (read.ok()) read = ReadCandidates(folder + "/candidates.tsv", areas, data);
  if (read.ok()) read = ReadPostings(folder + "/postings.tsv", data);
  if (read.ok()) read = ReadQueries(folder + "/qpost.tsv", data.postings, data.posting_queries);
  if (read.ok()) {
    read = ReadQueries(folder + "/qcand.tsv", data.candidates, data.candidate_queries);
  }
  if (!read.ok()) return read;
  return data;
}

matcher::Day BenchmarkDay() { return matcher::Day::FromCivil(2026, 3, 2); }

matcher::AreaProfile AreaProfileOf(const Dataset& data, uint32_t area) {
  return {.index = matcher::AreaIndex(area),
          .division = matcher::DivisionCode(),
          .location = data.areas[area].at};
}

namespace {

// The calendar is asked once for each age, not for each of millions.
matcher::Day BirthOf(uint8_t age) {
  static const auto kBirths = [] {
    std::array<matcher::Day, 256> births;
    for (int years = 0; years < std::ssize(births); ++years) {
      births[static_cast<size_t>(years)] = matcher::PlusMonths(BenchmarkDay(), -12 * years);
    }
    return births;
  }();
  return kBirths[age];
}

}  // namespace

void MakeCandidate(const Dataset& data, const CandidateRecord& record,
                   matcher::CandidateProfile& profile) {
  profile.id = matcher::CandidateId(record.id);
  profile.area = matcher::AreaIndex(record.area);
  profile.birth = BirthOf(record.age);
  profile.sex = record.sex != 0 ? matcher::Sex::kMale : matcher::Sex::kFemale;
  profile.education = static_cast<matcher::Education>(record.education);
  profile.groups = matcher::oracle::BenchmarkGroups(record.priority);
  profile.seeking = record.available;
  profile.willing = true;
  profile.consent = matcher::DayRange();
  profile.max_distance = record.willing_km >= kAnywhereKm
                             ? matcher::Kilometres::Unlimited()
                             : matcher::Kilometres::Of(record.willing_km);
  profile.wished_yuan_per_month = record.wage;
  profile.skills.clear();
  for (const SkillEntry& skill : data.SkillsOf(record)) {
    profile.skills.push_back({.skill = matcher::SkillId(skill.skill),
                              .level = matcher::SkillLevel::Of(skill.level_or_weight),
                              .expires = matcher::Day::Max()});
  }
}

matcher::PostingProfile PostingProfileOf(const PostingRecord& record) {
  matcher::PostingProfile posting;
  posting.id = matcher::PostingId(record.id);
  posting.channel = static_cast<matcher::Channel>(record.channel);
  posting.location = record.at;
  posting.open = true;
  posting.openings_left = std::max<uint16_t>(record.headcount, 1);
  for (const SkillEntry& skill : record.required) {
    matcher::RequiredSkillGroup group;
    group.any_of.push_back({.skill = matcher::SkillId(skill.skill),
                            .min_level = matcher::SkillLevel::Of(skill.level_or_weight)});
    posting.required_skills.push_back(std::move(group));
  }
  for (const SkillEntry& skill : record.preferred) {
    posting.preferred_skills.push_back({.asked = {.skill = matcher::SkillId(skill.skill),
                                                  .min_level = matcher::SkillLevel::Unknown()},
                                        .weight = skill.level_or_weight});
  }
  matcher::AgeRange ages;
  ages.limits.min_years = record.age_min;
  ages.limits.max_years = record.age_max;
  posting.age_ranges.push_back(ages);
  posting.education_min = static_cast<matcher::Education>(record.education_min);
  if (record.radius_km < kAnywhereKm) {
    posting.radius = matcher::Kilometres::Of(record.radius_km);
  }
  posting.min_yuan_per_month = record.wage;
  return posting;
}

}  // namespace leye::bench
