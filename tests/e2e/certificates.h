// Certificates for tests: an authority, and what it vouches for.
//
//   const Authority authority;
//   const Certificate server = authority.Issue({.dns = "localhost"});
//   const Certificate clerk = authority.Issue({.uris = {"leye://bureau/130723"}});

#ifndef LEYE_TESTS_E2E_CERTIFICATES_H_
#define LEYE_TESTS_E2E_CERTIFICATES_H_

#include <memory>
#include <string>
#include <vector>

struct x509_st;      // OpenSSL's X509.
struct evp_pkey_st;  // OpenSSL's EVP_PKEY.

namespace leye::e2e {

// As PEM.
struct Certificate {
  std::string pem;
  std::string key_pem;
};

struct Subject {
  std::string dns = {};
  std::vector<std::string> uris = {};
};

// A self-signed authority with a key of its own, good for a day. Aborts when OpenSSL fails.
// Immutable.
class Authority {
 public:
  Authority();

  const std::string& pem() const { return pem_; }
  Certificate Issue(const Subject& subject) const;

 private:
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<x509_st> certificate_;
  std::string pem_;
};

}  // namespace leye::e2e

#endif  // LEYE_TESTS_E2E_CERTIFICATES_H_
