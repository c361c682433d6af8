# -*- Mode: python; py-indent-offset: 4; indent-tabs-mode: nil; coding: utf-8; -*-
# SPDX-License-Identifier: GPL-2.0-only
#
# One file, two ways to build:
#  - as contrib/ipsec of an ns-3 tree that uses waf (up to 3.35);
#  - by itself: "waf configure build" against an installed ns-3.

import os

from waflib import Context

APPNAME = 'ipsec'
top = '.'
out = 'build-waf'

# Files; a test compares these lists with CMakeLists.txt and with what is there.
CORE_SOURCES = [
    'model/base/ipsec-endpoint.cc',
    'model/base/ipsec-fault.cc',
    'model/base/ipsec-octets.cc',
    'model/base/ipsec-random-source.cc',
    'model/wire/esp-header.cc',
    'model/wire/ipsec-flow-key.cc',
    'model/wire/isakmp-attributes.cc',
    'model/wire/isakmp-constants.cc',
    'model/wire/isakmp-message.cc',
    'model/wire/isakmp-payloads.cc',
    'model/wire/isakmp-sa-payload.cc',
    'model/wire/isakmp-vendor-ids.cc',
    'model/crypto/crypto-algorithms.cc',
    'model/crypto/crypto-certificate-calendar.cc',
    'model/crypto/crypto-certificate-check.cc',
    'model/crypto/crypto-certificate-issue.cc',
    'model/crypto/crypto-certificate-name.cc',
    'model/crypto/crypto-certificate.cc',
    'model/crypto/crypto-cipher.cc',
    'model/crypto/crypto-dh-ecp.cc',
    'model/crypto/crypto-dh-modp.cc',
    'model/crypto/crypto-dh.cc',
    'model/crypto/crypto-hash.cc',
    'model/crypto/crypto-keys-generate.cc',
    'model/crypto/crypto-keys-rsa.cc',
    'model/crypto/crypto-keys-sign.cc',
    'model/crypto/crypto-keys.cc',
    'model/crypto/crypto-library.cc',
    'model/crypto/crypto-openssl-random.cc',
    'model/crypto/crypto-work.cc',
    'model/config/ike-auth-method.cc',
    'model/config/ike-certificate-names.cc',
    'model/config/ike-config-check-children.cc',
    'model/config/ike-config-check-peers.cc',
    'model/config/ike-config-check-personality.cc',
    'model/config/ike-config-check-phase1.cc',
    'model/config/ike-config-check-remote-access.cc',
    'model/config/ike-config-check.cc',
    'model/config/ike-config-warnings.cc',
    'model/config/ike-config.cc',
    'model/config/ike-identity.cc',
    'model/config/ike-personality-presets.cc',
    'model/config/ike-personality.cc',
    'model/config/ike-proposal-phase1.cc',
    'model/config/ike-proposal-phase2.cc',
    'model/config/ike-proposal-text.cc',
    'model/config/ike-proposal.cc',
    'model/config/ipsec-proxy-id.cc',
    'model/config/ipsec-sa.cc',
    'model/ike/ike-aggressive-mode-initiator.cc',
    'model/ike/ike-aggressive-mode-responder.cc',
    'model/ike/ike-authentication.cc',
    'model/ike/ike-cipher-chain.cc',
    'model/ike/ike-dpd.cc',
    'model/ike/ike-engine-aggressive-mode.cc',
    'model/ike/ike-engine-children.cc',
    'model/ike/ike-engine-claims.cc',
    'model/ike/ike-engine-configuration.cc',
    'model/ike/ike-engine-dpd.cc',
    'model/ike/ike-engine-establish.cc',
    'model/ike/ike-engine-fragments.cc',
    'model/ike/ike-engine-informational.cc',
    'model/ike/ike-engine-main-mode.cc',
    'model/ike/ike-address-pool.cc',
    'model/ike/ike-engine-access.cc',
    'model/ike/ike-engine-groups.cc',
    'model/ike/ike-engine-linked.cc',
    'model/ike/ike-engine-mode-config.cc',
    'model/ike/ike-engine-nat.cc',
    'model/ike/ike-engine-pair-renewal.cc',
    'model/ike/ike-engine-phase1.cc',
    'model/ike/ike-engine-quick.cc',
    'model/ike/ike-engine-renewal.cc',
    'model/ike/ike-engine-restart.cc',
    'model/ike/ike-engine-retirement.cc',
    'model/ike/ike-engine-sending.cc',
    'model/ike/ike-engine-slots.cc',
    'model/ike/ike-engine-spis.cc',
    'model/ike/ike-engine-tables.cc',
    'model/ike/ike-engine-transaction.cc',
    'model/ike/ike-engine-uniqueness.cc',
    'model/ike/ike-engine-unknown-spi.cc',
    'model/ike/ike-engine.cc',
    'model/ike/ike-exchange.cc',
    'model/ike/ike-fragmentation.cc',
    'model/ike/ike-informational.cc',
    'model/ike/ike-key-derivation.cc',
    'model/ike/ike-key-exchange.cc',
    'model/ike/ike-ledger.cc',
    'model/ike/ike-main-mode-initiator.cc',
    'model/ike/ike-main-mode-responder.cc',
    'model/ike/ike-mode-config.cc',
    'model/ike/ike-nat-detection.cc',
    'model/ike/ike-phase1-common.cc',
    'model/ike/ike-phase1-negotiation.cc',
    'model/ike/ike-phase1-rules.cc',
    'model/ike/ike-phase2-negotiation.cc',
    'model/ike/ike-phase2-transform.cc',
    'model/ike/ike-quick-mode-common.cc',
    'model/ike/ike-quick-mode-initiator.cc',
    'model/ike/ike-quick-mode-responder.cc',
    'model/ike/ike-transaction.cc',
    'model/ike/ike-xauth.cc',
    'model/ipsec/ah-transform.cc',
    'model/ipsec/esp-transform.cc',
    'model/ipsec/ipsec-cargo.cc',
    'model/ipsec/ipsec-outer-header.cc',
    'model/ipsec/ipsec-overhead.cc',
    'model/ipsec/ipsec-processor-inbound.cc',
    'model/ipsec/ipsec-processor.cc',
    'model/ipsec/ipsec-replay-window.cc',
    'model/ipsec/ipsec-sa-limits.cc',
    'model/ipsec/ipsec-sad.cc',
    'model/ipsec/ipsec-spd.cc',
    'model/ipsec/ipsec-transform.cc',
    'model/ipsec/ipsec-transport-checksum.cc',
    'model/nat/nat-config.cc',
    'model/nat/nat-fragments.cc',
    'model/nat/nat-mapping.cc',
    'model/nat/nat-packet.cc',
    'model/nat/nat-pass-through.cc',
    'model/nat/nat-ports.cc',
    'model/nat/nat-rewrite.cc',
    'model/nat/nat-table-mappings.cc',
    'model/nat/nat-table.cc',
    'model/nat/nat-translator.cc',
]

