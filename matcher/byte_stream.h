// Numbers as bytes: seven bits a byte, small numbers short (LEB128), for records that are read
// whole.
//
//   ByteWriter writer;  writer.Put(300);        ByteReader reader(bytes);  reader.Get() == 300;
#ifndef LEYE_MATCHER_BYTE_STREAM_H_
#define LEYE_MATCHER_BYTE_STREAM_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace leye::matcher {

class ByteWriter {
 public:
  // A number takes no more bytes.
  static constexpr size_t kMostBytes = 10;

  void Put(uint64_t value) {
    while (value >= kMore) {
      bytes_.push_back(static_cast<uint8_t>(value) | kMore);
      value >>= 7;
    }
    bytes_.push_back(static_cast<uint8_t>(value));
  }
  // The same for up to `most` numbers at once, which is faster: write(put) calls put(number).
  template <typename Write>
  void PutMany(size_t most, const Write& write) {
    const size_t size = bytes_.size();
    bytes_.resize(size + most * kMostBytes);
    uint8_t* at = bytes_.data() + size;
    write([&at](uint64_t value) {
      for (; value >= kMore; value >>= 7) *at++ = static_cast<uint8_t>(value) | kMore;
      *at++ = static_cast<uint8_t>(value);
    });
    bytes_.resize(static_cast<size_t>(at - bytes_.data()));
  }
  // Numbers of either sign.
  void PutSigned(int64_t value) {
    Put((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
  }
  // Numbers with few digits are short: their bits are turned round, the low ones are zero.
  void PutDouble(double value) {
    const auto bits = std::bit_cast<uint64_t>(value);
    Put(std::rotl(bits, 12));
  }

  // Makes room for so many bytes.
  void Reserve(size_t bytes) { bytes_.reserve(bytes); }

  const std::vector<uint8_t>& bytes() const { return bytes_; }

 private:
  static constexpr uint8_t kMore = 0x80;

  std::vector<uint8_t> bytes_;
};

// REQUIRES: what a ByteWriter wrote, read in the same order.
class ByteReader {
 public:
  explicit ByteReader(const uint8_t* bytes) : at_(bytes) {}

  uint64_t Get() {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const uint8_t byte = *at_++;
      value |= uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
  }
  template <typename T>
  T GetAs() {
    return static_cast<T>(Get());
  }
  int64_t GetSigned() {
    const uint64_t value = Get();
    return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
  }
  double GetDouble() { return std::bit_cast<double>(std::rotr(Get(), 12)); }

 private:
  const uint8_t* at_;
};

}  // namespace leye::matcher

#endif  // LEYE_MATCHER_BYTE_STREAM_H_
