#include "services/gateway/cors.h"

#include <algorithm>

namespace leye::gateway {

bool Cors::IsPreflight(const HttpRequest& request) {
  return request.method == "OPTIONS" && request.FindHeader("origin") != nullptr &&
         request.FindHeader("access-control-request-method") != nullptr;
}

HttpFields Cors::Headers(const HttpRequest& request) const {
  const std::string* origin = request.FindHeader("origin");
  if (origin == nullptr || allowed_origins_.empty()) return {};
  const bool allowed =
      std::any_of(allowed_origins_.begin(), allowed_origins_.end(),
                  [origin](const std::string& each) { return each == "*" || each == *origin; });
  if (!allowed) return {{"vary", "Origin"}};
  return {{"vary", "Origin"},
          {"access-control-allow-origin", *origin},
          {"access-control-expose-headers", "grpc-status, grpc-message, grpc-status-details-bin"}};
}

HttpAnswer Cors::Preflight(const HttpRequest& request) const {
  HttpAnswer answer{.status = 204, .headers = Headers(request)};
  const bool allowed = answer.headers.size() > 1;
  if (!allowed) return answer;
  answer.headers.emplace_back("access-control-allow-methods", "GET, POST");
  answer.headers.emplace_back(
      "access-control-allow-headers",
      "accept-language, authorization, connect-protocol-version, connect-timeout-ms, content-type, "
      "grpc-timeout, traceparent, tracestate, x-api-key, x-grpc-web, x-purpose, x-request-id, "
      "x-user-agent");
  answer.headers.emplace_back("access-control-max-age", "7200");
  return answer;
}

}  // namespace leye::gateway
