// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Loses particular messages of IKE on their way to a gateway.
 */
#ifndef IPSEC_MESSAGE_LOSS_H
#define IPSEC_MESSAGE_LOSS_H

#include "ipsec-scenario-event.h"

#include "ns3/error-model.h"
#include "ns3/ipsec-cloud-net-device.h"
#include "ns3/isakmp-message.h"
#include "ns3/random-variable-stream.h"

#include <functional>
#include <map>
#include <tuple>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * The error model of a gateway's link that [event NAME] with kind = lose needs. Messages of an
 * exchange take turns, so the n-th one is the n-th of different content that passes the link, in
 * either direction; copies have the number of their first. That works although they are encrypted.
 * Messages in IP or IKE fragments are not recognised.
 */
class MessageLoss : public ErrorModel
{
  public:
    static TypeId GetTypeId();

    /// Called with the event and what is lost, for the report.
    using LostCallback = std::function<void(const EventSettings& event, const std::string& what)>;

    /// Watches a link, and decides what arrives there.
    void Watch(const Ptr<IpsecCloudNetDevice>& link, LostCallback lost);
    /// Loses what an event says from now on, which must outlive this.
    void Begin(const EventSettings& event, Ptr<UniformRandomVariable> random);
    /// Loses it no longer.
    void End(const EventSettings& event);

  protected:
    bool DoCorrupt(Ptr<Packet> packet) override;
    void DoReset() override;

  private:
    /// A message of an exchange.
    struct Numbered
    {
        ExchangeType exchange = ExchangeType::MainMode;
        uint32_t number = 0;
    };

    struct Rule
    {
        const EventSettings* event = nullptr;
        Ptr<UniformRandomVariable> random;
        uint64_t left = 0;
    };

    void SeeLeaving(Ptr<const Packet> packet);
    /// Numbers what a packet carries; number 0 if it is no message of IKE.
    Numbered See(const Packet& packet);

    LostCallback m_lost;
    std::vector<Rule> m_rules;
    /// Contents seen so far, by initiator's cookie and message ID.
    std::map<std::tuple<Cookie, uint32_t>, std::vector<Octets>> m_seen;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MESSAGE_LOSS_H
