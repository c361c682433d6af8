// SPDX-License-Identifier: GPL-2.0-only
#include "ike-main-mode-common.h"

#include "ike-phase1-common.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Computes HASH_I or HASH_R, whichever @p sender sends.
Octets
HashOf(Role sender,
       const IkeKeys& keys,
       const Phase1Transcript& transcript,
       OctetView idBody,
       StepContext& context)
{
    context.work.Add(WorkKind::Prf, static_cast<uint16_t>(keys.hash));
    const Phase1HashInput input{transcript.gxi,
                                transcript.gxr,
                                keys.initiatorCookie,
                                keys.responderCookie,
                                transcript.saBody};
    const OctetView skeyid = keys.skeyids.skeyid.View();
    return sender == Role::Initiator ? HashI(keys.hash, skeyid, input, idBody)
                                     : HashR(keys.hash, skeyid, input, idBody);
}

} // namespace

std::vector<RawPayload>
MakeAuthentication(Role sender,
                   const IkeKeys& keys,
                   const Phase1Transcript& transcript,
                   StepContext& context)
{
    const Octets idBody = WriteIdPayload(OwnIdentity(context.config).ToPayload());
    return {{PayloadType::Id, idBody},
            {PayloadType::Hash, HashOf(sender, keys, transcript, idBody, context)}};
}

Result<ProvenPeer>
CheckAuthentication(Role sender,
                    const PayloadChain& chain,
                    const IkeKeys& keys,
                    const Phase1Transcript& transcript,
                    StepContext& context)
{
    if (const auto checked = CheckPayloads(chain, MM56_RULES); !checked)
    {
        return checked.GetFault();
    }
    const Octets& idBody = chain.Find(PayloadType::Id)->body;
    const Octets expected = HashOf(sender, keys, transcript, idBody, context);
    const Result<PeerAuthenticated> authenticated =
        PeerAuthenticated::VerifyPeer(expected, chain.Find(PayloadType::Hash)->body);
    if (!authenticated)
    {
        return authenticated.GetFault();
    }
    if (const auto notifies = CheckSaNotifies(chain, keys); !notifies)
    {
        return notifies.GetFault();
    }
    Result<Identity> identity = ReadPhase1Identity(idBody);
    if (!identity)
    {
        return identity.GetFault();
    }
    if (const auto checked = CheckIdentity(*identity, context.config); !checked)
    {
        return checked.GetFault();
    }
    return ProvenPeer{*authenticated, std::move(*identity)};
}

} // namespace ipsec
} // namespace ns3
