// People with marks: every personal field of theirs can be told from anything else that a server
// writes, so that a search finds it wherever it has got to.
//
//   LEYE_RETURN_IF_ERROR(PlantPeople(client, 1'000));
//   server.Signal(SIGKILL);
//   EXPECT_THAT(MarksIn(folder), IsEmpty());

#ifndef LEYE_TESTS_E2E_PLANTED_PEOPLE_H_
#define LEYE_TESTS_E2E_PLANTED_PEOPLE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"

#include "leye/v1/candidate.pb.h"
#include "tests/e2e/client.h"

namespace leye::e2e {

// Person `number` (from 0 to 9,999) of household `li` of the small world, identified in source
// "planted". Those who are imported have households of their own.
v1::Candidate PlantedCandidate(int number);

// Makes the small world, then plants people (imported and created), households with addresses,
// employers and postings with contacts; reads, lists, changes, ranks, refers, explains and deletes
// some; and calls with mistakes of many kinds that carry marks.
absl::Status PlantPeople(const Client& client, int people);

// After PlantPeople: a call of every RPC that only reads, watches too, then the export of a planted
// person and the end of its consent.
absl::Status CallAllThatReads(const Client& client);

// The same people by JSON over HTTP: a good call, whose answer this is, and bad ones.
std::string CallByHttp(const std::string& http_address);

// Which kinds of marks are in which files of `folder`, at any depth: {"data/leye.db": "id_number
// name"}. Empty files are none.
std::map<std::string, std::string> MarksIn(const std::string& folder);

// The kinds of marks in `text`, in the order of the alphabet.
std::string MarksOf(const std::string& text);

}  // namespace leye::e2e

#endif  // LEYE_TESTS_E2E_PLANTED_PEOPLE_H_
