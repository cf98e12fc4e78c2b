// Which pages of other origins may call, by the rules that browsers keep (fetch.spec.whatwg.org).
//
//   const Cors cors({"https://jobs.example.org"});
//   if (cors.IsPreflight(request)) return cors.Preflight(request);
//   answer.headers += cors.Headers(request);
//
// Without an allowed origin a browser shows no answer to other sites' pages, and lets them send no
// request that could change anything.

#ifndef LEYE_SERVICES_GATEWAY_CORS_H_
#define LEYE_SERVICES_GATEWAY_CORS_H_

#include <string>
#include <utility>
#include <vector>

#include "services/gateway/http_message.h"

namespace leye::gateway {

// Immutable, safe for concurrent use.
class Cors {
 public:
  // Origins such as "https://jobs.example.org"; "*" for all.
  explicit Cors(std::vector<std::string> allowed_origins)
      : allowed_origins_(std::move(allowed_origins)) {}

  // A browser asks whether a page may send a request.
  static bool IsPreflight(const HttpRequest& request);
  HttpAnswer Preflight(const HttpRequest& request) const;

  // What every answer to `request` carries; nothing unless its origin is allowed.
  HttpFields Headers(const HttpRequest& request) const;

 private:
  std::vector<std::string> allowed_origins_;
};

}  // namespace leye::gateway

#endif  // LEYE_SERVICES_GATEWAY_CORS_H_
