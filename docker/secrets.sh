#!/usr/bin/env bash
# Makes what the cluster's servers know each other by, where it is missing: a certificate authority, a certificate for each KurrentDB node
# (valid for a year; with the argument `renew` they are made anew), and the key of MongoDB's members. Works in the current folder:
# authority/ stays with this script, certs/ is for the nodes and the gateways, mongodb/ for MongoDB.
set -euo pipefail
nodes=(kurrentdb-1 kurrentdb-2 kurrentdb-3)
kurrentdb=1001:1001 # the users of the two images
mongodb=999:999

[ -f authority/ca/ca.key ] || es-gencert-cli create-ca -out authority/ca
install -m 444 authority/ca/ca.crt certs/ca.crt

for node in "${nodes[@]}"; do
  if [ ! -f "certs/$node/node.key" ] || [ "${1:-}" = renew ]; then
    made=$(mktemp -d)
    # By its own name, by the name that all nodes answer to, and from within its container.
    es-gencert-cli create-node -ca-certificate authority/ca/ca.crt -ca-key authority/ca/ca.key -out "$made/node" \
      -dns-names "$node,kurrentdb,localhost" -ip-addresses 127.0.0.1
    mkdir -p "certs/$node"
    cp -f "$made/node/node.crt" "$made/node/node.key" "certs/$node/"
    rm -r "$made"
  fi
  chmod 400 "certs/$node/node.key"
  chown -R "$kurrentdb" "certs/$node"
done

[ -f mongodb/key ] || head -c 756 /dev/urandom | base64 >mongodb/key
chmod 400 mongodb/key
chown "$mongodb" mongodb/key
