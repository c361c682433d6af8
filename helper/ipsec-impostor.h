// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Somebody who answers main mode in place of a gateway, without its pre-shared key.
 */
#ifndef IPSEC_IMPOSTOR_H
#define IPSEC_IMPOSTOR_H

#include "ipsec-psk-attack.h"

#include "ns3/crypto-dh.h"
#include "ns3/ipsec-cloud-channel.h"
#include "ns3/ipsec-cloud-net-device.h"
#include "ns3/ipsec-stream-random-source.h"
#include "ns3/isakmp-message.h"
#include "ns3/node.h"

#include <memory>
#include <optional>

namespace ns3
{
namespace ipsec
{

/**
 * Answers the first and the third message of one main mode (CVE-2018-5389). Nothing in them asks
 * for the key: it takes the first transform that is offered, and contributes a public value and a
 * nonce of its own. The fifth message comes encrypted, and ends its part.
 */
class MainModeImpostor
{
  public:
    /// Returns what answers a message, if anything does.
    std::optional<Octets> Answer(OctetView datagram, RandomSource& random);
    /// Returns what guesses can be tried with, once the fifth message came.
    std::optional<MainModeProof> Proof() const;

  private:
    std::optional<Octets> AnswerFirst(const IsakmpHeader& header,
                                      const PayloadChain& chain,
                                      RandomSource& random);
    std::optional<Octets> AnswerThird(const IsakmpHeader& header,
                                      const PayloadChain& chain,
                                      RandomSource& random);

    ReadPhase1Choice m_choice;
    /// What is known so far; its cookies name the one main mode that is answered.
    MainModeProof m_proof;
    /// Its answers, for copies of what was answered.
    Octets m_second;
    Octets m_fourth;
};

/// An impostor on the simulated internet, which sends it whatever is for the gateway's address.
class IpsecImpostor
{
  public:
    /// Takes the address over from now on. @p stream gives its random octets.
    IpsecImpostor(Ptr<IpsecCloudChannel> cloud, IpAddress address, int64_t stream);
    ~IpsecImpostor();
    IpsecImpostor(const IpsecImpostor&) = delete;
    IpsecImpostor& operator=(const IpsecImpostor&) = delete;

    const MainModeImpostor&
    MainMode() const
    {
        return m_mainMode;
    }

  private:
    void Receive(Ptr<const Packet> packet);

    MainModeImpostor m_mainMode;
    IpAddress m_address;
    IpsecStreamRandomSource m_random;
    Ptr<Node> m_node;
    Ptr<IpsecCloudNetDevice> m_device;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_IMPOSTOR_H