CORE_HEADERS = [
    'model/base/ipsec-endpoint.h',
    'model/base/ipsec-fault.h',
    'model/base/ipsec-octets.h',
    'model/base/ipsec-random-source.h',
    'model/base/ipsec-time.h',
    'model/wire/esp-header.h',
    'model/wire/ipsec-flow-key.h',
    'model/wire/isakmp-attributes.h',
    'model/wire/isakmp-constants.h',
    'model/wire/isakmp-message.h',
    'model/wire/isakmp-payloads.h',
    'model/wire/isakmp-sa-payload.h',
    'model/wire/isakmp-vendor-ids.h',
    'model/crypto/crypto-algorithms.h',
    'model/crypto/crypto-certificate-object.h',
    'model/crypto/crypto-certificate.h',
    'model/crypto/crypto-cipher.h',
    'model/crypto/crypto-dh-arithmetic.h',
    'model/crypto/crypto-dh.h',
    'model/crypto/crypto-hash.h',
    'model/crypto/crypto-key-object.h',
    'model/crypto/crypto-keys.h',
    'model/crypto/crypto-library.h',
    'model/crypto/crypto-openssl-handle.h',
    'model/crypto/crypto-openssl-random.h',
    'model/crypto/crypto-work.h',
    'model/config/ike-auth-method.h',
    'model/config/ike-certificate-names.h',
    'model/config/ike-config-check.h',
    'model/config/ike-config.h',
    'model/config/ike-identity.h',
    'model/config/ike-personality.h',
    'model/config/ike-proposal-text.h',
    'model/config/ike-proposal.h',
    'model/config/ike-remote-access.h',
    'model/config/ipsec-outer-header-rules.h',
    'model/config/ipsec-proxy-id.h',
    'model/config/ipsec-sa.h',
    'model/ike/ike-aggressive-mode.h',
    'model/ike/ike-authentication.h',
    'model/ike/ike-address-pool.h',
    'model/ike/ike-cipher-chain.h',
    'model/ike/ike-dpd.h',
    'model/ike/ike-effects.h',
    'model/ike/ike-engine-access.h',
    'model/ike/ike-engine-slots.h',
    'model/ike/ike-engine-state.h',
    'model/ike/ike-engine-tables.h',
    'model/ike/ike-engine-turn.h',
    'model/ike/ike-engine.h',
    'model/ike/ike-exchange.h',
    'model/ike/ike-fragmentation.h',
    'model/ike/ike-informational.h',
    'model/ike/ike-key-derivation.h',
    'model/ike/ike-key-exchange.h',
    'model/ike/ike-ledger.h',
    'model/ike/ike-main-mode.h',
    'model/ike/ike-mode-config.h',
    'model/ike/ike-nat-detection.h',
    'model/ike/ike-nat-keepalive.h',
    'model/ike/ike-phase1-common.h',
    'model/ike/ike-phase1-negotiation.h',
    'model/ike/ike-phase1-rules.h',
    'model/ike/ike-phase2-negotiation.h',
    'model/ike/ike-phase2-transform.h',
    'model/ike/ike-quick-mode-common.h',
    'model/ike/ike-quick-mode.h',
    'model/ike/ike-sa.h',
    'model/ike/ike-transaction.h',
    'model/ike/ike-xauth.h',
    'model/ipsec/ah-transform.h',
    'model/ipsec/esp-transform.h',
    'model/ipsec/ipsec-cargo.h',
    'model/ipsec/ipsec-outer-header.h',
    'model/ipsec/ipsec-overhead.h',
    'model/ipsec/ipsec-processor.h',
    'model/ipsec/ipsec-replay-window.h',
    'model/ipsec/ipsec-sa-limits.h',
    'model/ipsec/ipsec-sad.h',
    'model/ipsec/ipsec-spd.h',
    'model/ipsec/ipsec-transform.h',
    'model/ipsec/ipsec-transport-checksum.h',
    'model/nat/nat-config.h',
    'model/nat/nat-fragments.h',
    'model/nat/nat-mapping.h',
    'model/nat/nat-packet.h',
    'model/nat/nat-pass-through.h',
    'model/nat/nat-ports.h',
    'model/nat/nat-rewrite.h',
    'model/nat/nat-table.h',
    'model/nat/nat-translator.h',
]

