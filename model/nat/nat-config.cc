// SPDX-License-Identifier: GPL-2.0-only
#include "nat-config.h"

#include <array>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr std::array<const char*, 3> BEHAVIOURS = {"endpoint-independent",
                                                   "address-dependent",
                                                   "address-and-port-dependent"};
constexpr std::array<const char*, 3> PORT_CHOICES = {"preserve", "sequential", "random"};
constexpr std::array<const char*, 2> POOLINGS = {"paired", "arbitrary"};
constexpr std::array<const char*, 3> ESP_WORDS = {"off", "one-per-remote", "learn-spi"};
constexpr std::array<const char*, 3> IKE_WORDS = {"off", "one-per-remote", "by-cookie"};

template <typename Value, size_t N>
const char*
WordOf(const std::array<const char*, N>& words, Value value)
{
    return words[static_cast<size_t>(value)];
}

template <typename Value, size_t N>
void
ReadWord(const std::array<const char*, N>& words, const std::string& word, Value& value)
{
    std::string allowed;
    for (size_t i = 0; i < N; ++i)
    {
        if (word == words[i])
        {
            value = static_cast<Value>(i);
            return;
        }
        allowed += (i == 0 ? "" : ", ") + std::string(words[i]);
    }
    throw std::invalid_argument("'" + word + "' is none of " + allowed + ".");
}

void
Demand(bool holds, const char* sentence)
{
    if (!holds)
    {
        throw std::invalid_argument(sentence);
    }
}

} // namespace

void
CheckNatConfig(const NatConfig& config)
{
    const bool endAll =
        config.udpTimeout > Duration::zero() && config.tcpEstablishedTimeout > Duration::zero() &&
        config.tcpTransitoryTimeout > Duration::zero() && config.icmpTimeout > Duration::zero() &&
        config.espTimeout > Duration::zero() && config.fragmentTimeout > Duration::zero();
    Demand(endAll, "A NAT's timeouts must be longer than zero.");
    Demand(config.firstPort > 0 && config.firstPort <= config.lastPort,
           "A NAT's ports must begin above zero and not end before they begin.");
    Demand(config.maxMappings > 0 && config.maxPerHost > 0 && config.maxSessionsPerMapping > 0,
           "A NAT must be allowed at least one mapping.");
}

const char*
NatWord(NatBehaviour value)
{
    return WordOf(BEHAVIOURS, value);
}

const char*
NatWord(NatPortChoice value)
{
    return WordOf(PORT_CHOICES, value);
}

const char*
NatWord(NatPooling value)
{
    return WordOf(POOLINGS, value);
}

const char*
NatWord(EspPassThrough value)
{
    return WordOf(ESP_WORDS, value);
}

const char*
NatWord(IkePassThrough value)
{
    return WordOf(IKE_WORDS, value);
}

void
ReadNatWord(const std::string& word, NatBehaviour& value)
{
    ReadWord(BEHAVIOURS, word, value);
}

void
ReadNatWord(const std::string& word, NatPortChoice& value)
{
    ReadWord(PORT_CHOICES, word, value);
}

void
ReadNatWord(const std::string& word, NatPooling& value)
{
    ReadWord(POOLINGS, word, value);
}

void
ReadNatWord(const std::string& word, EspPassThrough& value)
{
    ReadWord(ESP_WORDS, word, value);
}

void
ReadNatWord(const std::string& word, IkePassThrough& value)
{
    ReadWord(IKE_WORDS, word, value);
}

} // namespace ipsec
} // namespace ns3
