#include "services/access/keyed_sealer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/base/status.h"

namespace leye::access {

using storage::v1::Sealed;

namespace {

constexpr size_t kWrappedBytes = kNonceBytes + kKeyBytes + kTagBytes;

// Neither names nor ids hold a zero byte, so no two of these are the same text.
std::string ContentOf(absl::string_view name) {
  return absl::StrCat("leye personal part 1", absl::string_view("\0", 1), name);
}
std::string DataKeyOf(absl::string_view name, absl::string_view master_id) {
  const absl::string_view between("\0", 1);
  return absl::StrCat("leye data key 1", between, master_id, between, name);
}

absl::StatusOr<std::string> NewNonce() {
  std::string nonce(kNonceBytes, '\0');
  LEYE_RETURN_IF_ERROR(FillRandom(reinterpret_cast<uint8_t*>(nonce.data()), nonce.size()));
  return nonce;
}

absl::string_view ViewOf(const ShortKey& key) {
  return {reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size()};
}

}  // namespace

absl::StatusOr<std::unique_ptr<MasterKeySource>> MasterKeySource::Open(const Options& options,
                                                                       const Clock& clock,
                                                                       const Logger& log) {
  std::unique_ptr<MasterKeySource> source(new MasterKeySource(log));
  if (!options.file.empty()) {
    LEYE_ASSIGN_OR_RETURN(
        source->file_, Reloaded<MasterKeys>::OpenFile(options.file, LoadMasterKeyFile, clock, log));
    return source;
  }
  LEYE_ASSIGN_OR_RETURN(MasterKeys keys, RunMasterKeyCommand(options.command));
  {
    MutexLock lock(source->mutex_);
    source->said_ = std::make_shared<const MasterKeys>(std::move(keys));
  }
  MasterKeySource* const self = source.get();
  source->again_.emplace(options.command_interval,
                         [self, command = options.command] { self->RunAgain(command); });
  return source;
}

void MasterKeySource::RunAgain(const std::string& command) {
  if (std::exchange(first_round_, false)) return;  // Open has just run it.
  absl::StatusOr<MasterKeys> keys = RunMasterKeyCommand(command);
  if (!keys.ok()) {
    log_.Error("master keys are as before", {{"error", keys.status().ToString()}});
    return;
  }
  auto said = std::make_shared<const MasterKeys>(*std::move(keys));
  MutexLock lock(mutex_);
  said_ = std::move(said);
}

std::shared_ptr<const MasterKeys> MasterKeySource::Get() const {
  if (file_ != nullptr) return file_->Get();
  MutexLock lock(mutex_);
  return said_;
}

absl::StatusOr<std::unique_ptr<KeyedSealer>> KeyedSealer::Create(const MasterKeySource& keys) {
  LEYE_ASSIGN_OR_RETURN(AesGcm aes, AesGcm::Create());
  return std::unique_ptr<KeyedSealer>(new KeyedSealer(keys, std::move(aes)));
}

absl::Status KeyedSealer::SealingFailed(absl::string_view name) const {
  ++failures_.sealing;
  return Error(absl::StatusCode::kInternal, "CRYPTO_ERROR",
               absl::StrCat("OpenSSL cannot seal the personal part of ", name),
               {{"name", std::string(name)}});
}

absl::Status KeyedSealer::Seal(absl::string_view name, std::string content, Sealed& sealed) const {
  const WipeAtEnd wipe(content);
  ShortKey data_key;
  absl::StatusOr<std::string> nonce = NewNonce();
  if (!nonce.ok() || !FillRandom(data_key.bytes.data(), data_key.bytes.size()).ok()) {
    return SealingFailed(name);
  }
  if (!aes_.Encrypt({.key = data_key.bytes.data(), .nonce = *nonce, .bound_to = ContentOf(name)},
                    content, *sealed.mutable_content())) {
    return SealingFailed(name);
  }
  sealed.set_nonce(*std::move(nonce));
  return Wrap(name, keys_.Get()->active(), data_key, sealed);
}

absl::Status KeyedSealer::Wrap(absl::string_view name, const MasterKey& master,
                               const ShortKey& data_key, Sealed& sealed) const {
  LEYE_ASSIGN_OR_RETURN(std::string wrapped, NewNonce());
  std::string cipher_text;
  if (!aes_.Encrypt(
          {.key = master.wrapping.data(), .nonce = wrapped, .bound_to = DataKeyOf(name, master.id)},
          ViewOf(data_key), cipher_text)) {
    return SealingFailed(name);
  }
  sealed.set_key_id(master.id);
  sealed.set_wrapped_key(absl::StrCat(wrapped, cipher_text));
  return absl::OkStatus();
}

absl::Status KeyedSealer::Unwrap(absl::string_view name, const Sealed& sealed,
                                 ShortKey& data_key) const {
  const std::shared_ptr<const MasterKeys> keys = keys_.Get();
  const MasterKey* const master = keys->Find(sealed.key_id());
  if (master == nullptr) return KeyMissing(name, sealed.key_id());
  const absl::string_view wrapped = sealed.wrapped_key();
  if (wrapped.size() != kWrappedBytes || sealed.nonce().size() != kNonceBytes ||
      sealed.content().size() < kTagBytes) {
    return Broken(name, sealed.key_id(), "it is cut off");
  }
  std::string key;
  const WipeAtEnd wipe(key);
  if (!aes_.Decrypt({.key = master->wrapping.data(),
                     .nonce = wrapped.substr(0, kNonceBytes),
                     .bound_to = DataKeyOf(name, master->id)},
                    wrapped.substr(kNonceBytes), key)) {
    return Broken(name, sealed.key_id(),
                  absl::StrCat("its data key was changed or is another record's, or master key ",
                               master->id, " is not the one it had been"));
  }
  std::copy(key.begin(), key.end(), data_key.bytes.begin());
  return absl::OkStatus();
}

absl::StatusOr<std::string> KeyedSealer::Open(absl::string_view name, const Sealed& sealed) const {
  if (sealed.key_id().empty()) return sealed.content();
  ShortKey data_key;
  LEYE_RETURN_IF_ERROR(Unwrap(name, sealed, data_key));
  std::string content;
  if (!aes_.Decrypt(
          {.key = data_key.bytes.data(), .nonce = sealed.nonce(), .bound_to = ContentOf(name)},
          sealed.content(), content)) {
    return Broken(name, sealed.key_id(), "it was changed");
  }
  return content;
}

bool KeyedSealer::IsOutdated(const Sealed& sealed) const {
  return sealed.key_id() != keys_.Get()->active().id;
}

absl::Status KeyedSealer::Renew(absl::string_view name, Sealed& sealed) const {
  if (sealed.key_id().empty()) {
    std::string content = std::move(*sealed.mutable_content());
    return Seal(name, std::move(content), sealed);
  }
  ShortKey data_key;
  LEYE_RETURN_IF_ERROR(Unwrap(name, sealed, data_key));
  return Wrap(name, keys_.Get()->active(), data_key, sealed);
}

absl::Status KeyedSealer::Check(absl::string_view name, const Sealed& sealed) const {
  if (sealed.key_id().empty()) return absl::OkStatus();
  ShortKey data_key;
  return Unwrap(name, sealed, data_key);
}

}  // namespace leye::access
