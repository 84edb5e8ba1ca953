// -----------------------------------------------------------------------------
// File: layout/record/encoding.h
// -----------------------------------------------------------------------------
//
// How the fields of on-disk records are encoded. An encoding has a Value, a width
// in bytes, Put() which fills all of its bytes and cannot fail, and Get() which
// refuses bytes that Put() could not have made.
//
//   Both<uint32_t>::Put(16, out);     // 10 00 00 00 00 00 00 10
//
#ifndef ISOMASON_LAYOUT_RECORD_ENCODING_H_
#define ISOMASON_LAYOUT_RECORD_ENCODING_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

namespace isomason {

using ByteSpan = absl::Span<uint8_t>;
using ConstByteSpan = absl::Span<const uint8_t>;

template <typename T>
struct Little {
  using Value = T;
  static constexpr int kWidth = sizeof(T);
  static void Put(T v, ByteSpan out) {
    for (size_t i = 0; i < sizeof(T); ++i) out[i] = static_cast<uint8_t>(uint64_t{v} >> (8 * i));
  }
  static absl::StatusOr<T> Get(ConstByteSpan in) {
    uint64_t v = 0;
    for (size_t i = 0; i < sizeof(T); ++i) v |= uint64_t{in[i]} << (8 * i);
    return static_cast<T>(v);
  }
};

template <typename T>
struct Big {
  using Value = T;
  static constexpr int kWidth = sizeof(T);
  static void Put(T v, ByteSpan out) {
    for (size_t i = 0; i < sizeof(T); ++i) {
      out[sizeof(T) - 1 - i] = static_cast<uint8_t>(uint64_t{v} >> (8 * i));
    }
  }
  static absl::StatusOr<T> Get(ConstByteSpan in) {
    uint64_t v = 0;
    for (size_t i = 0; i < sizeof(T); ++i) v = v << 8 | in[i];
    return static_cast<T>(v);
  }
};

// The ISO 9660 habit of writing a number twice (ECMA-119 7.2.3 and 7.3.3).
template <typename T>
struct Both {
  using Value = T;
  static constexpr int kWidth = 2 * sizeof(T);
  static void Put(T v, ByteSpan out) {
    Little<T>::Put(v, out.first(sizeof(T)));
    Big<T>::Put(v, out.subspan(sizeof(T)));
  }
  static absl::StatusOr<T> Get(ConstByteSpan in) {
    const T little = *Little<T>::Get(in.first(sizeof(T)));
    const T big = *Big<T>::Get(in.subspan(sizeof(T)));
    if (little == big) return little;
    return absl::DataLossError(
        absl::StrCat("the little-endian half says ", little, ", the big-endian half says ", big));
  }
};

// N bytes that mean something elsewhere: padded text, dates, identifiers.
template <size_t N>
struct Raw {
  using Value = std::array<uint8_t, N>;
  static constexpr int kWidth = N;
  static void Put(const Value& v, ByteSpan out) { std::copy(v.begin(), v.end(), out.begin()); }
  static absl::StatusOr<Value> Get(ConstByteSpan in) {
    Value v;
    std::copy(in.begin(), in.end(), v.begin());
    return v;
  }
};

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_RECORD_ENCODING_H_
