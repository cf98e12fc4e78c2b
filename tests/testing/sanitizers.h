// Which sanitizers this program is compiled with, for tests that plant what these must find.

#ifndef LEYE_TESTS_TESTING_SANITIZERS_H_
#define LEYE_TESTS_TESTING_SANITIZERS_H_

// clang compiles the presets that have sanitizers.
#if !defined(__has_feature)
#define __has_feature(feature) 0
#endif

namespace leye::testing {

// The presets that have AddressSanitizer have UndefinedBehaviorSanitizer too.
inline constexpr bool kHasAddressSanitizer = __has_feature(address_sanitizer) != 0;
inline constexpr bool kHasThreadSanitizer = __has_feature(thread_sanitizer) != 0;

}  // namespace leye::testing

#endif  // LEYE_TESTS_TESTING_SANITIZERS_H_
