# Sourced by deploy.sh, destroy.sh and test.sh: makes the project's own Node and packages ready in this checkout.
# All it says goes to stderr. Nothing to do takes a few milliseconds.

ready() {
  command -v npm >/dev/null 2>&1 || {
    echo "npm is missing: install Node.js 20 to 24 with npm (https://nodejs.org/en/download), then run this again" >&2
    exit 1
  }
  # Two first commands at once would install into the same folder: the second waits.
  if command -v flock >/dev/null 2>&1; then
    mkdir -p .webstead
    exec 9>.webstead/npm.lock
    flock 9
  fi
  # npm writes the second file at the end of each install.
  if [ ! -e node_modules/.bin/node ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    echo "Installing the npm packages of this checkout (a minute, once) …" >&2
    npm ci --no-progress --loglevel=error >&2 || {
      echo "npm ci failed: see the lines above, mend it, and run this again" >&2
      exit 1
    }
    touch node_modules/.package-lock.json
  fi
  exec 9>&-
  PATH="$PWD/node_modules/.bin:$PATH"
  export PATH
}
