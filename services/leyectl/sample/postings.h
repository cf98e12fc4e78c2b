// Invents employers and what they post: a third of each channel, with the conditions as often as
// 101 real announcements had them.

#ifndef LEYE_SERVICES_LEYECTL_SAMPLE_POSTINGS_H_
#define LEYE_SERVICES_LEYECTL_SAMPLE_POSTINGS_H_

#include <vector>

#include "leye/v1/employer.pb.h"
#include "leye/v1/posting.pb.h"
#include "services/leyectl/sample/places.h"
#include "services/leyectl/sample/world.h"

namespace leye::ctl::sample {

struct Offer {
  v1::Employer employer;  // The same employer comes with each of its postings.
  v1::Posting posting;
};

// Posting `index`, from 0: its channel is index modulo 3. The first of each channel is at the first
// area, and plain, so that it can be shown. REQUIRES: `areas` and the places of work are not empty.
Offer MakeOffer(const WorldOptions& options, const std::vector<Area>& areas, const Places& places,
                int index);

// The announcement's text, composed of the posting's own fields.
std::string AnnouncementText(const v1::Posting& posting, const v1::Employer& employer,
                             absl::string_view duty);

}  // namespace leye::ctl::sample

#endif  // LEYE_SERVICES_LEYECTL_SAMPLE_POSTINGS_H_
