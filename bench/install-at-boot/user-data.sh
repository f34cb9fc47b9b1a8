#!/bin/sh
# What an instance would do at its first boot if nothing were baked: the image's packages, account, policy, release and
# units. Packages and release lie on the disk already, so no download is part of it. Marks: a name and when it began,
# in seconds of the machine's uptime.
set -eu
here=/usr/share/install-at-boot
mark() { echo "$1 $(cut -d ' ' -f 1 /proc/uptime)" >>"$here/marks"; }

mark packages
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2046 # one word per package
apt-get install -y -qq --no-install-recommends --no-download $(cat "$here/packages")
mark policy
semodule --install "$here/webapp.cil"
mark release
useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin webapp
mkdir -p /opt/webapp/releases/this /var/log/webapp
tar --no-same-owner -xzf "$here/release.tar.gz" -C /opt/webapp/releases/this
ln -s /opt/webapp/releases/this /opt/webapp/current
mark units
cp -R "$here/units/." /etc/systemd/system/
systemctl daemon-reload
systemctl enable -q webapp-settings.service webapp.service
systemctl start --no-block webapp.service
