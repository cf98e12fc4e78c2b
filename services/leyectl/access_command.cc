// access: keys and tokens, without a server.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <CLI/App.hpp>

#include "services/access/api_keys.h"
#include "services/access/master_keys.h"
#include "services/access/tokens.h"
#include "services/base/status.h"
#include "services/leyectl/commands.h"

namespace leye::ctl {
namespace {

struct AccessFlags {
  std::string private_file;
  std::string public_file;
  std::string identity;
  int seconds = 600;
  std::string master_keys_file;
};

ExitCode FailWith(const Session& session, const absl::Status& status) {
  const bool usage = absl::IsInvalidArgument(status);
  return session.Fail(usage ? ExitCode::kUsage : ExitCode::kFile, status.message());
}

// A private key is readable to its owner alone from the first byte on; nothing is overwritten.
absl::Status WriteNewFile(const std::string& path, const std::string& text,
                          std::filesystem::perms permissions) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    return Error(absl::StatusCode::kAlreadyExists, "FILE_ERROR",
                 absl::StrCat(path, " is there already"));
  }
  std::ofstream file(path, std::ios::binary);
  std::filesystem::permissions(path, permissions, error);
  file << text << std::flush;
  if (!file || error) {
    return Error(absl::StatusCode::kUnavailable, "FILE_ERROR", absl::StrCat("cannot write ", path));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    return Error(absl::StatusCode::kNotFound, "FILE_ERROR", absl::StrCat("cannot read ", path));
  }
  return text;
}

absl::Status MakeTokenKeys(const AccessFlags& flags) {
  using std::filesystem::perms;
  LEYE_ASSIGN_OR_RETURN(const access::KeyPair pair, access::NewTokenKeys());
  LEYE_RETURN_IF_ERROR(
      WriteNewFile(flags.private_file, pair.private_pem, perms::owner_read | perms::owner_write));
  return WriteNewFile(
      flags.public_file, pair.public_pem,
      perms::owner_read | perms::owner_write | perms::group_read | perms::others_read);
}

absl::StatusOr<std::string> MakeToken(const AccessFlags& flags) {
  LEYE_ASSIGN_OR_RETURN(const std::string pem, ReadFile(flags.private_file));
  LEYE_ASSIGN_OR_RETURN(const access::TokenSigner signer, access::TokenSigner::FromPem(pem));
  const absl::Time now = absl::Now();
  return signer.Sign({.identity = flags.identity,
                      .issue_time = now,
                      .expire_time = now + absl::Seconds(flags.seconds)});
}

struct NewKey {
  std::string key;
  std::string line;  // Of the server's file.
};

absl::StatusOr<NewKey> MakeApiKey(const AccessFlags& flags) {
  NewKey made;
  LEYE_ASSIGN_OR_RETURN(made.key, access::NewApiKey());
  LEYE_ASSIGN_OR_RETURN(made.line, access::ApiKeyLine(made.key, flags.identity));
  return made;
}

void AddTokenKeys(CLI::App& group, Invocation& invocation,
                  const std::shared_ptr<AccessFlags>& flags) {
  Session& session = invocation.session;
  CLI::App* sub = group.add_subcommand(
      "new-token-keys", std::string(session.Say("Makes the keys by which tokens are signed and "
                                                "checked (leyed --token-keys-file)",
                                                "生成令牌的签名密钥与验证公钥")));
  sub->add_option("private-file", flags->private_file,
                  std::string(session.Say("New file for the private key", "私钥文件（新建）")))
      ->required();
  sub->add_option("public-file", flags->public_file,
                  std::string(session.Say("New file for the public key", "公钥文件（新建）")))
      ->required();
  sub->callback([&invocation, flags] {
    const absl::Status made = MakeTokenKeys(*flags);
    if (!made.ok()) invocation.exit_code = FailWith(invocation.session, made);
  });
}

void AddToken(CLI::App& group, Invocation& invocation, const std::shared_ptr<AccessFlags>& flags) {
  Session& session = invocation.session;
  CLI::App* sub = group.add_subcommand(
      "token", std::string(session.Say("Prints a token by which an app acts for a person",
                                       "输出应用代表某人使用的令牌")));
  sub->add_option("private-file", flags->private_file,
                  std::string(session.Say("File with the private key", "私钥文件")))
      ->required();
  sub->add_option("identity", flags->identity, "leye://app/13/ID")->required();
  sub->add_option(
         "--seconds", flags->seconds,
         std::string(session.Say("How long it is good, at most 600", "有效秒数，最多 600")))
      ->check(CLI::Range(1, 600))
      ->capture_default_str();
  sub->callback([&invocation, flags] {
    const absl::StatusOr<std::string> token = MakeToken(*flags);
    if (token.ok()) {
      invocation.session.out << *token << "\n" << std::flush;
    } else {
      invocation.exit_code = FailWith(invocation.session, token.status());
    }
  });
}

void AddApiKey(CLI::App& group, Invocation& invocation, const std::shared_ptr<AccessFlags>& flags) {
  Session& session = invocation.session;
  CLI::App* sub = group.add_subcommand(
      "new-api-key",
      std::string(session.Say("Prints a new key for a partner and, for leyed --api-keys-file, the "
                              "line that holds its hash",
                              "生成合作方的密钥，并给出 leyed --api-keys-file 中的哈希行")));
  sub->add_option("identity", flags->identity, "leye://enterprise/13/ID or leye://bureau/1307")
      ->required();
  sub->callback([&invocation, flags] {
    const absl::StatusOr<NewKey> made = MakeApiKey(*flags);
    if (made.ok()) {
      invocation.session.out << made->key << "\n" << made->line << "\n" << std::flush;
    } else {
      invocation.exit_code = FailWith(invocation.session, made.status());
    }
  });
}

void AddMasterKeyCommand(CLI::App& group, Invocation& invocation,
                         const std::shared_ptr<AccessFlags>& flags) {
  Session& session = invocation.session;
  CLI::App* sub = group.add_subcommand(
      "new-master-key",
      std::string(
          session.Say("Puts a new key before those in a file of master keys (leyed "
                      "--master-keys), which it makes when it is missing",
                      "在主密钥文件（leyed --master-keys）首行加入新密钥，文件不存在则新建")));
  sub->add_option("file", flags->master_keys_file,
                  std::string(session.Say("File of master keys", "主密钥文件")))
      ->required();
  sub->callback([&invocation, flags] {
    const absl::StatusOr<std::string> id =
        access::AddMasterKey(flags->master_keys_file, absl::Now());
    if (id.ok()) {
      invocation.session.out << *id << "\n" << std::flush;
    } else {
      invocation.exit_code = FailWith(invocation.session, id.status());
    }
  });
}

}  // namespace

void AddAccessCommands(CLI::App& app, Invocation& invocation) {
  const Session& session = invocation.session;
  const auto flags = std::make_shared<AccessFlags>();
  CLI::App* access = app.add_subcommand(
      "access", std::string(session.Say("Makes keys and tokens", "生成密钥与令牌")));
  access->require_subcommand(1);
  AddTokenKeys(*access, invocation, flags);
  AddToken(*access, invocation, flags);
  AddApiKey(*access, invocation, flags);
  AddMasterKeyCommand(*access, invocation, flags);
}

}  // namespace leye::ctl
