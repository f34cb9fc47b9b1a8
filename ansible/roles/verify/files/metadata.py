"""An instance metadata service that gives harmless user data once, to the unit that reads it at boot, and ends."""

from http.server import BaseHTTPRequestHandler, HTTPServer

ANSWERS = {
    ("PUT", "/latest/api/token"): "token",
    ("GET", "/latest/user-data"): "\n".join(
        [
            "PORT=80",
            "DB_HOST=database.invalid",
            "DB_PORT=3306",
            "DB_NAME=none",
            "DB_SECRET_ARN=none",
            "AWS_REGION=us-east-1",
            "LOG_GROUP=none",
        ]
    ),
}


class Metadata(BaseHTTPRequestHandler):
    def answer(self):
        body = ANSWERS.get((self.command, self.path))
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or "")))
        self.end_headers()
        self.wfile.write((body or "").encode())
        self.server.done = self.path == "/latest/user-data"

    do_GET = do_PUT = answer


server = HTTPServer(("127.0.0.1", 8008), Metadata)
server.done = False
while not server.done:
    server.handle_request()
