#include "tests/bench/generate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

#include "tests/oracle/dice.h"

namespace leye::bench {
namespace {

using matcher::oracle::Dice;

constexpr int kSkills = 2000;
constexpr double kZipfExponent = 1.05;
constexpr double kKmPerDegree = 111.2;

struct Place {
  double latitude = 0;
  double longitude = 0;
};

constexpr std::array<Place, 8> kCoastalCities = {{{31.23, 121.47},
                                                  {22.54, 114.06},
                                                  {23.13, 113.26},
                                                  {29.87, 121.54},
                                                  {24.48, 118.09},
                                                  {26.07, 119.30},
                                                  {36.07, 120.38},
                                                  {38.91, 121.60}}};

// Ascending, each once.
std::vector<int> Distinct(std::vector<int> numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

// What random people and postings are made of.
class Maker {
 public:
  Maker(uint64_t seed, Population population) : dice_(seed), population_(population) {
    double sum = 0;
    for (int rank = 1; rank <= kSkills; ++rank) {
      sum += std::pow(rank, -kZipfExponent);
      popularity_.push_back(sum);
    }
  }

  Dice& dice() { return dice_; }

  // Popular skills have small ids.
  int Skill() {
    const double at = dice_.Unit() * popularity_.back();
    return static_cast<int>(std::lower_bound(popularity_.begin(), popularity_.end(), at) -
                            popularity_.begin());
  }

  // "id:number,..." of `count` skills or fewer, each once.
  std::string Skills(int count, int least, int most) {
    return Numbered(SomeSkills(count), least, most);
  }

  // What a person can do.
  std::string HeldSkills(int64_t person) {
    std::vector<int> skills = SomeSkills(dice_.Between(1, 5));
    if (population_ == Population::kRareTogether) {
      std::erase_if(skills, [](int skill) { return skill == kOneSkill || skill == kOtherSkill; });
      const bool both = dice_.OneIn(50'000);
      if (both || person % 2 == 0) skills.push_back(kOneSkill);
      if (both || person % 2 == 1) skills.push_back(kOtherSkill);
    } else if (population_ == Population::kCommonSkill) {
      skills.push_back(kOneSkill);
    }
    return Numbered(Distinct(std::move(skills)), 1, 5);
  }

  // What a posting asks, perhaps nothing.
  std::string RequiredSkills() {
    switch (population_) {
      case Population::kRareTogether:
        return absl::StrCat(kOneSkill, ":1,", kOtherSkill, ":1");
      case Population::kNothingNamed:
        return "";
      case Population::kCommonSkill:
        return absl::StrCat(kOneSkill, ":1");
      default:
        return dice_.Between(1, 10) <= 5 ? Skills(dice_.Between(1, 2), 1, 3) : "";
    }
  }

  Population population() const { return population_; }

  // About normal, by the sum of twelve.
  double Normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += dice_.Unit();
    return sum;
  }

  Place Near(const Place& place, double km) {
    const double angle = 2 * std::numbers::pi * dice_.Unit();
    const double far = km * std::sqrt(dice_.Unit());
    const double north = far * std::cos(angle) / kKmPerDegree;
    const double east =
        far * std::sin(angle) / (kKmPerDegree * std::cos(place.latitude * std::numbers::pi / 180));
    return {.latitude = place.latitude + north, .longitude = place.longitude + east};
  }

  // The number of the first sum that is not below a random one.
  size_t Weighted(const std::vector<double>& sums) {
    const double at = dice_.Unit() * sums.back();
    return static_cast<size_t>(std::lower_bound(sums.begin(), sums.end(), at) - sums.begin());
  }

 private:
  // The two most popular.
  static constexpr int kOneSkill = 0;
  static constexpr int kOtherSkill = 1;

  // Ascending, `count` or fewer, each once.
  std::vector<int> SomeSkills(int count) {
    std::vector<int> skills;
    for (int i = 0; i < count; ++i) skills.push_back(Skill());
    return Distinct(std::move(skills));
  }

  std::string Numbered(const std::vector<int>& skills, int least, int most) {
    std::vector<std::string> entries;
    for (const int skill : skills) {
      entries.push_back(absl::StrCat(skill, ":", dice_.Between(least, most)));
    }
    return absl::StrJoin(entries, ",");
  }

  Dice dice_;
  const Population population_;
  std::vector<double> popularity_;
};

// The inland box where the areas are: larger with more areas, so that neighbours stay about as far.
std::vector<Place> MakeAreas(Maker& make, int64_t count) {
  const double share = std::sqrt(std::min(1.0, static_cast<double>(count) / 35'000));
  std::vector<Place> areas;
  for (int64_t i = 0; i < count; ++i) {
    areas.push_back({.latitude = 33.5 + 18 * share * (make.dice().Unit() - 0.5),
                     .longitude = 107 + 20 * share * (make.dice().Unit() - 0.5)});
  }
  return areas;
}

std::vector<double> MakeSizes(Maker& make, int64_t count) {
  std::vector<double> sums;
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    sum += std::exp(make.Normal());
    sums.push_back(sum);
  }
  return sums;
}

std::string CandidateLine(Maker& make, int64_t id, size_t area, int& willing_km) {
  Dice& dice = make.dice();
  const int reach = dice.Between(1, 100);
  willing_km = reach <= 35 ? 10 : reach <= 65 ? 30 : reach <= 80 ? 100 : 5000;
  const int need = dice.Between(1, 100);
  const int priority = need <= 50 ? 0 : need <= 75 ? 1 : need <= 90 ? 2 : 3;
  const int school = dice.Between(1, 100);
  const int education = school <= 5    ? 0
                        : school <= 30 ? 1
                        : school <= 70 ? 2
                        : school <= 88 ? 3
                        : school <= 96 ? 4
                                       : 5;
  const bool available =
      make.population() != Population::kNobodyAvailable && dice.Between(1, 10) <= 7;
  return absl::StrCat(id, "\t", area, "\t", available ? 1 : 0, "\t", dice.Between(16, 64), "\t",
                      dice.Between(0, 1), "\t", education, "\t", priority, "\t", willing_km, "\t",
                      1500 + 100 * dice.Between(0, 45), "\t", make.HeldSkills(id), "\n");
}

std::string PostingLine(Maker& make, int64_t id, const std::vector<Place>& areas,
                        int& query_class) {
  Dice& dice = make.dice();
  const bool open_to_all = make.population() == Population::kNothingNamed;
  const bool local = dice.Between(1, 10) <= 7;
  const Place place =
      local
          ? make.Near(
                areas[static_cast<size_t>(dice.Between(0, static_cast<int>(areas.size()) - 1))], 30)
          : make.Near(kCoastalCities[static_cast<size_t>(dice.Between(0, 7))], 20);
  const std::string required = make.RequiredSkills();
  query_class = !local ? 2 : required.empty() ? 1 : 0;
  const int radius = local && !open_to_all ? dice.OneOf({20, 50, 100}) : 5000;
  const std::string preferred = open_to_all ? "" : make.Skills(dice.Between(0, 3), 1, 3);
  const int age_min = open_to_all ? 16 : dice.OneOf({16, 18, 18, 20});
  const int age_max = open_to_all ? 64 : dice.OneOf({35, 45, 50, 55, 60});
  const int education_min = open_to_all ? 0 : dice.OneOf({0, 0, 1, 1, 2, 3});
  return absl::StrCat(id, "\t", place.latitude, "\t", place.longitude, "\t",
                      local ? dice.OneOf({0, 0, 0, 1, 2}) : 0, "\t", required, "\t", preferred,
                      "\t", age_min, "\t", age_max, "\t", education_min, "\t", radius, "\t",
                      1800 + 100 * dice.Between(0, 50), "\t", dice.Between(1, 30), "\n");
}

// Every `step`th of `count` is asked about.
class QueryFile {
 public:
  QueryFile(const std::string& path, int64_t count, int64_t queries)
      : out_(path), step_(std::max<int64_t>(1, count / std::max<int64_t>(1, queries))) {}

  void Offer(int64_t position, int query_class) {
    if (position % step_ == 0) out_ << position << '\t' << query_class << '\n';
  }

 private:
  std::ofstream out_;
  int64_t step_;
};

}  // namespace

absl::Status SetScale(const std::string& name, GenerateOptions& options) {
  if (name == "county") {
    options.people = 10'000, options.areas = 30, options.postings = 1'000;
  } else if (name == "hebei") {
    options.people = 160'000, options.areas = 330, options.postings = 10'000;
  } else if (name == "province") {
    options.people = 300'000, options.areas = 1'000, options.postings = 30'000;
  } else if (name == "nation") {
    options.people = 10'000'000, options.areas = 35'000, options.postings = 1'000'000;
  } else if (name == "five-nations") {
    options.people = 50'000'000, options.areas = 100'000, options.postings = 1'000'000;
  } else {
    return absl::InvalidArgumentError(absl::StrCat("no scale ", name));
  }
  return absl::OkStatus();
}

absl::Status SetPopulation(const std::string& name, GenerateOptions& options) {
  constexpr std::array<std::pair<absl::string_view, Population>, 6> kNames = {{
      {"usual", Population::kUsual},
      {"rare-together", Population::kRareTogether},
      {"nothing-named", Population::kNothingNamed},
      {"one-area", Population::kOneArea},
      {"common-skill", Population::kCommonSkill},
      {"nobody-available", Population::kNobodyAvailable},
  }};
  for (const auto& [known, population] : kNames) {
    if (name != known) continue;
    options.population = population;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("no population ", name));
}

absl::Status Generate(const GenerateOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot make ", options.folder));
  Maker make(options.seed, options.population);
  const std::vector<Place> areas = MakeAreas(make, options.areas);
  const std::vector<double> sizes = MakeSizes(make, options.areas);
  std::ofstream area_file(options.folder + "/areas.tsv");
  for (size_t i = 0; i < areas.size(); ++i) {
    area_file << absl::StrCat(i, "\t", areas[i].latitude, "\t", areas[i].longitude, "\n");
  }
  std::ofstream candidate_file(options.folder + "/candidates.tsv");
  QueryFile candidate_queries(options.folder + "/qcand.tsv", options.people, options.queries);
  const bool one_area = options.population == Population::kOneArea;
  for (int64_t id = 0; id < options.people; ++id) {
    int willing_km = 0;
    candidate_file << CandidateLine(make, id, one_area ? 0 : make.Weighted(sizes), willing_km);
    candidate_queries.Offer(id, willing_km >= 5000 ? 2 : 0);
  }
  std::ofstream posting_file(options.folder + "/postings.tsv");
  QueryFile posting_queries(options.folder + "/qpost.tsv", options.postings, options.queries);
  for (int64_t id = 0; id < options.postings; ++id) {
    int query_class = 0;
    posting_file << PostingLine(make, id, areas, query_class);
    posting_queries.Offer(id, query_class);
  }
  for (std::ofstream* file : {&area_file, &candidate_file, &posting_file}) {
    file->close();
    if (!*file) return absl::UnavailableError(absl::StrCat("cannot write in ", options.folder));
  }
  return absl::OkStatus();
}

}  // namespace leye::bench
