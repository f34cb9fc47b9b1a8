# Sourced by deploy.sh, destroy.sh and test.sh: makes the project's own Node and packages ready in this checkout.
# All it says goes to stderr. Nothing to do takes a few milliseconds.

ready() {
  command -v npm >/dev/null 2>&1 || {
    echo "npm is missing: install Node.js 20 to 24 with npm (https://nodejs.org/en/download), then run this again" >&2
    exit 1
  }
  # Two first commands at once would install into the same folder: the second waits.
  mkdir -p .webstead
  if command -v flock >/dev/null 2>&1; then
    exec 9>.webstead/npm.lock
    flock 9
  fi
  # The lock file that was installed is kept beside what it brought.
  cmp -s package-lock.json node_modules/.installed-lock.json || install_packages
  exec 9>&-
  # npm looks for the machine's settings, such as a mirror or a CA, beside the Node that runs it. Below that is ours.
  [ -s .webstead/npm-globalconfig ] || npm config get globalconfig >.webstead/npm-globalconfig
  export NPM_CONFIG_GLOBALCONFIG="${NPM_CONFIG_GLOBALCONFIG:-$(cat .webstead/npm-globalconfig)}"
  PATH="$PWD/node_modules/.bin:$PATH"
  export PATH
}

install_packages() {
  # npm would empty the folder that the link points to, which belongs to somebody else.
  if [ -L node_modules ]; then
    echo "node_modules is a link whose packages are not those of package-lock.json: run npm ci where it points to, or remove the link" >&2
    exit 1
  fi
  echo "Installing the npm packages of this checkout (a minute, once) …" >&2
  npm ci --loglevel=error >&2 || {
    echo "npm ci failed: see the lines above, mend it, and run this again" >&2
    exit 1
  }
  rm -f .webstead/npm-globalconfig
  cp package-lock.json node_modules/.installed-lock.json
}
