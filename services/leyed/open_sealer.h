// The sealer that the configuration names.
#ifndef LEYE_SERVICES_LEYED_OPEN_SEALER_H_
#define LEYE_SERVICES_LEYED_OPEN_SEALER_H_

#include <memory>
#include <utility>

#include "absl/status/statusor.h"

#include "services/access/keyed_sealer.h"
#include "services/access/sealer.h"
#include "services/base/clock.h"
#include "services/base/logging.h"
#include "services/leyed/options.h"

namespace leye {

// A sealer with its keys, or one that keeps personal parts as they are. Immutable; what it gives
// lives as long.
class OpenedSealer {
 public:
  OpenedSealer() : plain_(std::make_unique<access::PlainSealer>()) {}
  OpenedSealer(std::unique_ptr<access::MasterKeySource> keys,
               std::unique_ptr<access::KeyedSealer> keyed)
      : keys_(std::move(keys)), keyed_(std::move(keyed)) {}

  const access::Sealer& get() const {
    return keyed_ != nullptr ? static_cast<const access::Sealer&>(*keyed_) : *plain_;
  }
  // Null: there are no master keys.
  const access::KeyedSealer* keyed() const { return keyed_.get(); }

 private:
  std::unique_ptr<access::PlainSealer> plain_;
  std::unique_ptr<access::MasterKeySource> keys_;
  std::unique_ptr<access::KeyedSealer> keyed_;
};

// Tells the log once when personal data is not sealed. The errors of MasterKeySource::Open.
absl::StatusOr<OpenedSealer> OpenSealer(const LeyedOptions& options, const Clock& clock,
                                        const Logger& log);

}  // namespace leye

#endif  // LEYE_SERVICES_LEYED_OPEN_SEALER_H_
