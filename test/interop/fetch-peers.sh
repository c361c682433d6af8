#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Fetches the packages of the real peers (with ping and iperf3) and unpacks them under DIR (default:
# build/peers of this source tree). Nothing is installed, enabled or started. Does nothing if all is there.
#
#   test/interop/fetch-peers.sh [DIR]
set -eu

# The peers themselves, and the libraries that they need if this machine lacks them. Their other
# dependencies (systemd, TPM libraries) belong to services and plugins that are not used here.
peers="libstrongswan libstrongswan-standard-plugins libstrongswan-extra-plugins
    strongswan-libcharon libcharon-extra-plugins libcharon-extauth-plugins
    strongswan-charon strongswan-swanctl vpnc ike-scan iputils-ping iperf3"
libraries="libcap2 libffi8 libgcrypt20 libgmp10 libgnutls30 libgpg-error0 libhogweed6 libidn2-0
    libip4tc2 libiperf0 libnettle8 libp11-kit0 libsctp1 libssl3 libsystemd0 libtasn1-6 libunistring2"

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
dir=${1:-$here/../../build/peers}
# Another list of packages in this script asks for a new fetch.
wanted=$(echo $peers)

if [ -f "$dir/.complete" ] && [ "$(cat "$dir/.complete")" = "$wanted" ]; then
    echo "fetch-peers: strongSwan, vpnc, ike-scan and iperf3 are there, in $dir"
    exit 0
fi
for tool in apt-get apt-cache dpkg dpkg-query; do
    if ! command -v "$tool" >/dev/null; then
        echo "fetch-peers: $tool is missing; the real peers come as Debian packages" >&2
        exit 1
    fi
done
for library in $libraries; do
    state=$(dpkg-query -W -f='${db:Status-Status}' "$library" 2>/dev/null || true)
    [ "$state" = installed ] || wanted="$wanted $library"
done

echo "fetch-peers: downloading strongSwan, vpnc, ike-scan and iperf3 and unpacking them in $dir (not installing)"
mkdir -p "$dir/archives"
rm -f "$dir/.complete" "$dir"/archives/*.deb
cd "$dir/archives"

# The package lists of a fresh machine are empty, and old ones name files that are gone.
if ! apt-get -qq -o APT::Sandbox::User=root download $wanted >../apt.log 2>&1; then
    if [ "$(id -u)" -eq 0 ]; then
        apt-get -qq update
    elif command -v sudo >/dev/null; then
        sudo apt-get -qq update
    fi
    if ! apt-get -qq -o APT::Sandbox::User=root download $wanted >../apt.log 2>&1; then
        echo "fetch-peers: apt-get download failed:" >&2
        cat ../apt.log >&2
        exit 1
    fi
fi
for archive in *.deb; do
    dpkg -x "$archive" ..
done
cd ..
rm -rf archives apt.log
echo $peers >.complete
