// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-payload-texts.h"

namespace ns3
{
namespace ipsec
{

const char*
PayloadText(PayloadType type)
{
    switch (type)
    {
    case PayloadType::None:
        break;
    case PayloadType::Sa:
        return "Security Association: the proposals, or the one that is chosen (RFC 2408 section "
               "3.4)";
    case PayloadType::Proposal:
        return "Proposal: a protocol with its SPI (RFC 2408 section 3.5)";
    case PayloadType::Transform:
        return "Transform: algorithms and their parameters (RFC 2408 section 3.6)";
    case PayloadType::Ke:
        return "Key Exchange: the public value of a Diffie-Hellman exchange (RFC 2408 section 3.7)";
    case PayloadType::Id:
        return "Identification: who the sender is in phase 1, which traffic it is about in phase 2 "
               "(RFC 2408 section 3.8)";
    case PayloadType::Cert:
        return "Certificate: a public key with a name, signed by an authority (RFC 2408 section "
               "3.9)";
    case PayloadType::CertRequest:
        return "Certificate Request: an authority whose certificates the sender accepts (RFC 2408 "
               "section 3.10)";
    case PayloadType::Hash:
        return "Hash: proves that the sender has the keys, over what is exchanged (RFC 2408 "
               "section "
               "3.11)";
    case PayloadType::Sig:
        return "Signature: proves that the sender has the private key of its certificate, over "
               "what is "
               "exchanged (RFC 2408 section 3.12)";
    case PayloadType::Nonce:
        return "Nonce: fresh random octets, so that no old message fits (RFC 2408 section 3.13)";
    case PayloadType::Notify:
        return "Notification: an error or a piece of news (RFC 2408 section 3.14)";
    case PayloadType::Delete:
        return "Delete: SAs that the sender has removed (RFC 2408 section 3.15)";
    case PayloadType::VendorId:
        return "Vendor ID: an extension that the sender knows (RFC 2408 section 3.16)";
    case PayloadType::Attributes:
        return "Attributes: questions and answers of Mode Config and XAUTH "
               "(draft-dukes-ike-mode-cfg-02)";
    case PayloadType::NatD:
    case PayloadType::NatDDraft:
        return "NAT Detection: a hash of an address and port, which a NAT on the way makes wrong "
               "(RFC 3947 section 3.2)";
    case PayloadType::NatOa:
    case PayloadType::NatOaDraft:
        return "NAT Original Address: the address before translation (RFC 3947 section 5.2)";
    case PayloadType::Fragment:
        return "Fragment: a part of a message that is too large for one packet";
    }
    return "not known here";
}

} // namespace ipsec
} // namespace ns3
