// What proves who calls: tokens, names, and the files of keys.

#include <cstdlib>
#include <initializer_list>
#include <iostream>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include <openssl/ui.h>

#include "services/access/api_keys.h"
#include "services/access/identity.h"
#include "services/access/master_keys.h"
#include "services/access/tokens.h"
#include "tests/fuzz/target.h"
#include "tests/testing/fake_clock.h"

namespace leye::fuzz {
namespace {

// A refusal that is not one of `codes` is a fault of ours.
template <typename T>
std::string UnlessOneOf(std::initializer_list<absl::StatusCode> codes,
                        const absl::StatusOr<T>& result) {
  if (result.ok()) return "";
  for (const absl::StatusCode code : codes) {
    if (result.status().code() == code) return "";
  }
  return result.status().ToString();
}

// Input: a token. Whatever is taken must say what the one token says that was signed.
class SignedTokenTarget final : public Target {
 public:
  SignedTokenTarget() {
    const access::KeyPair pair = access::NewTokenKeys().value();
    keys_.emplace(access::TokenKeys::FromPem(pair.public_pem).value());
    signed_ = access::TokenSigner::FromPem(pair.private_pem)
                  ->Sign({.identity = "leye://app/13/li",
                          .issue_time = clock_.Now(),
                          .expire_time = clock_.Now() + absl::Minutes(5)})
                  .value();
  }

  std::string Try(absl::string_view input) override {
    const auto principal = keys_->Verify(input, clock_.Now());
    if (principal.ok() && Said(input) != Said(signed_)) return "takes what nobody signed";
    const std::string wrong = UnlessOneOf({absl::StatusCode::kUnauthenticated}, principal);
    if (!wrong.empty()) return wrong;
    return UnlessOneOf({absl::StatusCode::kInvalidArgument}, access::ParseIdentity(input));
  }

  std::vector<std::string> Seeds() const override { return {signed_}; }

  // Keys of another run signed what is in a corpus.
  std::string Mutate(absl::string_view input, Dice& dice) const override {
    return MutateText(dice.OneIn(4) ? signed_ : input, dice);
  }

 private:
  // All but the signature, of which base64 has several forms.
  static absl::string_view Said(absl::string_view token) {
    return token.substr(0, token.rfind('.'));
  }

  testing::FakeClock clock_;
  std::optional<access::TokenKeys> keys_;
  std::string signed_;
};

int FailInsteadOfAsking(UI* /*ui*/, UI_STRING* /*text*/) {
  std::cerr << "asks for a passphrase at the terminal\n";
  std::abort();
}

// Input: a file of keys, read as each of the kinds.
class KeyFileTarget final : public Target {
 public:
  KeyFileTarget() {
    static UI_METHOD* const kTerminal = UI_create_method("no terminal");
    UI_method_set_reader(kTerminal, FailInsteadOfAsking);
    UI_set_default_method(kTerminal);
  }

  std::string Try(absl::string_view input) override {
    const auto api_keys = access::ApiKeys::Parse(input);
    std::string wrong = UnlessOneOf({absl::StatusCode::kInvalidArgument}, api_keys);
    if (wrong.empty() && api_keys.ok() && api_keys->Find(input, clock_.Now()).ok()) {
      wrong = "a file of hashes is a key";
    }
    if (wrong.empty()) {
      wrong = UnlessOneOf({absl::StatusCode::kInvalidArgument}, access::MasterKeys::Parse(input));
    }
    if (wrong.empty()) {
      wrong = UnlessOneOf({absl::StatusCode::kInvalidArgument}, access::TokenKeys::FromPem(input));
    }
    if (wrong.empty()) {
      wrong =
          UnlessOneOf({absl::StatusCode::kInvalidArgument}, access::TokenSigner::FromPem(input));
    }
    return wrong;
  }

  std::vector<std::string> Seeds() const override {
    const access::KeyPair pair = access::NewTokenKeys().value();
    return {
        pair.public_pem, pair.private_pem,
        absl::StrCat(access::ApiKeyLine(access::NewApiKey().value(), "leye://bureau/13").value(),
                     " 2026-12-31\n")};
  }

 private:
  testing::FakeClock clock_;
};

}  // namespace

std::unique_ptr<Target> NewSignedTokenTarget() { return std::make_unique<SignedTokenTarget>(); }
std::unique_ptr<Target> NewKeyFileTarget() { return std::make_unique<KeyFileTarget>(); }

}  // namespace leye::fuzz
