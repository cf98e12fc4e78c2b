#include "tests/e2e/callers.h"

#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "services/access/api_keys.h"

namespace leye::e2e {

void WriteFile(const std::string& path, absl::string_view text) {
  const std::string beside = path + ".new";
  {
    std::ofstream file(beside, std::ios::binary);
    file << text << std::flush;
    Require(file.good(), beside);
  }
  std::filesystem::rename(beside, path);
}

Callers::Callers() {
  std::string lines;
  for (const char* identity :
       {"leye://bureau/13", "leye://bureau/130723", "leye://bureau/130802", "leye://bureau/44",
        "leye://enterprise/13/garment", "leye://enterprise/13/other"}) {
    const std::string key = access::NewApiKey().value();
    absl::StrAppend(&lines, access::ApiKeyLine(key, identity).value(), "\n");
    keys_[identity] = key;
  }
  WriteFile(key_file(), lines);
  const access::KeyPair pair = access::NewTokenKeys().value();
  WriteFile(token_key_file(), pair.public_pem);
  const Certificate server = authority_.Issue({.dns = "localhost"});
  WriteFile(folder_.File("ca.pem"), authority_.pem());
  WriteFile(folder_.File("server.pem"), server.pem);
  WriteFile(folder_.File("server-key.pem"), server.key_pem);
  signer_ =
      std::make_unique<access::TokenSigner>(access::TokenSigner::FromPem(pair.private_pem).value());
}

LeyedOptions Callers::Options() const {
  LeyedOptions options;
  options.tls_certificate_file = folder_.File("server.pem");
  options.tls_key_file = folder_.File("server-key.pem");
  options.client_ca_file = folder_.File("ca.pem");
  options.api_keys_file = key_file();
  options.token_keys_file = token_key_file();
  return options;
}

Headers Callers::HeadersOf(absl::string_view identity) const {
  if (identity.empty()) return {};
  if (absl::StartsWith(identity, "leye://app/")) {
    const absl::Time now = absl::Now();
    const std::string token = signer_
                                  ->Sign({.identity = std::string(identity),
                                          .issue_time = now,
                                          .expire_time = now + access::kLongestToken})
                                  .value();
    return {{"authorization", absl::StrCat("Bearer ", token)}};
  }
  const auto key = keys_.find(identity);
  Require(key != keys_.end(), absl::StrCat(std::string(identity), " has no key"));
  return {{"x-api-key", key->second}};
}

std::shared_ptr<grpc::Channel> Callers::Connect(const std::string& address,
                                                absl::string_view identity) const {
  Certificate own;
  if (!identity.empty()) own = authority_.Issue({.uris = {std::string(identity)}});
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt("grpc.enable_http_proxy", 0);
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetSslTargetNameOverride("localhost");
  return grpc::CreateCustomChannel(
      address, grpc::SslCredentials({authority_.pem(), own.key_pem, own.pem}), arguments);
}

Client Callers::Of(absl::string_view identity, const std::string& address) const {
  if (identity == "leye://operator" || identity == "leye://auditor") {
    return Client(Connect(address, identity));
  }
  return Client(Connect(address), HeadersOf(identity));
}

}  // namespace leye::e2e