EDGE_SOURCES = [
    'model/node/ike-daemon-effects.cc',
    'model/node/ike-daemon-life.cc',
    'model/node/ike-daemon.cc',
    'model/node/ike-dial-up-client-watch.cc',
    'model/node/ike-dial-up-client.cc',
    'model/node/ike-dial-up-user.cc',
    'model/node/ipsec-cloud-channel.cc',
    'model/node/ipsec-cloud-net-device.cc',
    'model/node/ipsec-conversions.cc',
    'model/node/ipsec-cpu-costs.cc',
    'model/node/ipsec-cpu-profiles.cc',
    'model/node/ipsec-crypto-cpu.cc',
    'model/node/ipsec-data-plane-arrivals.cc',
    'model/node/ipsec-data-plane-sas.cc',
    'model/node/ipsec-data-plane-sending.cc',
    'model/node/ipsec-data-plane-sizes.cc',
    'model/node/ipsec-data-plane.cc',
    'model/node/ipsec-fragments.cc',
    'model/node/ipsec-l4-protocol.cc',
    'model/node/ipsec-net-device.cc',
    'model/node/ipsec-overlay-device.cc',
    'model/node/ipsec-own-addresses.cc',
    'model/node/ipsec-policy-routing-arrivals.cc',
    'model/node/ipsec-policy-routing.cc',
    'model/node/ipsec-raw-ip-device.cc',
    'model/node/ipsec-stream-random-source.cc',
    'model/node/ipsec-tap.cc',
    'model/node/ipsec-tunnel-sizes.cc',
    'model/node/nat-box-attributes.cc',
    'model/node/nat-box-packets.cc',
    'model/node/nat-box.cc',
    'model/node/nat-routing.cc',
    'helper/dial-up-helper-networks.cc',
    'helper/dial-up-helper.cc',
    'helper/ipsec-attacker.cc',
    'helper/ipsec-branch-traffic.cc',
    'helper/ipsec-cloud-helper.cc',
    'helper/ipsec-cpu-calibration.cc',
    'helper/ipsec-dial-up-recorder.cc',
    'helper/ipsec-eavesdropper.cc',
    'helper/ipsec-expectation-dial-ups.cc',
    'helper/ipsec-expectation-outcome.cc',
    'helper/ipsec-expectation-series.cc',
    'helper/ipsec-expectation.cc',
    'helper/ipsec-forged-packet.cc',
    'helper/ipsec-gnuplot.cc',
    'helper/ipsec-helper-address.cc',
    'helper/ipsec-helper-policies.cc',
    'helper/ipsec-helper-tunnels.cc',
    'helper/ipsec-helper.cc',
    'helper/ipsec-ike-capture.cc',
    'helper/ipsec-impostor.cc',
    'helper/ipsec-iperf3-protocol.cc',
    'helper/ipsec-iperf3-server.cc',
    'helper/ipsec-json-writer.cc',
    'helper/ipsec-ladder-svg.cc',
    'helper/ipsec-ladder-text.cc',
    'helper/ipsec-ladder.cc',
    'helper/ipsec-manual-tunnel.cc',
    'helper/ipsec-mean-interval.cc',
    'helper/ipsec-message-loss.cc',
    'helper/ipsec-nat-recorder.cc',
    'helper/ipsec-personality-table.cc',
    'helper/ipsec-pki.cc',
    'helper/ipsec-psk-attack.cc',
    'helper/ipsec-raw-ip-pcap.cc',
    'helper/ipsec-recorder-nodes.cc',
    'helper/ipsec-recorder-peers.cc',
    'helper/ipsec-report-branches.cc',
    'helper/ipsec-report-dial-ups.cc',
    'helper/ipsec-report-displays.cc',
    'helper/ipsec-report-files.cc',
    'helper/ipsec-report-html.cc',
    'helper/ipsec-report-json.cc',
    'helper/ipsec-report-nats.cc',
    'helper/ipsec-report-protection.cc',
    'helper/ipsec-report-wireshark.cc',
    'helper/ipsec-run-record.cc',
    'helper/ipsec-scenario-access-rows.cc',
    'helper/ipsec-scenario-attacker.cc',
    'helper/ipsec-scenario-flood-rows.cc',
    'helper/ipsec-scenario-branches-rows.cc',
    'helper/ipsec-scenario-branches.cc',
    'helper/ipsec-scenario-certificate-rows.cc',
    'helper/ipsec-scenario-check-dial-up.cc',
    'helper/ipsec-scenario-check-events.cc',
    'helper/ipsec-scenario-check-expectations.cc',
    'helper/ipsec-scenario-check-keying.cc',
    'helper/ipsec-scenario-check-nats.cc',
    'helper/ipsec-scenario-check-nodes.cc',
    'helper/ipsec-scenario-check-protection.cc',
    'helper/ipsec-scenario-check-roaming.cc',
    'helper/ipsec-scenario-check-traffic.cc',
    'helper/ipsec-scenario-check.cc',
    'helper/ipsec-scenario-client-events.cc',
    'helper/ipsec-scenario-clients-rows.cc',
    'helper/ipsec-scenario-clients.cc',
    'helper/ipsec-scenario-cpu-rows.cc',
    'helper/ipsec-scenario-cpu.cc',
    'helper/ipsec-scenario-dial-up-rows.cc',
    'helper/ipsec-scenario-dial-up.cc',
    'helper/ipsec-scenario-engine.cc',
    'helper/ipsec-scenario-event-rows.cc',
    'helper/ipsec-scenario-event.cc',
    'helper/ipsec-scenario-events-internet.cc',
    'helper/ipsec-scenario-events.cc',
    'helper/ipsec-scenario-flood.cc',
    'helper/ipsec-scenario-index.cc',
    'helper/ipsec-scenario-ini.cc',
    'helper/ipsec-scenario-keys.cc',
    'helper/ipsec-scenario-life-rows.cc',
    'helper/ipsec-scenario-link.cc',
    'helper/ipsec-scenario-manual.cc',
    'helper/ipsec-scenario-nat-events.cc',
    'helper/ipsec-scenario-nat-rows.cc',
    'helper/ipsec-scenario-nat.cc',
    'helper/ipsec-scenario-network-dial-up.cc',
    'helper/ipsec-scenario-network.cc',
    'helper/ipsec-scenario-node-rows.cc',
    'helper/ipsec-scenario-personality-life-rows.cc',
    'helper/ipsec-scenario-personality-rows.cc',
    'helper/ipsec-scenario-phase1-rows.cc',
    'helper/ipsec-scenario-phase2-rows.cc',
    'helper/ipsec-scenario-ping.cc',
    'helper/ipsec-scenario-pki.cc',
    'helper/ipsec-scenario-policy-rows.cc',
    'helper/ipsec-scenario-reader.cc',
    'helper/ipsec-scenario-recorder.cc',
    'helper/ipsec-scenario-runner.cc',
    'helper/ipsec-scenario-traffic-rows.cc',
    'helper/ipsec-scenario-traffic.cc',
    'helper/ipsec-scenario-tunnel-rows.cc',
    'helper/ipsec-scenario-units.cc',
    'helper/ipsec-scenario-wire.cc',
    'helper/ipsec-scenario.cc',
    'helper/ipsec-series-plots.cc',
    'helper/ipsec-series-sampler.cc',
    'helper/ipsec-series.cc',
    'helper/ipsec-session-table.cc',
    'helper/ipsec-tunnel-tracker.cc',
    'helper/nat-helper.cc',
]

