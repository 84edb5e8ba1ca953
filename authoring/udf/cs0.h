// -----------------------------------------------------------------------------
// File: authoring/udf/cs0.h
// -----------------------------------------------------------------------------
//
// Text in UDF is OSTA compressed Unicode (OSTA UDF 2.1.1): a compression id, 8 or
// 16, and then one byte or two big-endian bytes a character. 8 is for characters
// below 256, so it is Latin-1 and not UTF-8. A character beyond 0xFFFF is a
// surrogate pair.
//
//   EncodeCs0("boot")     // 08 62 6F 6F 74
//   EncodeCs0("Grüße")    // 08 47 72 FC DF 65
//   EncodeCs0("日本")     // 10 65 E5 67 2C
//
#ifndef ISOMASON_AUTHORING_UDF_CS0_H_
#define ISOMASON_AUTHORING_UDF_CS0_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "layout/record/encoding.h"

namespace isomason::udf {

// Appends the compression id and the characters of `utf8`, and nothing for an empty
// text. InvalidArgument, with `out` as it was, when it is not UTF-8.
absl::Status AppendCs0(absl::string_view utf8, std::string& out);

// The same as a string of its own.
absl::StatusOr<std::string> EncodeCs0(absl::string_view utf8);

// Returns at most `limit` bytes of `cs0`, whole characters only.
std::string CutCs0(std::string cs0, size_t limit);

// Text in a field of N bytes (ECMA-167 1/7.2.12): at most N - 1 bytes, compression
// id included, zeros behind them, and their number in the last byte. A field of
// zeros is the empty text. The value is what EncodeCs0() returns.
template <size_t N>
struct DString {
  using Value = std::string;
  static constexpr int kWidth = N;
  static constexpr size_t kLimit = N - 1;

  // `v` is at most kLimit bytes.
  static void Put(const Value& v, ByteSpan out) {
    std::copy(v.begin(), v.end(), out.begin());
    out[N - 1] = static_cast<uint8_t>(v.size());
  }
  static absl::StatusOr<Value> Get(ConstByteSpan in) {
    const size_t size = in[N - 1];
    if (size > kLimit) {
      return absl::DataLossError(absl::StrCat("says ", size, " bytes, the field holds ", kLimit));
    }
    if (size != 0 && in[0] != 8 && in[0] != 16) {
      return absl::DataLossError(absl::StrCat("compression id is ", in[0], ", expected 8 or 16"));
    }
    if (std::any_of(in.begin() + size, in.end() - 1, [](uint8_t b) { return b != 0; })) {
      return absl::DataLossError(absl::StrCat("is not zero behind its ", size, " bytes"));
    }
    return Value(in.begin(), in.begin() + size);
  }
};

}  // namespace isomason::udf

#endif  // ISOMASON_AUTHORING_UDF_CS0_H_
