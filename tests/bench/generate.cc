#include "tests/bench/generate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

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

// What random people and postings are made of.
class Maker {
 public:
  explicit Maker(uint64_t seed) : dice_(seed) {
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
    std::vector<int> skills;
    for (int i = 0; i < count; ++i) skills.push_back(Skill());
    std::sort(skills.begin(), skills.end());
    skills.erase(std::unique(skills.begin(), skills.end()), skills.end());
    std::vector<std::string> entries;
    for (const int skill : skills) {
      entries.push_back(absl::StrCat(skill, ":", dice_.Between(least, most)));
    }
    return absl::StrJoin(entries, ",");
  }

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
  Dice dice_;
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
  return absl::StrCat(id, "\t", area, "\t", dice.Between(1, 10) <= 7 ? 1 : 0, "\t",
                      dice.Between(16, 64), "\t", dice.Between(0, 1), "\t", education, "\t",
                      priority, "\t", willing_km, "\t", 1500 + 100 * dice.Between(0, 45), "\t",
                      make.Skills(dice.Between(1, 5), 1, 5), "\n");
}

std::string PostingLine(Maker& make, int64_t id, const std::vector<Place>& areas,
                        int& query_class) {
  Dice& dice = make.dice();
  const bool local = dice.Between(1, 10) <= 7;
  const Place place =
      local
          ? make.Near(
                areas[static_cast<size_t>(dice.Between(0, static_cast<int>(areas.size()) - 1))], 30)
          : make.Near(kCoastalCities[static_cast<size_t>(dice.Between(0, 7))], 20);
  const std::string required =
      dice.Between(1, 10) <= 5 ? make.Skills(dice.Between(1, 2), 1, 3) : "";
  query_class = !local ? 2 : required.empty() ? 1 : 0;
  const int radius = local ? dice.OneOf({20, 50, 100}) : 5000;
  const int age_min = dice.OneOf({16, 18, 18, 20});
  return absl::StrCat(id, "\t", place.latitude, "\t", place.longitude, "\t",
                      local ? dice.OneOf({0, 0, 0, 1, 2}) : 0, "\t", required, "\t",
                      make.Skills(dice.Between(0, 3), 1, 3), "\t", age_min, "\t",
                      dice.OneOf({35, 45, 50, 55, 60}), "\t", dice.OneOf({0, 0, 1, 1, 2, 3}), "\t",
                      radius, "\t", 1800 + 100 * dice.Between(0, 50), "\t", dice.Between(1, 30),
                      "\n");
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
  } else {
    return absl::InvalidArgumentError(absl::StrCat("no scale ", name));
  }
  return absl::OkStatus();
}

absl::Status Generate(const GenerateOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot make ", options.folder));
  Maker make(options.seed);
  const std::vector<Place> areas = MakeAreas(make, options.areas);
  const std::vector<double> sizes = MakeSizes(make, options.areas);
  std::ofstream area_file(options.folder + "/areas.tsv");
  for (size_t i = 0; i < areas.size(); ++i) {
    area_file << absl::StrCat(i, "\t", areas[i].latitude, "\t", areas[i].longitude, "\n");
  }
  std::ofstream candidate_file(options.folder + "/candidates.tsv");
  QueryFile candidate_queries(options.folder + "/qcand.tsv", options.people, options.queries);
  for (int64_t id = 0; id < options.people; ++id) {
    int willing_km = 0;
    candidate_file << CandidateLine(make, id, make.Weighted(sizes), willing_km);
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