EDGE_HEADERS = [
    'model/node/ike-daemon.h',
    'model/node/ike-dial-up-client.h',
    'model/node/ike-dial-up-user.h',
    'model/node/ipsec-cloud-channel.h',
    'model/node/ipsec-cloud-net-device.h',
    'model/node/ipsec-compat.h',
    'model/node/ipsec-conversions.h',
    'model/node/ipsec-cpu-costs.h',
    'model/node/ipsec-crypto-cpu.h',
    'model/node/ipsec-data-plane.h',
    'model/node/ipsec-fragments.h',
    'model/node/ipsec-l4-protocol.h',
    'model/node/ipsec-net-device.h',
    'model/node/ipsec-overlay-device.h',
    'model/node/ipsec-own-addresses.h',
    'model/node/ipsec-policy-routing.h',
    'model/node/ipsec-raw-ip-device.h',
    'model/node/ipsec-stream-random-source.h',
    'model/node/ipsec-tap.h',
    'model/node/ipsec-tunnel-sizes.h',
    'model/node/nat-box.h',
    'model/node/nat-routing.h',
    'helper/dial-up-helper.h',
    'helper/ipsec-attacker.h',
    'helper/ipsec-branch-traffic.h',
    'helper/ipsec-cloud-helper.h',
    'helper/ipsec-cpu-calibration.h',
    'helper/ipsec-dial-up-record.h',
    'helper/ipsec-dial-up-recorder.h',
    'helper/ipsec-eavesdropper.h',
    'helper/ipsec-expectation-dial-ups.h',
    'helper/ipsec-expectation-series.h',
    'helper/ipsec-expectation.h',
    'helper/ipsec-forged-packet.h',
    'helper/ipsec-gnuplot.h',
    'helper/ipsec-helper.h',
    'helper/ipsec-ike-capture.h',
    'helper/ipsec-impostor.h',
    'helper/ipsec-iperf3-protocol.h',
    'helper/ipsec-iperf3-server.h',
    'helper/ipsec-json-writer.h',
    'helper/ipsec-ladder.h',
    'helper/ipsec-manual-tunnel.h',
    'helper/ipsec-mean-interval.h',
    'helper/ipsec-message-loss.h',
    'helper/ipsec-nat-recorder.h',
    'helper/ipsec-personality-table.h',
    'helper/ipsec-pki.h',
    'helper/ipsec-psk-attack.h',
    'helper/ipsec-raw-ip-pcap.h',
    'helper/ipsec-recorder-nodes.h',
    'helper/ipsec-recorder-peers.h',
    'helper/ipsec-report-branches.h',
    'helper/ipsec-report-dial-ups.h',
    'helper/ipsec-report-displays.h',
    'helper/ipsec-report-files.h',
    'helper/ipsec-report-json.h',
    'helper/ipsec-report-nats.h',
    'helper/ipsec-report-protection.h',
    'helper/ipsec-report-wireshark.h',
    'helper/ipsec-run-record.h',
    'helper/ipsec-scenario-attacker.h',
    'helper/ipsec-scenario-branches.h',
    'helper/ipsec-scenario-check.h',
    'helper/ipsec-scenario-client-events.h',
    'helper/ipsec-scenario-cpu.h',
    'helper/ipsec-scenario-dial-up.h',
    'helper/ipsec-scenario-engine.h',
    'helper/ipsec-scenario-event.h',
    'helper/ipsec-scenario-events.h',
    'helper/ipsec-scenario-flood.h',
    'helper/ipsec-scenario-index.h',
    'helper/ipsec-scenario-ini.h',
    'helper/ipsec-scenario-keys.h',
    'helper/ipsec-scenario-link.h',
    'helper/ipsec-scenario-manual.h',
    'helper/ipsec-scenario-nat-events.h',
    'helper/ipsec-scenario-nat.h',
    'helper/ipsec-scenario-network.h',
    'helper/ipsec-scenario-ping.h',
    'helper/ipsec-scenario-pki.h',
    'helper/ipsec-scenario-reader.h',
    'helper/ipsec-scenario-recorder.h',
    'helper/ipsec-scenario-personality-setters.h',
    'helper/ipsec-scenario-rows.h',
    'helper/ipsec-scenario-runner.h',
    'helper/ipsec-scenario-traffic.h',
    'helper/ipsec-scenario-tunnel.h',
    'helper/ipsec-scenario-units.h',
    'helper/ipsec-scenario-wire.h',
    'helper/ipsec-scenario.h',
    'helper/ipsec-series-plots.h',
    'helper/ipsec-series-sampler.h',
    'helper/ipsec-series.h',
    'helper/ipsec-session-table.h',
    'helper/ipsec-tunnel-tracker.h',
    'helper/nat-helper.h',
]

