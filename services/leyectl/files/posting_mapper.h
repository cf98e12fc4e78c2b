// Rows of a recruitment list: each a posting and the employer that offers it.

#ifndef LEYE_SERVICES_LEYECTL_FILES_POSTING_MAPPER_H_
#define LEYE_SERVICES_LEYECTL_FILES_POSTING_MAPPER_H_

#include <memory>

#include "services/leyectl/files/row_mapper.h"

namespace leye::ctl::files {

// The employer is the server's of that name, or one that is made. A place of work is found by the
// names of areas, places and counties in its address, unless the list has coordinates. A posting
// without a channel is an enterprise's job.
std::unique_ptr<RowMapper> NewPostingMapper(const Table& table, const Headers& headers,
                                            const MapperContext& context);

// The same for a posting that is no row: completes `posting` from its employer's name and the
// address of the work, and takes what the normaliser reads in its title and skills.
struct PostingText {
  std::string employer{};
  std::string address{};
  std::string skills{};
};
void CompletePosting(const MapperContext& context, const PostingText& text, MappedRow& mapped);
void ApplyToPosting(const MapperContext& context, const Phrase& phrase,
                    const v1::NormalizedPhrase& read, MappedRow& mapped);

}  // namespace leye::ctl::files

#endif  // LEYE_SERVICES_LEYECTL_FILES_POSTING_MAPPER_H_
