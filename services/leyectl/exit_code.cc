#include "services/leyectl/exit_code.h"

namespace leye::ctl {

ExitCode ExitCodeOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK:
      return ExitCode::kOk;
    case grpc::StatusCode::NOT_FOUND:
      return ExitCode::kNotFound;
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::OUT_OF_RANGE:
      return ExitCode::kInvalid;
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return ExitCode::kUnavailable;
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::ABORTED:
    case grpc::StatusCode::ALREADY_EXISTS:
      return ExitCode::kConflict;
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
      return ExitCode::kDenied;
    default:
      return ExitCode::kInternal;
  }
}

ExitCode ExitCodeOf(const grpc::Status& status) { return ExitCodeOf(status.error_code()); }

ExitCode ExitCodeOfFile(const absl::Status& status) {
  return status.ok() ? ExitCode::kOk : ExitCode::kFile;
}

std::string ExitCodeHelp(Language language) {
  return std::string(Say(language,
                         "Exit status:\n"
                         "  0  done\n"
                         "  1  internal error\n"
                         "  2  wrong use of the command line; nothing was sent\n"
                         "  3  a named resource does not exist\n"
                         "  4  the server refused the content of the request\n"
                         "  5  no server, overloaded or out of time: try again\n"
                         "  6  wrong state, stale etag, or it exists already\n"
                         "  7  imported, but some items were rejected\n"
                         "  8  not allowed\n"
                         "  9  a local file cannot be read or written\n",
                         "退出码：\n"
                         "  0  完成\n"
                         "  1  内部错误\n"
                         "  2  命令行用法不对，什么也没有发送\n"
                         "  3  所指的资源不存在\n"
                         "  4  服务端拒绝了请求的内容\n"
                         "  5  连不上、过载或超时，可重试\n"
                         "  6  状态不对、etag 已过时，或已经存在\n"
                         "  7  导入完成，但有条目被拒绝\n"
                         "  8  没有权限\n"
                         "  9  本地文件不能读写\n"));
}

}  // namespace leye::ctl