# The ns-3 modules that the edge (model/node, helper) and the examples use.
NS3_MODULES = [
    'core',
    'network',
    'internet',
    'internet-apps',
    'applications',
    'virtual-net-device',
    'point-to-point',
    'csma',
    'fd-net-device',
    'stats',
]


def stands_alone(ctx):
    """Tells whether this is the project's own wscript or one that an ns-3 tree reads."""
    return os.path.dirname(Context.g_module.root_path) == ctx.path.abspath()


def options(opt):
    if not stands_alone(opt):
        return
    opt.load('compiler_cxx')
    opt.add_option(
        '--without-tests',
        dest='tests',
        action='store_false',
        default=True,
        help='do not build the unit tests',
    )


def configure(conf):
    if stands_alone(conf):
        configure_alone(conf)
        return
    found = conf.check_cfg(
        package='libcrypto >= 3.0',
        uselib_store='IPSEC_CRYPTO',
        args=['--cflags', '--libs'],
        mandatory=False,
    ) and check_program_options(conf, mandatory=False)
    if not found:
        conf.env.append_value('MODULES_NOT_BUILT', 'ipsec')
    conf.report_optional_feature(
        'ipsec', 'IKEv1 and IPsec', bool(found), 'OpenSSL 3 or Boost.Program_options not found'
    )


