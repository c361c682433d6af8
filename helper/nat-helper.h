// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Makes NATs of nodes.
 */
#ifndef NAT_HELPER_H
#define NAT_HELPER_H

#include "ns3/nat-box.h"
#include "ns3/net-device.h"
#include "ns3/node-container.h"
#include "ns3/object-factory.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Installs a NatBox on nodes that have an IPv4 stack, devices and addresses:
 *
 *     NatHelper nat;
 *     nat.SetAttribute("MappingBehaviour", StringValue("address-and-port-dependent"));
 *     Ptr<NatBox> box = nat.Install(router, outsideDevice);
 *     box->AddPortForward(NatProtocol::Tcp, 80, "10.0.0.2", 8080);
 */
class NatHelper
{
  public:
    NatHelper();

    /// Sets an attribute of boxes installed from now on.
    void SetAttribute(const std::string& name, const AttributeValue& value);

    /**
     * Installs a NAT whose outside is @p outside and whose inside is everything else.
     * @throws std::invalid_argument with one sentence if the node, its addresses or an attribute
     *     do not allow it.
     */
    Ptr<NatBox> Install(Ptr<Node> node, Ptr<NetDevice> outside) const;
    /// Does so with these inside devices; what comes from yet others is routed untranslated.
    Ptr<NatBox> Install(Ptr<Node> node,
                        Ptr<NetDevice> outside,
                        const std::vector<Ptr<NetDevice>>& inside) const;

    /// Returns the NAT of a node, or null.
    static Ptr<NatBox> GetBox(Ptr<Node> node);
    /**
     * Replaces an outside address by another: mappings of the old one end, port forwardings move
     * on. In a cloud packets for the new address come to the node from now on.
     * @throws std::invalid_argument if the node does not have the one, or the cloud has the other.
     */
    static void ChangeOutsideAddress(Ptr<Node> node,
                                     const std::string& from,
                                     const std::string& to);
    /// Gives random streams to the NATs of @p nodes; returns how many were used.
    static int64_t AssignStreams(const NodeContainer& nodes, int64_t stream);

  private:
    ObjectFactory m_factory;
};

} // namespace ipsec
} // namespace ns3

#endif // NAT_HELPER_H
