// A request and its answer as HTTP knows them, without any protocol above it.

#ifndef LEYE_SERVICES_GATEWAY_HTTP_MESSAGE_H_
#define LEYE_SERVICES_GATEWAY_HTTP_MESSAGE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace leye::gateway {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;  // "POST".
  std::string path;    // Without the query.
  HttpFields headers = {};
  HttpFields query = {};  // Decoded.
  std::string body = {};
  bool body_too_large = false;  // Then `body` is empty.

  // The first header of that name in whatever case; null when there is none.
  const std::string* FindHeader(absl::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (absl::EqualsIgnoreCase(key, name)) return &value;
    }
    return nullptr;
  }
  // The same for the query, whose names have a case.
  const std::string* FindQuery(absl::string_view name) const {
    for (const auto& [key, value] : query) {
      if (key == name) return &value;
    }
    return nullptr;
  }
};

// A body that is made while it is sent. Thread-safe.
class BodySource {
 public:
  struct Chunk {
    std::string bytes;
    bool last = false;
  };

  virtual ~BodySource() = default;

  // What can be sent now; nullopt when nothing can, and whoever made the source wakes the exchange
  // (exchange.h) once something can.
  virtual std::optional<Chunk> Next() = 0;
};

struct HttpAnswer {
  int status = 200;
  HttpFields headers = {};
  std::string body = {};
  std::shared_ptr<BodySource> stream = nullptr;  // Instead of `body`.
};

}  // namespace leye::gateway

#endif  // LEYE_SERVICES_GATEWAY_HTTP_MESSAGE_H_
