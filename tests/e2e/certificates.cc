#include "tests/e2e/certificates.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "tests/e2e/client.h"

namespace leye::e2e {
namespace {

constexpr int kDaySeconds = 86'400;

using SharedKey = std::shared_ptr<EVP_PKEY>;
using SharedCertificate = std::shared_ptr<X509>;

SharedKey NewKey() {
  SharedKey key(EVP_EC_gen("P-256"), [](EVP_PKEY* owned) { EVP_PKEY_free(owned); });
  Require(key != nullptr, "a key");
  return key;
}

void AddExtension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  Require(extension != nullptr, value);
  Require(X509_add_ext(certificate, extension, -1) == 1, value);
  X509_EXTENSION_free(extension);
}

SharedCertificate NewCertificate(EVP_PKEY* key, const std::string& name) {
  SharedCertificate made(X509_new(), [](X509* owned) { X509_free(owned); });
  Require(X509_set_version(made.get(), X509_VERSION_3) == 1, "a version");
  uint64_t serial = 0;
  Require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial)) == 1, "a number");
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial >> 1U);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -kDaySeconds);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), kDaySeconds);
  X509_set_pubkey(made.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return made;
}

template <typename Write>
std::string Pem(Write write) {
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free);
  Require(write(bio.get()) == 1, "PEM");
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<size_t>(size)};
}

std::string PemOf(X509* certificate) {
  return Pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

}  // namespace

Authority::Authority()
    : key_(NewKey()), certificate_(NewCertificate(key_.get(), "test authority")) {
  X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
  AddExtension(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(certificate_.get(), NID_key_usage, "critical,keyCertSign");
  Require(X509_sign(certificate_.get(), key_.get(), EVP_sha256()) > 0, "signed");
  pem_ = PemOf(certificate_.get());
}

Certificate Authority::Issue(const Subject& subject) const {
  const SharedKey key = NewKey();
  const SharedCertificate made = NewCertificate(key.get(), "test");
  X509_set_issuer_name(made.get(), X509_get_subject_name(certificate_.get()));
  std::vector<std::string> names;
  if (!subject.dns.empty()) names.push_back(absl::StrCat("DNS:", subject.dns));
  for (const std::string& uri : subject.uris) names.push_back(absl::StrCat("URI:", uri));
  if (!names.empty()) {
    AddExtension(made.get(), NID_subject_alt_name, absl::StrJoin(names, ","));
  }
  Require(X509_sign(made.get(), key_.get(), EVP_sha256()) > 0, "signed");
  return {.pem = PemOf(made.get()), .key_pem = Pem([&](BIO* bio) {
                                      return PEM_write_bio_PrivateKey(bio, key.get(), nullptr,
                                                                      nullptr, 0, nullptr, nullptr);
                                    })};
}

}  // namespace leye::e2e
