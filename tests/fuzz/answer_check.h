// What no RPC may answer, whoever asks for whatever.

#ifndef LEYE_TESTS_FUZZ_ANSWER_CHECK_H_
#define LEYE_TESTS_FUZZ_ANSWER_CHECK_H_

#include <string>

#include "absl/strings/string_view.h"

#include "tests/e2e/client.h"
#include "tests/e2e/rpcs.h"

namespace leye::fuzz {

// Of the person `welder`; nobody of another region or of another person is ever told it.
inline constexpr char kMarkedName[] = "记号丙0xWELD";

// What is wrong with the answer, "" when nothing is:
// - a status that API.md does not have (INTERNAL, UNKNOWN, DATA_LOSS, ...), or without reason,
//   domain or Chinese; a deadline only of streams that never end
// - OK without the one message of the response's type, or for those who may call nothing
// - somebody is told of a person who is none of their business
std::string WhatIsWrong(absl::string_view identity, const e2e::Rpc& rpc, const e2e::Answer& answer);

}  // namespace leye::fuzz

#endif  // LEYE_TESTS_FUZZ_ANSWER_CHECK_H_
