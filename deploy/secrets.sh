#!/bin/sh
# Makes the secrets that compose.yaml hands to its containers, in secrets/. What is there already stays.
set -eu
cd "$(dirname "$0")/.."
umask 022
mkdir -p secrets
# The folder keeps others out. Its files are open: who reads them in a container is a user that this machine
# does not know.
chmod 700 secrets
cd secrets
random() { head -c "$1" /dev/urandom | base64 -w 0 | tr '+/' '-_'; }
[ -s secret_key ] || random 48 >secret_key
# 32 bytes in URL-safe base64, as Fernet wants its keys.
[ -s credential_keys ] || random 32 >credential_keys
[ -s database_password ] || random 24 >database_password
echo "postgres://plusofon:$(cat database_password)@db/plusofon" >database_url
