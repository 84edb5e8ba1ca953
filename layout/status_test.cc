#include "layout/status.h"

#include <cerrno>
#include <memory>

#include "gtest/gtest.h"

namespace isomason {
namespace {

TEST(StatusTest, AnnotatePutsThePlaceBeforeTheMessage) {
  const absl::Status status = absl::OutOfRangeError("needs 300 bytes, holds 254");
  const absl::Status once = Annotate(status, "in directory /boot");
  EXPECT_EQ(once, absl::OutOfRangeError("in directory /boot: needs 300 bytes, holds 254"));
  EXPECT_EQ(Annotate(once, "joliet"),
            absl::OutOfRangeError("joliet: in directory /boot: needs 300 bytes, holds 254"));
}

TEST(StatusTest, AnnotateLeavesOkAlone) {
  EXPECT_EQ(Annotate(absl::OkStatus(), "in directory /"), absl::OkStatus());
}

TEST(StatusTest, SystemErrorsAreSortedByWhatTheCallerCanDo) {
  const struct {
    int error;
    absl::StatusCode code;
    absl::string_view message;
  } kCases[] = {
      {ENOENT, absl::StatusCode::kNotFound, "cannot open a: No such file or directory"},
      {ENOTDIR, absl::StatusCode::kNotFound, "cannot open a: Not a directory"},
      {EACCES, absl::StatusCode::kPermissionDenied, "cannot open a: Permission denied"},
      {EPERM, absl::StatusCode::kPermissionDenied, "cannot open a: Operation not permitted"},
      {ENOSPC, absl::StatusCode::kResourceExhausted, "cannot open a: No space left on device"},
      {EDQUOT, absl::StatusCode::kResourceExhausted, "cannot open a: Disk quota exceeded"},
      {EFBIG, absl::StatusCode::kResourceExhausted, "cannot open a: File too large"},
      {EIO, absl::StatusCode::kUnavailable, "cannot open a: Input/output error"},
      {EMFILE, absl::StatusCode::kUnavailable, "cannot open a: Too many open files"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(SystemError(c.error, "cannot open a"), absl::Status(c.code, c.message));
  }
}

absl::Status Fail(int* calls) {
  ++*calls;
  return absl::InternalError("failed");
}

TEST(StatusTest, ReturnIfErrorEvaluatesOnceAndReturns) {
  int calls = 0;
  bool reached = false;
  const auto run = [&]() -> absl::Status {
    RETURN_IF_ERROR(absl::OkStatus());
    RETURN_IF_ERROR(Fail(&calls));
    reached = true;
    return absl::OkStatus();
  };
  EXPECT_EQ(run(), absl::InternalError("failed"));
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(reached);
}

TEST(StatusTest, ReturnIfErrorStandsInsideALambdaInsideItself) {
  int calls = 0;
  const auto run = [&]() -> absl::Status {
    RETURN_IF_ERROR([&]() -> absl::Status {
      RETURN_IF_ERROR(Fail(&calls));
      return absl::OkStatus();
    }());
    return absl::OkStatus();
  };
  EXPECT_EQ(run(), absl::InternalError("failed"));
}

TEST(StatusTest, AssignOrReturnMovesTheValueOrReturnsTheError) {
  const auto run = [](absl::StatusOr<std::unique_ptr<int>> in,
                      absl::StatusOr<int> other) -> absl::StatusOr<int> {
    ASSIGN_OR_RETURN(const std::unique_ptr<int> value, std::move(in));
    int sum = 0;
    ASSIGN_OR_RETURN(sum, other);
    return sum + *value;
  };
  EXPECT_EQ(*run(std::make_unique<int>(3), 4), 7);
  EXPECT_EQ(run(absl::NotFoundError("first"), 4).status(), absl::NotFoundError("first"));
  EXPECT_EQ(run(std::make_unique<int>(3), absl::DataLossError("second")).status(),
            absl::DataLossError("second"));
}

}  // namespace
}  // namespace isomason
