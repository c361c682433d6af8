// SPDX-License-Identifier: GPL-2.0-only
#include "recorded-handshake.h"

#include "vector-file.h"

#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

std::string
TextOrNothing(const VectorBlock& block, const std::string& name)
{
    return block.Has(name) ? block.Text(name) : "";
}

Octets
HexOrNothing(const VectorBlock& block, const std::string& name)
{
    return block.Has(name) ? block.Hex(name) : Octets{};
}

uint32_t
HexNumber(const VectorBlock& block, const std::string& name)
{
    const Octets octets = block.Hex(name);
    return OctetReader(octets).U32();
}

/// Reads an attribute with two values, of which the first one is meant by true.
bool
IsFirstOf(const VectorBlock& block,
          const std::string& name,
          const std::string& first,
          const std::string& second)
{
    const std::string text = block.Text(name);
    if (text != first && text != second)
    {
        throw std::runtime_error(block.Where() + ": '" + name + " = " + text + "'");
    }
    return text == first;
}

Cookie
ReadCookie(const VectorBlock& block, const std::string& name)
{
    const Octets octets = block.Hex(name);
    return OctetReader(octets).TakeArray<8>();
}

RecordedPhase1
ReadPhase1(const VectorBlock& block)
{
    RecordedPhase1 phase1;
    const HashAlgorithm* hash = FindHashByName(block.Text("Hash"));
    const CipherAlgorithm* cipher = FindCipherByName(block.Text("Cipher"));
    if (!hash || !cipher)
    {
        throw std::runtime_error(block.Where() + ": unknown hash or cipher");
    }
    phase1.authMethod = block.Number("Phase1");
    phase1.hash = hash->id;
    phase1.cipher = cipher->id;
    phase1.group = block.Number("Group");
    phase1.cookieI = ReadCookie(block, "CookieI");
    phase1.cookieR = ReadCookie(block, "CookieR");
    phase1.ni = block.Hex("Ni");
    phase1.nr = block.Hex("Nr");
    phase1.gxi = block.Hex("Gxi");
    phase1.gxr = block.Hex("Gxr");
    phase1.gxy = block.Hex("Gxy");
    phase1.saI = block.Hex("SaI");
    phase1.skeyid = block.Hex("Skeyid");
    phase1.skeyidD = block.Hex("SkeyidD");
    phase1.skeyidA = block.Hex("SkeyidA");
    phase1.skeyidE = block.Hex("SkeyidE");
    phase1.cipherKey = block.Hex("CipherKey");
    phase1.initialIv = block.Hex("InitialIv");
    phase1.idI = HexOrNothing(block, "IdI");
    phase1.hashI = HexOrNothing(block, "HashI");
    phase1.sigI = HexOrNothing(block, "SigI");
    phase1.certI = HexOrNothing(block, "CertI");
    phase1.idR = block.Hex("IdR");
    phase1.hashR = block.Hex("HashR");
    phase1.sigR = HexOrNothing(block, "SigR");
    phase1.certR = HexOrNothing(block, "CertR");
    return phase1;
}

RecordedMessage
ReadMessage(const VectorBlock& block)
{
    RecordedMessage message;
    message.frame = block.Number("Message");
    message.fromInitiator = IsFirstOf(block, "From", "initiator", "responder");
    std::istringstream(block.Text("Ports")) >> message.sourcePort >> message.destinationPort;
    message.exchange = static_cast<uint8_t>(block.Number("Exchange"));
    message.messageId = HexNumber(block, "MessageId");
    message.flags = static_cast<uint8_t>(block.Number("Flags"));
    message.length = static_cast<uint32_t>(block.Number("Length"));
    message.wire = block.Hex("Wire");
    message.note = TextOrNothing(block, "Note");
    message.fragment = TextOrNothing(block, "Fragment");
    message.reassembled = HexOrNothing(block, "Reassembled");
    message.iv = HexOrNothing(block, "Iv");
    message.padding = HexOrNothing(block, "Padding");
    for (const std::string& payload : block.All("Payload"))
    {
        const size_t blank = payload.find(' ');
        const std::string body = blank == std::string::npos ? "" : payload.substr(blank);
        message.payloads.emplace_back(payload.substr(0, blank), FromHex(body));
    }
    return message;
}

RecordedChild
ReadChild(const VectorBlock& block)
{
    RecordedChild child;
    child.messageId = HexNumber(block, "Child");
    child.cipher = block.Text("Cipher");
    child.integrity = block.Text("Integrity");
    child.gxy = HexOrNothing(block, "Gxy");
    child.ni = block.Hex("Ni");
    child.nr = block.Hex("Nr");
    child.clientI = block.Hex("ClientI");
    child.clientR = block.Hex("ClientR");
    return child;
}

RecordedSa
ReadSa(const VectorBlock& block)
{
    RecordedSa sa;
    sa.spi = HexNumber(block, "Sa");
    sa.messageId = HexNumber(block, "OfChild");
    sa.receivedByInitiator = IsFirstOf(block, "Receiver", "initiator", "responder");
    sa.keymat = block.Hex("Keymat");
    sa.cipherKey = block.Hex("CipherKey");
    sa.integrityKey = block.Hex("IntegrityKey");
    return sa;
}

RecordedEsp
ReadEsp(const VectorBlock& block)
{
    RecordedEsp packet;
    packet.frame = block.Number("Esp");
    packet.encapsulation = block.Text("Encapsulation");
    packet.spi = HexNumber(block, "Spi");
    packet.sequence = static_cast<uint32_t>(block.Number("Sequence"));
    packet.padLength = block.Number("PadLength");
    packet.nextHeader = static_cast<uint8_t>(block.Number("NextHeader"));
    packet.wire = block.Hex("Wire");
    packet.inner = block.Hex("Inner");
    return packet;
}

} // namespace

RecordedHandshake
RecordedHandshake::Read(const std::string& name)
{
    const VectorFile file(name);
    const VectorBlock& block = file.Only("Handshake");
    RecordedHandshake handshake;
    handshake.name = block.Text("Handshake");
    handshake.mode = block.Text("Mode");
    handshake.initiator = IpAddress::Parse(block.Text("Initiator"));
    handshake.responder = IpAddress::Parse(block.Text("Responder"));
    handshake.ikeProposal = block.Text("IkeProposal");
    handshake.espProposal = block.Text("EspProposal");
    handshake.initiatorNetwork = Prefix::Parse(block.Text("InitiatorNetwork"));
    handshake.responderNetwork = Prefix::Parse(block.Text("ResponderNetwork"));
    handshake.configuredAtResponder = TextOrNothing(block, "ConfiguredAtResponder");
    handshake.preSharedKey = TextOrNothing(block, "PreSharedKey");
    handshake.preSharedKeyOfResponder = TextOrNothing(block, "PreSharedKeyOfResponder");
    handshake.initiatorName = TextOrNothing(block, "InitiatorName");
    handshake.responderName = TextOrNothing(block, "ResponderName");
    handshake.phase1 = ReadPhase1(file.Only("Phase1"));
    for (const VectorBlock* message : file.Blocks("Message"))
    {
        handshake.messages.push_back(ReadMessage(*message));
    }
    for (const VectorBlock* child : file.Blocks("Child"))
    {
        handshake.children.push_back(ReadChild(*child));
    }
    for (const VectorBlock* sa : file.Blocks("Sa"))
    {
        handshake.sas.push_back(ReadSa(*sa));
    }
    for (const VectorBlock* packet : file.Blocks("Esp"))
    {
        handshake.packets.push_back(ReadEsp(*packet));
    }
    return handshake;
}

} // namespace ipsec
} // namespace ns3
