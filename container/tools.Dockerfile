# What ./deploy.sh needs, in a container, for a machine that has nothing but a container engine:
#
#   docker build -t webstead-tools -f container/tools.Dockerfile container
#   docker run --rm -it -v "$PWD:/work" -v "$HOME/.aws:/root/.aws:ro" webstead-tools ./deploy.sh dev
#
# The container keeps nothing: packages and releases lie in the checkout, the state in S3, the lock on it as well.
ARG BASE=node:22.14-bookworm-slim@sha256:bac8ff0b5302b06924a5e288fb4ceecef9c8bb0bb92515985d2efdc3a2447052
FROM ${BASE} AS packages

RUN apt-get update -qq \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    ansible-core ca-certificates curl git mariadb-client-core mariadb-server-core openssh-client openssl packer \
    python3 python3-venv unzip util-linux \
  && rm -rf /var/lib/apt/lists/*

# The checkout that is mounted belongs to somebody else.
RUN git config --system --add safe.directory '*'

# Through Session Manager an instance of Amazon Linux is baked on: the address of AWS's own package for Debian.
ARG SESSION_MANAGER_PLUGIN=
RUN test -z "$SESSION_MANAGER_PLUGIN" \
  || { curl -fsSLo /tmp/plugin.deb "$SESSION_MANAGER_PLUGIN" && dpkg -i /tmp/plugin.deb && rm /tmp/plugin.deb; }

ENV CHECKPOINT_DISABLE=1
WORKDIR /work

FROM packages
ARG TERRAFORM=1.11.4
ARG TERRAFORM_SHA256_AMD64=1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc
ARG TERRAFORM_SHA256_ARM64=a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633
RUN arch="$(dpkg --print-architecture)" \
  && case "$arch" in amd64) sum="$TERRAFORM_SHA256_AMD64" ;; *) sum="$TERRAFORM_SHA256_ARM64" ;; esac \
  && curl -fsSLo /tmp/terraform.zip \
    "https://releases.hashicorp.com/terraform/$TERRAFORM/terraform_${TERRAFORM}_linux_$arch.zip" \
  && echo "$sum  /tmp/terraform.zip" | sha256sum --check --quiet \
  && unzip -q /tmp/terraform.zip terraform -d /usr/local/bin \
  && rm /tmp/terraform.zip
