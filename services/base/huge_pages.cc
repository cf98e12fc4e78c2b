// How the programs take their memory: jemalloc reads this when it starts. The matcher's indexes are
// gigabytes that queries touch here and there; with jemalloc on pages of 2 MB instead of glibc's
// heap a query took a quarter less (tests/bench/README.md). MALLOC_CONF in the environment has the
// last word.
extern "C" {
// NOLINTBEGIN(readability-identifier-naming): jemalloc's name for it
extern const char* const malloc_conf;
const char* const malloc_conf = "thp:always,metadata_thp:auto";
// NOLINTEND(readability-identifier-naming)
}
