// deploy/sample/hebei's tables, compiled in by the build (built_in_places.cc.in).

#ifndef LEYE_SERVICES_LEYECTL_SAMPLE_BUILT_IN_PLACES_H_
#define LEYE_SERVICES_LEYECTL_SAMPLE_BUILT_IN_PLACES_H_

namespace leye::ctl::sample {

extern const char* const kAreasTsv;
extern const char* const kWorkplacesTsv;

}  // namespace leye::ctl::sample

#endif  // LEYE_SERVICES_LEYECTL_SAMPLE_BUILT_IN_PLACES_H_
