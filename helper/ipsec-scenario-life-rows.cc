// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-rows.h"
#include "ipsec-scenario-units.h"

namespace ns3
{
namespace ipsec
{

std::vector<ScenarioKey>
TunnelLifeKeys()
{
    using End = TunnelEndSettings;
    using Text = const std::string;
    return {
        {"dpd",
         "off|on-demand|periodic|always",
         "",
         "dead peer detection: not at all; after silence, if something was sent since; after "
         "silence; or whatever came. Without, on-demand if there is a dpd-delay, else off",
         nullptr,
         [](End& e, Text& t)
         {
             e.rules.Edit().dpdMode = ParseChoice<DpdMode>(t,
                                                           {{"off", DpdMode::Off},
                                                            {"on-demand", DpdMode::OnDemand},
                                                            {"periodic", DpdMode::Periodic},
                                                            {"always", DpdMode::Always}});
         }},
        {"dpd-delay",
         "TIME",
         "",
         "silence before a peer is probed; without, the personality's, or 10s",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().dpdDelay = ParseLifetime(t); }},
        {"dpd-retry",
         "TIME",
         "",
         "wait between probes; without, the personality's",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().dpdRetry = ParseLifetime(t); }},
        {"dpd-tries",
         "NUMBER",
         "",
         "probes without answer, after the last of which the peer is dead, 1 to 100; without, the "
         "personality's",
         nullptr,
         [](End& e, Text& t)
         { e.rules.Edit().dpdTries = static_cast<uint32_t>(ParseCount(t, 1, 100)); }},
        {"dpd-action",
         "clear|hold|restart",
         "hold",
         "what follows when the peer is dead and its SAs are gone: nothing, the next packet starts "
         "the tunnel, or it is started at once, again and again",
         nullptr,
         [](End& e, Text& t)
         {
             e.rules.Edit().dpdAction = ParseChoice<DpdAction>(t,
                                                               {{"clear", DpdAction::Clear},
                                                                {"hold", DpdAction::Hold},
                                                                {"restart", DpdAction::Restart}});
         }},
        {"keep-up",
         "true|false",
         "false",
         "whether an end that can call starts the tunnel again, with growing pauses, whenever its "
         "SAs went or it could not be negotiated",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().keepUp = ParseFlag(t); }},
    };
}

} // namespace ipsec
} // namespace ns3
