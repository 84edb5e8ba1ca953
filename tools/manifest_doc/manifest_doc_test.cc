#include "tools/manifest_doc/manifest_doc.h"

#include <string>

#include "google/protobuf/compiler/parser.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

TEST(ManifestDocTest, TurnsCommentsIntoAPage) {
  constexpr absl::string_view kSchema = R"(// What it is for.
//
// And a second paragraph.

// proto-file: for editors

syntax = "proto3";
package p;

// A disc.
message Disc {
  // The label:
  //   indented.
  string id = 1;

  // Of both.
  optional uint32 owner = 2;
  optional uint32 group = 3;
  uint32 other = 4;

  Kind kind = 5;

  oneof what {
    // Text.
    string text = 6;
    // Parts.
    Part part = 7;
  }
  // More.
  repeated Part parts = 8;
}

// Kinds.
enum Kind {
  KIND_DEFAULT = 0;
  // One.
  ONE = 1;
}

message Part {}
)";
  google::protobuf::io::ArrayInputStream stream(kSchema.data(), static_cast<int>(kSchema.size()));
  google::protobuf::io::Tokenizer tokenizer(&stream, nullptr);
  google::protobuf::FileDescriptorProto proto;
  ASSERT_TRUE(google::protobuf::compiler::Parser().Parse(&tokenizer, &proto));
  proto.set_name("disc.proto");
  google::protobuf::DescriptorPool pool;
  const google::protobuf::FileDescriptor* schema = pool.BuildFile(proto);
  ASSERT_NE(schema, nullptr);

  EXPECT_EQ(ManifestDoc(*schema, "id: \"X\"\n", "dir/x.textproto"),
            R"(<!-- Made by tools/manifest_doc from the comments in disc.proto. Edit those. -->

# The manifest

What it is for.

And a second paragraph.

## An example

This is `dir/x.textproto`.

```textproto
id: "X"
```

## Contents

- [Disc](#disc)
- [Kind](#kind)
- [Part](#part)

## Disc

A disc.

- **`id`** (string):
  The label:
    indented.

- **`owner`**, **`group`** (optional uint32):
  Of both.

- **`other`** (uint32)

- **`kind`** ([Kind](#kind))

Exactly one of these:

- **`text`** (string):
  Text.

- **`part`** ([Part](#part)):
  Parts.

And beside them:

- **`parts`** (repeated [Part](#part)):
  More.

## Kind

Kinds.

- **`KIND_DEFAULT`**:
  Not set.

- **`ONE`**:
  One.

## Part
)");
}

}  // namespace
}  // namespace isomason
