#include "edge/enrol/renewal.h"

#include "sync/base/status_macros.h"
#include "sync/identity/certificate.h"
#include "sync/identity/certificate_request.h"
#include "sync/rpc/enrol_client.h"

namespace branchline {

absl::StatusOr<absl::Time> CertificateExpiry(const EdgeHome& home) {
  BL_ASSIGN_OR_RETURN(const TlsFiles files, home.LoadTls());
  BL_ASSIGN_OR_RETURN(const BranchLeaf leaf,
                      ParseBranchLeaf(files.certificate_pem));
  return leaf.not_after;
}

absl::StatusOr<bool> RenewIfDue(const EdgeHome& home,
                                const EdgeIdentity& identity,
                                absl::string_view enrol_address,
                                absl::Time now) {
  BL_ASSIGN_OR_RETURN(const TlsFiles files, home.LoadTls());
  BL_ASSIGN_OR_RETURN(const BranchLeaf leaf,
                      ParseBranchLeaf(files.certificate_pem));
  if (!RenewalDue(leaf.not_before, leaf.not_after, now)) return false;
  BL_ASSIGN_OR_RETURN(const TlsKey key, home.LineKey());
  BL_ASSIGN_OR_RETURN(const std::string csr,
                      MakeCertificateRequest(key, leaf.branch));
  BL_ASSIGN_OR_RETURN(
      const v1::RenewResponse answer,
      Renew(enrol_address, files.ca_pem, leaf.branch, identity.node.epoch(),
            csr, identity.journal_key, now, absl::Seconds(20)));
  BL_RETURN_IF_ERROR(VerifyLeaf(answer.certificate_pem(), files.ca_pem, now));
  BL_RETURN_IF_ERROR(home.SaveCertificate(answer.certificate_pem()));
  return true;
}

}  // namespace branchline
