// A world of invented people and work at real places: the same bytes for the same options, on every
// machine.
//
//   WorldOptions options{.areas = 20, .candidates = 3000, .postings = 300, .seed = 1};
//   LEYE_RETURN_IF_ERROR(GenerateWorld(options, places, sink));
//
// Proportions follow what is published: 2.31 workers a household with labour; about a third of the
// people registered as seeking work (94 % of relocated workers have some work over the year, but
// much of it is seasonal, and a bureau's register holds those who look for more); postings a third
// of each channel, with conditions as often as real announcements have them. Memory does not grow
// with the number of people.

#ifndef LEYE_SERVICES_LEYECTL_SAMPLE_WORLD_H_
#define LEYE_SERVICES_LEYECTL_SAMPLE_WORLD_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include <google/protobuf/message.h>

#include "services/leyectl/sample/places.h"

namespace leye::ctl::sample {

struct WorldOptions {
  std::string region = "13";
  int areas = 20;
  int64_t candidates = 3000;
  int64_t households =
      0;  // At least; those beyond the workers' have no worker. 0: only the workers'.
  int postings = 300;
  uint64_t seed = 1;
  int seekers_permille = 300;        // Of the candidates.
  absl::CivilDay date{2026, 11, 1};  // All dates are relative to this day.
};

// Takes the resources, each collection in one piece, in the order in which they refer to each
// other.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual absl::Status Take(absl::string_view collection,
                            const google::protobuf::Message& resource) = 0;
};

// Areas, employers, households, candidates, postings. INVALID_ARGUMENT for numbers out of range;
// the sink's errors.
absl::Status GenerateWorld(const WorldOptions& options, const Places& places, Sink& sink);

// `regions/13/postings/x`.
std::string NameOf(const WorldOptions& options, absl::string_view collection, absl::string_view id);

// A date as the API writes it, `days` after `day`.
std::string DateText(absl::CivilDay day, int days = 0);

}  // namespace leye::ctl::sample

#endif  // LEYE_SERVICES_LEYECTL_SAMPLE_WORLD_H_