def check_program_options(conf, mandatory):
    return conf.check_cxx(
        lib='boost_program_options',
        header_name='boost/program_options.hpp',
        uselib_store='IPSEC_BOOST',
        msg='Checking for Boost.Program_options',
        mandatory=mandatory,
    )


def configure_alone(conf):
    conf.load('compiler_cxx')
    flags = ['-std=c++17', '-O2', '-Wall', '-Wextra', '-fPIC', '-pthread']
    conf.env.append_value('CXXFLAGS', flags)
    conf.env.append_value('LINKFLAGS', ['-pthread'])
    conf.check_cfg(
        package='libcrypto >= 3.0', uselib_store='IPSEC_CRYPTO', args=['--cflags', '--libs']
    )
    check_program_options(conf, mandatory=True)
    for module in NS3_MODULES:
        conf.check_cfg(
            package='ns3-' + module,
            uselib_store='NS3_' + module.upper(),
            args=['--cflags', '--libs'],
        )
    # Debian's ns-3 was built with logs, which change the layout of some classes, but does not
    # say so to those who use it.
    conf.env.append_value('DEFINES_NS3_CORE', ['NS3_LOG_ENABLE', 'NS3_ASSERT_ENABLE'])
    conf.env.IPSEC_TESTS = conf.options.tests and conf.check_cfg(
        package='gtest_main', uselib_store='GTEST', args=['--cflags', '--libs'], mandatory=False
    )


