#include "tests/bench/grpc_world.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/base/status.h"
#include "services/leyectl/sample/places.h"
#include "services/leyectl/sample/world.h"

namespace leye::bench {
namespace {

namespace sample = ctl::sample;
using google::protobuf::Message;

class Gatherer final : public sample::Sink {
 public:
  absl::Status Take(absl::string_view, const Message& resource) override {
    const bool taken = Add(resource, world_.areas) || Add(resource, world_.employers) ||
                       Add(resource, world_.households) || Add(resource, world_.candidates) ||
                       Add(resource, world_.postings);
    if (taken) return absl::OkStatus();
    return absl::InternalError(absl::StrCat("the sample has a ", resource.GetTypeName()));
  }

  GrpcWorld& world() { return world_; }

 private:
  template <typename Resource>
  static bool Add(const Message& resource, std::vector<Resource>& list) {
    const auto* typed = dynamic_cast<const Resource*>(&resource);
    if (typed != nullptr) list.push_back(*typed);
    return typed != nullptr;
  }

  GrpcWorld world_;
};

}  // namespace

absl::StatusOr<GrpcWorld> InventWorld(const GrpcWorldSize& size) {
  LEYE_ASSIGN_OR_RETURN(const sample::Places places, sample::BuiltInPlaces());
  sample::WorldOptions options;
  options.areas = size.areas;
  options.candidates = size.people;
  options.postings = size.postings;
  options.seed = size.seed;
  Gatherer gatherer;
  LEYE_RETURN_IF_ERROR(sample::GenerateWorld(options, places, gatherer));
  return std::move(gatherer.world());
}

std::string IdOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

}  // namespace leye::bench
