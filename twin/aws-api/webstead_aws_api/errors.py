"""A failure inside moto as an answer the user can read at once.

AWS SDKs take a 500 for a passing trouble and try again for minutes; moto answers 500 to
every operation it does not know. A 501 with the operation's name is final.
"""

import io
import json
import sys
import traceback
from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

WsgiApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]

NOT_IMPLEMENTED = "TwinNotImplemented"
FAILED = "TwinFailed"


def answer_readably(application: WsgiApplication, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Call `application`; answer 501 in the protocol of the caller if it raises."""
    if _is_query(environ):
        # Kept, so that a failure can name the operation, which stands in the body.
        length = int(environ.get("CONTENT_LENGTH") or 0)
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
    try:
        return application(environ, start_response)
    except Exception as error:  # noqa: BLE001  whatever moto trips over must reach the user
        code, message = _explain(error, environ)
        if code == FAILED:
            traceback.print_exc()
        else:
            print(f"aws-api: {message}", file=sys.stderr, flush=True)
        content_type, body = _body(environ, code, message)
        headers = [("Content-Type", content_type), ("x-amzn-ErrorType", code)]
        start_response("501 Not Implemented", headers)
        return [body.encode()]


def _explain(error: Exception, environ: dict[str, Any]) -> tuple[str, str]:
    service = environ.get("webstead.service", "AWS")
    if isinstance(error, NotImplementedError):
        return NOT_IMPLEMENTED, (
            f"the twin does not know {service} {_operation(environ)} (moto {version('moto')}): {error}"
        )
    return FAILED, f"the twin failed on {service} {_operation(environ)}: {type(error).__name__}: {error}"


def _operation(environ: dict[str, Any]) -> str:
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return str(target).rsplit(".", 1)[-1]
    if _is_query(environ):
        body = environ["wsgi.input"].getvalue().decode(errors="replace")
        action = parse_qs(body).get("Action")
        if action:
            return action[0]
    return f"{environ.get('REQUEST_METHOD')} {environ.get('PATH_INFO')}"


def _is_query(environ: dict[str, Any]) -> bool:
    return "x-www-form-urlencoded" in environ.get("CONTENT_TYPE", "")


def _body(environ: dict[str, Any], code: str, message: str) -> tuple[str, str]:
    error = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    if environ.get("webstead.service") == "ec2":
        return "text/xml", (f"<Response><Errors><Error>{error}</Error></Errors><RequestID>twin</RequestID></Response>")
    if _is_query(environ):
        return "text/xml", (
            f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>twin</RequestId></ErrorResponse>"
        )
    if environ.get("webstead.service") in ("s3", "s3control"):
        return "application/xml", f"<Error>{error}</Error>"
    return "application/json", json.dumps({"__type": code, "message": message})
