# Writes the tables of deploy/catalogue as a C++ source, for a server that needs no files:
#   cmake -DDIRECTORY=<tables> -DOUTPUT=<file.cc> -P embed_catalogue.cmake
# As numbers: a string literal may have 65,536 characters only.
set(source "// Made by embed_catalogue.cmake.\n#include \"services/app/catalogue.h\"\n\n")
string(APPEND source "namespace leye::app {\nnamespace {\n")
foreach(table IN ITEMS trades skills relations titles words)
  file(READ ${DIRECTORY}/${table}.tsv hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(APPEND source "\nconstexpr unsigned char k_${table}[] = {${bytes}};\n")
endforeach()
string(APPEND source [[

template <size_t kSize>
std::string Text(const unsigned char (&bytes)[kSize]) {
  return std::string(reinterpret_cast<const char*>(bytes), kSize);
}

}  // namespace

CatalogueTables BuiltInTables() {
  return {Text(k_trades), Text(k_skills), Text(k_relations), Text(k_titles), Text(k_words)};
}

}  // namespace leye::app
]])
file(WRITE ${OUTPUT} "${source}")
