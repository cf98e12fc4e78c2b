// What imports and exports have to know of the server: areas and employers by name, the skills of
// trades, what phrases mean; what employers and skills are called.

#ifndef LEYE_SERVICES_LEYECTL_SERVER_BOOKS_H_
#define LEYE_SERVICES_LEYECTL_SERVER_BOOKS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include <grpcpp/support/status.h>

#include "leye/v1/skill.pb.h"
#include "services/leyectl/files/row_mapper.h"
#include "services/leyectl/session.h"

namespace leye::ctl {

// Reads what rows of `collection` refer to: areas for people and households, areas, employers and
// skills for postings.
grpc::Status LoadBooks(Session& session, absl::string_view collection,
                       files::MapperContext& context);

// What postings refer to: employers and skills as they are called, by resource name.
using NamesOfResources = absl::flat_hash_map<std::string, std::string>;
grpc::Status LoadNames(Session& session, NamesOfResources& names);

// Asks NormalizeSkills, and remembers. Where a title names a trade of several skills, its stem may
// name the one: 电焊工 is read as 电焊 too. Thread-compatible.
class PhraseReader {
 public:
  explicit PhraseReader(Session& session) : session_(session) {}

  // By phrase. What the server cannot take (more than 1,000 characters) is left out. The pointers
  // hold until the next call.
  using Meanings = absl::flat_hash_map<std::string, v1::NormalizedPhrase>;
  grpc::Status Read(const std::vector<std::string>& phrases, const Meanings*& meanings);

 private:
  grpc::Status Ask(v1::NormalizeSkillsRequest& request, Meanings& meanings);
  grpc::Status AskStems(const std::vector<std::string>& phrases);

  Session& session_;
  Meanings known_;
};

}  // namespace leye::ctl

#endif  // LEYE_SERVICES_LEYECTL_SERVER_BOOKS_H_
