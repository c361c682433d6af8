// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-tap.h"

#include "ns3/fd-net-device.h"
#include "ns3/mac48-address.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <unistd.h>

namespace ns3
{
namespace ipsec
{

namespace
{

std::runtime_error
Failure(const std::string& what)
{
    const std::string why = std::strerror(errno);
    return std::runtime_error(what + ": " + why + ".");
}

/// Opens a TAP device by name and returns its file descriptor.
int
OpenTap(const std::string& name)
{
    if (name.empty() || name.size() >= IFNAMSIZ)
    {
        throw std::runtime_error("The name of a TAP device has 1 to " +
                                 std::to_string(IFNAMSIZ - 1) + " characters, not \"" + name +
                                 "\".");
    }
    // The kernel would make a new device of this name, which nobody listens on.
    if (if_nametoindex(name.c_str()) == 0)
    {
        throw std::runtime_error("There is no network device \"" + name +
                                 "\"; make the TAP device first (ip tuntap add).");
    }
    const int descriptor = open("/dev/net/tun", O_RDWR);
    if (descriptor < 0)
    {
        throw Failure("Cannot open /dev/net/tun for TAP device \"" + name + "\"");
    }
    ifreq request{};
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    std::memcpy(request.ifr_name, name.data(), name.size());
    if (ioctl(descriptor, TUNSETIFF, &request) < 0)
    {
        const std::runtime_error failure = Failure("Cannot attach to TAP device \"" + name + "\"");
        close(descriptor);
        throw failure;
    }
    return descriptor;
}

} // namespace

Ptr<NetDevice>
AddTapDevice(Ptr<Node> node, const std::string& name)
{
    const int descriptor = OpenTap(name);
    // FdNetDevice reads and closes the descriptor from here on.
    Ptr<FdNetDevice> device = CreateObject<FdNetDevice>();
    device->SetEncapsulationMode(FdNetDevice::DIX);
    device->SetAddress(Mac48Address::Allocate());
    node->AddDevice(device);
    device->SetFileDescriptor(descriptor);
    return device;
}

} // namespace ipsec
} // namespace ns3
