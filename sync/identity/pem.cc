#include "sync/identity/pem.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "sync/base/check.h"
#include "sync/identity/openssl_util.h"

namespace branchline::identity_internal {
namespace {

// What PEM_read_bio() hands out; freed, and wiped, with this.
struct Block {
  Block() = default;
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() {
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, static_cast<size_t>(size));
  }

  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
};

enum class Next { kBlock, kEnd, kDamaged };

Next ReadBlock(BIO* in, Block* block) {
  if (PEM_read_bio(in, &block->name, &block->header, &block->data,
                   &block->size) == 1) {
    return Next::kBlock;
  }
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  return ERR_GET_REASON(code) == PEM_R_NO_START_LINE ? Next::kEnd
                                                     : Next::kDamaged;
}

absl::Status Refuse(absl::string_view what, absl::string_view reason) {
  return absl::InvalidArgumentError(
      absl::StrCat("reading ", what, ": ", reason));
}

absl::Status CheckKind(const Block& block, absl::string_view label,
                       absl::string_view what) {
  const absl::string_view name = block.name;
  if (name == "ENCRYPTED PRIVATE KEY" || block.header[0] != '\0') {
    return Refuse(what, "it is encrypted, want it without a passphrase");
  }
  if (name != label) {
    return Refuse(what,
                  absl::StrCat("found a PEM block \"", absl::CHexEscape(name),
                               "\", want \"", label, "\""));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> DecodePem(absl::string_view pem,
                                      absl::string_view label,
                                      absl::string_view what) {
  if (pem.size() > kPemSizeMax) {
    return Refuse(what, absl::StrCat("it has ", pem.size(),
                                     " bytes, want at most ", kPemSizeMax));
  }
  const UniqueBio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  BL_CHECK(in != nullptr, "out of memory for a PEM reader");
  Block block;
  switch (ReadBlock(in.get(), &block)) {
    case Next::kBlock:
      break;
    case Next::kEnd:
      return Refuse(
          what, absl::StrCat("no PEM block, want -----BEGIN ", label, "-----"));
    case Next::kDamaged:
      return Refuse(what, "its PEM block is damaged or cut off");
  }
  if (absl::Status kind = CheckKind(block, label, what); !kind.ok()) {
    return kind;
  }
  Block second;
  if (ReadBlock(in.get(), &second) != Next::kEnd) {
    return Refuse(what, "more follows after the first PEM block, want one");
  }
  return std::string(reinterpret_cast<const char*>(block.data),
                     static_cast<size_t>(block.size));
}

std::string EncodePem(absl::string_view der, absl::string_view label) {
  const UniqueBio out(BIO_new(BIO_s_secmem()));
  BL_CHECK(out != nullptr, "out of memory for a PEM writer");
  const int written =
      PEM_write_bio(out.get(), std::string(label).c_str(), "",
                    UnsignedData(der), static_cast<long>(der.size()));
  BL_CHECK(written > 0, "out of memory for PEM text");
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<size_t>(size));
}

void WipeSecret(std::string& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

}  // namespace branchline::identity_internal
