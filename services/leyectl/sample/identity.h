// Names, identity numbers and telephone numbers of people who do not exist, made so that they
// cannot be anybody's:
//
// - Surnames are words of field and farm (垄, 畦, 埂, ...) that are not among the surnames in
//   use in China; given names are common ones. 垄秀英 reads as a name, and nobody takes it for a
//   real person's.
// - Identity numbers begin with 1399 and two digits. GB/T 2260 has no division 1399xx and never had
//   one, so no number of that kind has been issued; birth date, sex and check character are right,
//   so software takes them.
// - Telephone numbers are land lines of the real area code whose local part begins with 0. China's
//   numbering plan keeps 0 for the trunk prefix: no subscriber's number begins with it, so a call
//   cannot reach anybody.

#ifndef LEYE_SERVICES_LEYECTL_SAMPLE_IDENTITY_H_
#define LEYE_SERVICES_LEYECTL_SAMPLE_IDENTITY_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "leye/v1/common.pb.h"
#include "services/leyectl/sample/dice.h"

namespace leye::ctl::sample {

// A family's name.
absl::string_view Surname(Dice& dice);

// A given name as people born in that year have.
std::string GivenName(Dice& dice, v1::Sex sex, int birth_year);

// `number` keeps people of the same birth date apart (up to 50,000 of them).
std::string IdNumber(absl::CivilDay birth, v1::Sex sex, uint64_t number);

// The check character of the first 17 digits, after GB 11643 (ISO 7064 MOD 11-2).
char IdCheckCharacter(absl::string_view digits17);

// In the area code of the county's city.
std::string Telephone(Dice& dice, absl::string_view division_code);

// Whom to call at an employer: drawn from its name, so that each of its postings names the same.
v1::Contact ContactOf(uint64_t seed, absl::string_view employer, absl::string_view division_code);

}  // namespace leye::ctl::sample

#endif  // LEYE_SERVICES_LEYECTL_SAMPLE_IDENTITY_H_
