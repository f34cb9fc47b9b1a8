"""Command line: `python -m webstead_aws_api --port 0` serves the AWS API on 127.0.0.1."""

import argparse
import re
import socket
import sys

from webstead_aws_api.lifetime import end_with
from webstead_aws_api.settings import fix_environment

HOST = "127.0.0.1"
DEFAULT_ACCOUNT = "123456789012"


def _account(value: str) -> str:
    if not re.fullmatch(r"\d{12}", value):
        raise argparse.ArgumentTypeError(f'an account is 12 digits, got "{value}"; use e.g. {DEFAULT_ACCOUNT}')
    return value


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        sys.exit(f"aws-api: cannot listen on {HOST}:{port} ({error.strerror}); choose another --port")
    # The backlog exists from here on: a client that connects while moto loads waits, and is served.
    listener.listen(128)
    return listener


def main() -> None:
    """Serve until told to end. Prints `listening on http://127.0.0.1:PORT` when ready."""
    parser = argparse.ArgumentParser(prog="webstead_aws_api", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument(
        "--account",
        type=_account,
        default=DEFAULT_ACCOUNT,
        help="account of access keys that name none (default %(default)s)",
    )
    parser.add_argument("--parent-pid", type=int, help="end when this process ends")
    arguments = parser.parse_args()

    end_with(arguments.parent_pid)
    listener = _listen(arguments.port)
    port = listener.getsockname()[1]
    fix_environment(port)

    # Only now: moto reads its settings while it is imported.
    from webstead_aws_api.server import serve

    serve(listener, arguments.account, ready=lambda: print(f"listening on http://{HOST}:{port}", flush=True))


if __name__ == "__main__":
    main()
