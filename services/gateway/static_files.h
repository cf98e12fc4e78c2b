// The files of a folder, such as the API's documents, read once and served from memory.
//
//   LEYE_ASSIGN_OR_RETURN(StaticFiles docs, StaticFiles::Load("build/docs", "/docs/"));
//   if (auto answer = docs.Answer(request)) ...     // GET /docs/openapi.json

#ifndef LEYE_SERVICES_GATEWAY_STATIC_FILES_H_
#define LEYE_SERVICES_GATEWAY_STATIC_FILES_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

#include "services/gateway/http_message.h"

namespace leye::gateway {

// Immutable, safe for concurrent use.
class StaticFiles {
 public:
  // No files.
  StaticFiles() = default;

  // The regular files of `folder`, not those of folders in it, below the path `prefix`, which ends
  // in '/'. NOT_FOUND when there is no such folder or it has no index.html; RESOURCE_EXHAUSTED
  // above 64 MB.
  static absl::StatusOr<StaticFiles> Load(const std::string& folder, const std::string& prefix);

  // The answer to a GET of one of the files, of the prefix itself (index.html), or of the prefix
  // without its last '/' (a redirection); nullopt for all else.
  std::optional<HttpAnswer> Answer(const HttpRequest& request) const;

 private:
  struct File {
    std::string type;
    std::string content;
  };

  explicit StaticFiles(absl::flat_hash_map<std::string, File> files) : files_(std::move(files)) {}

  absl::flat_hash_map<std::string, File> files_;  // By path.
};

}  // namespace leye::gateway

#endif  // LEYE_SERVICES_GATEWAY_STATIC_FILES_H_
