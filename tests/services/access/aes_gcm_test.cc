// AES-256-GCM against the published test cases of the GCM specification (McGrew and Viega).
#include "services/access/aes_gcm.h"

#include <string>

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace leye::access {
namespace {

struct Case {
  const char* key;
  const char* nonce;
  const char* bound_to;
  const char* plain;
  const char* sealed;
};

// Test cases 13, 14 and 16.
constexpr Case kCases[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "00000000000000000000000000000000",
     "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
     "76fc6ece0f4e1768cddf8853bb2d551b"},
};

TEST(AesGcm, GivesWhatTheSpecificationGives) {
  LEYE_ASSERT_OK_AND_ASSIGN(const AesGcm aes, AesGcm::Create());
  for (const Case& test : kCases) {
    const std::string key = absl::HexStringToBytes(test.key);
    const std::string nonce = absl::HexStringToBytes(test.nonce);
    const std::string bound_to = absl::HexStringToBytes(test.bound_to);
    const std::string plain = absl::HexStringToBytes(test.plain);
    const AesGcm::Lock lock{reinterpret_cast<const uint8_t*>(key.data()), nonce, bound_to};
    std::string sealed;
    ASSERT_TRUE(aes.Encrypt(lock, plain, sealed));
    EXPECT_EQ(absl::BytesToHexString(sealed), test.sealed);
    std::string opened;
    ASSERT_TRUE(aes.Decrypt(lock, sealed, opened));
    EXPECT_EQ(opened, plain);
    EXPECT_FALSE(aes.Decrypt({lock.key, nonce, bound_to + "x"}, sealed, opened));
    EXPECT_EQ(opened, "");
  }
}

TEST(AesGcm, TakesNoNonceOfAnotherLength) {
  LEYE_ASSERT_OK_AND_ASSIGN(const AesGcm aes, AesGcm::Create());
  const std::string key(32, 'k');
  std::string text;
  for (const size_t size : {0, 11, 13, 16}) {
    const std::string nonce(size, 'n');
    const AesGcm::Lock lock{reinterpret_cast<const uint8_t*>(key.data()), nonce};
    EXPECT_FALSE(aes.Encrypt(lock, "plain", text));
    EXPECT_FALSE(aes.Decrypt(lock, std::string(32, 'c'), text));
  }
}

}  // namespace
}  // namespace leye::access
