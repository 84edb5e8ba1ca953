// -----------------------------------------------------------------------------
// File: layout/record/record.h
// -----------------------------------------------------------------------------
//
// A record is a run of bytes whose shape a standard fixes. Its table says, once,
// where each field lies and how it is encoded; Encode(), Decode() and Describe()
// all walk that table, so a writer, a verifier and a dump cannot drift apart. Byte
// positions are the standard's own, both ends included: ECMA-119 counts from 1,
// ECMA-167 and UEFI from 0 (the table says which). A table can therefore be checked
// against the printed page by eye, and the compiler checks that it covers the
// record without gap or overlap.
//
//   ECMA-119 8.4.8  Volume Space Size (BP 81 to 88)   <- the page
//   Field<Both<uint32_t>>("volume space size", 81, 88, &PrimaryDescriptor::space_size)
//
//   inline constexpr auto kPathTableRecord = MakeTable<PathTableRecord, 8>(
//       "path table record", "ECMA-119 9.4", Counts::kFromOne, Field<...>(...), ...);
//   static_assert(kPathTableRecord.Tiles());
//
#ifndef ISOMASON_LAYOUT_RECORD_RECORD_H_
#define ISOMASON_LAYOUT_RECORD_RECORD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "layout/record/encoding.h"

namespace isomason {

// --- Table entries -----------------------------------------------------------

// A field with a value of the caller's.
template <typename Codec, typename R>
struct FieldEntry {
  absl::string_view name;
  int first, last;
  typename Codec::Value R::*member;

  static constexpr int kWidth = Codec::kWidth;
  void Put(const R& r, ByteSpan out) const { Codec::Put(r.*member, out); }
  absl::Status Get(ConstByteSpan in, R* r) const {
    auto v = Codec::Get(in);
    if (v.ok()) r->*member = *v;
    return v.status();
  }
};
template <typename Codec, typename R>
constexpr FieldEntry<Codec, R> Field(absl::string_view name, int first, int last,
                                     typename Codec::Value R::*member) {
  return {name, first, last, member};
}

// Bytes that the standard fixes; Decode() refuses anything else.
struct FixedEntry {
  absl::string_view name;
  int first, last;
  absl::string_view bytes;  // shorter than the field: zeros follow

  static constexpr int kWidth = 0;  // any
  uint8_t At(size_t i) const { return i < bytes.size() ? static_cast<uint8_t>(bytes[i]) : 0; }
  template <typename R>
  void Put(const R&, ByteSpan out) const {
    for (size_t i = 0; i < out.size(); ++i) out[i] = At(i);
  }
  template <typename R>
  absl::Status Get(ConstByteSpan in, R*) const {
    for (size_t i = 0; i < in.size(); ++i) {
      if (in[i] == At(i)) continue;
      return absl::DataLossError(absl::StrCat("byte ", first + static_cast<int>(i), " is 0x",
                                              absl::Hex(in[i]), ", the standard fixes 0x",
                                              absl::Hex(At(i))));
    }
    return absl::OkStatus();
  }
};
constexpr FixedEntry Fixed(absl::string_view name, int first, int last, absl::string_view bytes) {
  return {name, first, last, bytes};
}
constexpr FixedEntry Zeros(absl::string_view name, int first, int last) {
  return {name, first, last, ""};
}

// A checksum over the record, taken with its own bytes zero. Encode() fills these
// from the last to the first, the order that UDF tags and GPT headers need.
template <typename Codec>
struct SumEntry {
  absl::string_view name;
  int first, last;
  typename Codec::Value (*compute)(ConstByteSpan record);
  static constexpr int kWidth = Codec::kWidth;
};
template <typename Codec>
constexpr SumEntry<Codec> Sum(absl::string_view name, int first, int last,
                              typename Codec::Value (*compute)(ConstByteSpan)) {
  return {name, first, last, compute};
}

// --- Tables ------------------------------------------------------------------

// The number that a standard gives the first byte of a record.
enum class Counts { kFromZero = 0, kFromOne = 1 };

template <typename R, int kSize, typename... Entries>
struct Table {
  using Record = R;
  static constexpr int kBytes = kSize;

  absl::string_view name;    // "directory record"
  absl::string_view clause;  // "ECMA-119 9.1"
  Counts counts;
  std::tuple<Entries...> entries;

  constexpr int base() const { return static_cast<int>(counts); }