def build(bld):
    if stands_alone(bld):
        build_alone(bld)
        return
    if 'ipsec' in bld.env['MODULES_NOT_BUILT']:
        return
    module = bld.create_ns3_module('ipsec', NS3_MODULES)
    module.source = CORE_SOURCES + EDGE_SOURCES
    module.use.extend(['IPSEC_CRYPTO', 'IPSEC_BOOST'])
    if bld.env['CXX_NAME'] == 'gcc':
        # GCC 12 at -O3 takes the other alternatives of a temporary std::variant for
        # uninitialized, and a tree treats warnings as errors.
        module.env.append_value('CXXFLAGS', ['-Wno-maybe-uninitialized'])
    headers = bld(features='ns3header')
    headers.module = 'ipsec'
    headers.source = CORE_HEADERS + EDGE_HEADERS
    if bld.env['ENABLE_EXAMPLES']:
        bld.recurse('examples')


def build_alone(bld):
    # Headers reach each other as "ns3/x.h", whatever their folder, so they are linked into one.
    folder = bld.bldnode.make_node('include/ns3')
    folder.mkdir()
    for header in CORE_HEADERS + EDGE_HEADERS:
        node = bld.path.find_node(header)
        link = folder.make_node(node.name).abspath()
        if os.path.islink(link):
            os.unlink(link)
        os.symlink(node.abspath(), link)
    include = bld.bldnode.make_node('include')

    bld.shlib(
        target='ipsec-core',
        source=CORE_SOURCES,
        includes=[include],
        export_includes=[include],
        use='IPSEC_CRYPTO',
    )
    bld.shlib(
        target='ipsec',
        source=EDGE_SOURCES,
        use=['ipsec-core', 'IPSEC_BOOST'] + ['NS3_' + module.upper() for module in NS3_MODULES],
    )
    bld.recurse('examples')
    if bld.env.IPSEC_TESTS:
        bld.program(
            target='test/ipsec-unit-tests',
            source=bld.path.ant_glob('test/unit/*.cc test/support/*.cc'),
            includes='test/support',
            defines=['IPSEC_TEST_VECTORS="%s"' % bld.path.make_node('test/vectors').abspath()],
            use='ipsec-core GTEST',
            rpath=bld.bldnode.abspath(),
            install_path=None,
        )
