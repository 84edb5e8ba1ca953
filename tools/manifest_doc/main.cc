// Prints the manifest's reference: manifest_doc PROTO EXAMPLE

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "google/protobuf/compiler/importer.h"
#include "tools/manifest_doc/manifest_doc.h"

namespace {

class Errors : public google::protobuf::compiler::MultiFileErrorCollector {
 public:
  void AddError(const std::string& file, int line, int column,
                const std::string& message) override {
    std::cerr << file << ":" << line + 1 << ":" << column + 1 << ": " << message << "\n";
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: manifest_doc PROTO EXAMPLE\n";
    return 2;
  }
  google::protobuf::compiler::DiskSourceTree tree;
  tree.MapPath("", "");
  Errors errors;
  google::protobuf::compiler::Importer importer(&tree, &errors);
  const google::protobuf::FileDescriptor* schema = importer.Import(argv[1]);
  std::ifstream file(argv[2]);
  std::stringstream example;
  example << file.rdbuf();
  if (schema == nullptr || !file) {
    std::cerr << "manifest_doc: cannot read " << (schema == nullptr ? argv[1] : argv[2]) << "\n";
    return 3;
  }
  std::cout << isomason::ManifestDoc(*schema, example.str(), argv[2]);
  return std::cout.flush() ? 0 : 3;
}
