// The normaliser of phrases: how fast it reads, and how right it is.
#ifndef LEYE_TESTS_BENCH_NORMALIZE_COMMAND_H_
#define LEYE_TESTS_BENCH_NORMALIZE_COMMAND_H_

#include <string>

namespace leye::bench {

struct NormalizeOptions {
  std::string phrases;    // File with a phrase a line; what follows a tab is passed over.
  std::string catalogue;  // Folder of tables; empty: those compiled in.
  bool notices = false;   // Each is read as a whole notice.
  int rounds = 20;        // Times the file is read; the median round counts.
  bool json = false;
};

struct EvaluateOptions {
  std::string labelled;   // File with lines of phrase, tab, code; a header line is passed over.
  std::string catalogue;  // As above.
  std::string part;       // "even" or "odd": only phrases whose first character has such a code.
  std::string errors;     // File for what was answered otherwise than labelled; empty: none.
  int errors_from = 60;   // The confidence, percent, from which answers go there.
};

// Both print to standard output and return the program's exit status.
int RunNormalize(const NormalizeOptions& options);
int RunEvaluate(const EvaluateOptions& options);

}  // namespace leye::bench

#endif  // LEYE_TESTS_BENCH_NORMALIZE_COMMAND_H_
