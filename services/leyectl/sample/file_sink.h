// Writes a generated world into a folder, a file a collection, as `leyectl import` reads them.

#ifndef LEYE_SERVICES_LEYECTL_SAMPLE_FILE_SINK_H_
#define LEYE_SERVICES_LEYECTL_SAMPLE_FILE_SINK_H_

#include <cstdint>
#include <fstream>
#include <map>
#include <string>

#include "services/leyectl/record_reader.h"
#include "services/leyectl/sample/world.h"

namespace leye::ctl::sample {

// Thread-compatible.
class FileSink final : public Sink {
 public:
  // Writes to `folder`, which exists. REQUIRES: format is not kByName.
  FileSink(std::string folder, RecordFormat format) : folder_(std::move(folder)), format_(format) {}

  absl::Status Take(absl::string_view collection,
                    const google::protobuf::Message& resource) override;

  // Ends the last file. UNAVAILABLE when something could not be written.
  absl::Status Close();

  // How many of each collection.
  const std::map<std::string, int64_t>& counts() const { return counts_; }

 private:
  absl::Status Open(const std::string& collection);

  const std::string folder_;
  const RecordFormat format_;
  std::string open_;  // The collection whose file is open.
  std::ofstream file_;
  std::string buffer_;
  std::map<std::string, int64_t> counts_;
};

}  // namespace leye::ctl::sample

#endif  // LEYE_SERVICES_LEYECTL_SAMPLE_FILE_SINK_H_
