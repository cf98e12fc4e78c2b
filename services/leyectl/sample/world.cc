#include "services/leyectl/sample/world.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "leye/v1/settlement_area.pb.h"
#include "services/base/status.h"
#include "services/leyectl/sample/people.h"
#include "services/leyectl/sample/postings.h"

namespace leye::ctl::sample {
namespace {

absl::Status Check(const WorldOptions& options) {
  std::vector<FieldViolation> violations;
  if (options.areas < 1 || options.areas > 100'000) {
    violations.push_back({"areas", "must be 1 to 100,000"});
  }
  if (options.candidates < 0 || options.candidates > 100'000'000) {
    violations.push_back({"candidates", "must be 0 to 100,000,000"});
  }
  if (options.postings < 0 || options.postings > 10'000'000) {
    violations.push_back({"postings", "must be 0 to 10,000,000"});
  }
  if (options.seekers_permille < 0 || options.seekers_permille > 1000) {
    violations.push_back({"seekers", "must be 0 to 1"});
  }
  return InvalidFields(violations);
}

v1::SettlementArea AreaMessage(const WorldOptions& options, const Area& area) {
  v1::SettlementArea message;
  message.set_name(NameOf(options, "settlementAreas", area.id));
  message.set_display_name(area.name);
  message.set_division_code(area.division_code);
  message.set_address(area.address);
  *message.mutable_location() = Point(area.latitude_e5, area.longitude_e5);
  message.set_kind(area.households >= 300 ? v1::SETTLEMENT_KIND_URBAN : v1::SETTLEMENT_KIND_RURAL);
  message.set_planned_households(area.households);
  message.set_planned_residents(area.residents);
  message.set_remarks(area.invented ? "invented" : area.source);
  return message;
}

// Walks through the households in order, each in its area: areas get people in proportion to their
// households. Copy it to walk the same way again.
class HouseholdWalk {
 public:
  HouseholdWalk(const WorldOptions& options, const std::vector<Area>& areas)
      : options_(options), areas_(areas) {
    for (const Area& area : areas) weight_ += std::max(1, area.households);
    reached_ = std::max(1, areas.front().households);
  }

  // The next household; false when there are no more.
  bool Next(HouseholdPlan& plan) {
    const int64_t people_left = options_.candidates - people_;
    if (people_left == 0 && number_ >= static_cast<uint64_t>(options_.households)) return false;
    const uint64_t number = ++number_;
    const int drawn = DrawWorkers(options_.seed, number);
    plan = {.number = number,
            .first_person = static_cast<uint64_t>(people_) + 1,
            .workers = static_cast<int>(std::min<int64_t>(drawn, people_left)),
            .area = &areas_[AreaIndex(number)]};
    people_ += plan.workers;
    return true;
  }

 private:
  // By the share of people already placed; households without workers go round.
  size_t AreaIndex(uint64_t number) {
    if (people_ >= options_.candidates) return number % areas_.size();
    while (area_ + 1 < areas_.size() && people_ * weight_ >= reached_ * options_.candidates) {
      reached_ += std::max(1, areas_[++area_].households);
    }
    return area_;
  }

  const WorldOptions& options_;
  const std::vector<Area>& areas_;
  int64_t weight_ = 0;   // Of all areas.
  int64_t reached_ = 0;  // Of the areas up to the present one.
  size_t area_ = 0;
  int64_t people_ = 0;
  uint64_t number_ = 0;
};

absl::Status TakeAreas(const WorldOptions& options, const std::vector<Area>& areas, Sink& sink) {
  for (const Area& area : areas) {
    LEYE_RETURN_IF_ERROR(sink.Take("areas", AreaMessage(options, area)));
  }
  return absl::OkStatus();
}

absl::Status TakePeople(const WorldOptions& options, const std::vector<Area>& areas, Sink& sink) {
  HouseholdPlan plan;
  for (HouseholdWalk walk(options, areas); walk.Next(plan);) {
    LEYE_RETURN_IF_ERROR(sink.Take("households", MakeHousehold(options, plan)));
  }
  for (HouseholdWalk walk(options, areas); walk.Next(plan);) {
    for (int member = 0; member < plan.workers; ++member) {
      LEYE_RETURN_IF_ERROR(sink.Take("candidates", MakeCandidate(options, plan, member)));
    }
  }
  return absl::OkStatus();
}

// Each employer once, in the order in which postings first name it.
absl::Status TakeEmployers(const WorldOptions& options, const std::vector<Area>& areas,
                           const Places& places, Sink& sink) {
  std::set<std::string> seen;
  for (int i = 0; i < options.postings; ++i) {
    const Offer offer = MakeOffer(options, areas, places, i);
    if (seen.insert(offer.employer.name()).second) {
      LEYE_RETURN_IF_ERROR(sink.Take("employers", offer.employer));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status GenerateWorld(const WorldOptions& options, const Places& places, Sink& sink) {
  LEYE_RETURN_IF_ERROR(Check(options));
  const std::vector<Area> areas = ChooseAreas(places, options.areas, options.seed);
  LEYE_RETURN_IF_ERROR(TakeAreas(options, areas, sink));
  LEYE_RETURN_IF_ERROR(TakeEmployers(options, areas, places, sink));
  LEYE_RETURN_IF_ERROR(TakePeople(options, areas, sink));
  for (int i = 0; i < options.postings; ++i) {
    LEYE_RETURN_IF_ERROR(sink.Take("postings", MakeOffer(options, areas, places, i).posting));
  }
  return absl::OkStatus();
}

std::string NameOf(const WorldOptions& options, absl::string_view collection,
                   absl::string_view id) {
  return absl::StrCat("regions/", options.region, "/", collection, "/", id);
}

std::string DateText(absl::CivilDay day, int days) {
  const absl::CivilDay moved = day + days;
  return absl::StrFormat("%04d-%02d-%02d", moved.year(), moved.month(), moved.day());
}

}  // namespace leye::ctl::sample