  // Whether the entries cover the record once each, at their codec's width.
  constexpr bool Tiles() const {
    return std::apply(
        [this](const auto&... e) {
          int next = base();
          bool ok = true;
          ((ok = ok && e.first == next && (e.kWidth == 0 || e.kWidth == e.last - e.first + 1),
            next = e.last + 1),
           ...);
          return ok && next == base() + kSize;
        },
        entries);
  }
};
template <typename R, int kSize, typename... Entries>
constexpr Table<R, kSize, Entries...> MakeTable(absl::string_view name, absl::string_view clause,
                                                Counts counts, Entries... entries) {
  return {name, clause, counts, std::make_tuple(entries...)};
}

namespace record_internal {

template <typename E, typename Span>
Span Slice(const E& e, int base, Span record) {
  return record.subspan(e.first - base, e.last - e.first + 1);
}

template <typename T, typename E>
absl::Status Where(const absl::Status& s, const T& table, const E& e) {
  if (s.ok()) return s;
  return absl::Status(s.code(), absl::StrCat(table.name, " (", table.clause, "), ", e.name,
                                             ", bytes ", e.first, "-", e.last, ": ", s.message()));
}

template <typename R, typename E>
void PutOne(const E& e, int base, const R& r, ByteSpan record) {
  e.Put(r, Slice(e, base, record));
}
template <typename R, typename C>
void PutOne(const SumEntry<C>&, int, const R&, ByteSpan) {}

template <typename E>
void SumOne(const E&, int, ByteSpan) {}
template <typename C>
void SumOne(const SumEntry<C>& e, int base, ByteSpan record) {
  C::Put(e.compute(record), Slice(e, base, record));
}

template <typename R, typename E>
absl::Status GetOne(const E& e, int base, ConstByteSpan record, R* r) {
  return e.Get(Slice(e, base, record), r);
}
template <typename R, typename C>
absl::Status GetOne(const SumEntry<C>& e, int base, ConstByteSpan record, R*) {
  std::string copy(record.begin(), record.end());
  const size_t width = e.last - e.first + 1;
  copy.replace(e.first - base, width, width, '\0');
  const auto want =
      e.compute(ConstByteSpan(reinterpret_cast<const uint8_t*>(copy.data()), copy.size()));
  const auto got = *C::Get(Slice(e, base, record));
  if (got == want) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("is ", got, ", the record's bytes give ", want));
}

}  // namespace record_internal

// Fills `record`, kSize bytes that are zero, with the bytes of `r`. The span may go
// on behind the record (a UDF descriptor's tag sums over what follows it).
template <typename R, int kSize, typename... Es>
void EncodeTo(const Table<R, kSize, Es...>& table, const R& r, ByteSpan record) {
  namespace in = record_internal;
  std::apply([&](const auto&... e) { (in::PutOne(e, table.base(), r, record), ...); },
             table.entries);
  // Right-to-left fold over the entries: last sum first.
  std::apply(
      [&](const auto&... e) {
        int unused = 0;
        ((in::SumOne(e, table.base(), record), unused) = ... = 0);
      },
      table.entries);
}

// Returns the bytes of `r`.
template <typename R, int kSize, typename... Es>
std::array<uint8_t, kSize> Encode(const Table<R, kSize, Es...>& table, const R& r) {
  std::array<uint8_t, kSize> record{};
  EncodeTo(table, r, ByteSpan(record.data(), record.size()));
  return record;
}

// Appends the bytes of `r` to `out`.
template <typename R, int kSize, typename... Es>
void Append(const Table<R, kSize, Es...>& table, const R& r, std::string& out) {
  const size_t at = out.size();
  out.resize(at + kSize);
  EncodeTo(table, r, ByteSpan(reinterpret_cast<uint8_t*>(out.data()) + at, kSize));
}

// Reads a record back, checking every byte that the table knows a rule for.
template <typename R, int kSize, typename... Es>
absl::StatusOr<R> Decode(const Table<R, kSize, Es...>& table, ConstByteSpan record) {
  namespace in = record_internal;
  if (record.size() != kSize) {
    return absl::DataLossError(absl::StrCat(table.name, " (", table.clause, "): ", record.size(),
                                            " bytes, expected ", kSize));
  }
  R r;
  absl::Status status;
  std::apply(
      [&](const auto&... e) {
        (status.Update(in::Where(in::GetOne(e, table.base(), record, &r), table, e)), ...);
      },
      table.entries);
  if (!status.ok()) return status;
  return r;
}

// One line per entry: position, raw bytes and name.
template <typename R, int kSize, typename... Es>
std::string Describe(const Table<R, kSize, Es...>& table, ConstByteSpan record) {
  std::string out = absl::StrCat(table.name, "  (", table.clause, ")\n");
  auto line = [&](absl::string_view name, int first, int last) {
    const ConstByteSpan raw = record.subspan(first - table.base(), last - first + 1);
    const absl::string_view text(reinterpret_cast<const char*>(raw.data()), raw.size());
    absl::StrAppend(&out, "  ", absl::Dec(first, absl::kSpacePad4), "-",
                    absl::Dec(last, absl::kSpacePad4), "  ", absl::BytesToHexString(text), "  ",
                    name, "\n");
  };
  std::apply([&](const auto&... e) { (line(e.name, e.first, e.last), ...); }, table.entries);
  return out;
}

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_RECORD_RECORD_H_
