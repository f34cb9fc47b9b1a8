// What somebody who has taken the app over would try. Runs as root and outside of the unit's sandbox: what stops it is
// SELinux alone. Each line of the output is one attempt and what came of it.
const { spawnSync } = require("node:child_process");
const { appendFileSync, readFileSync, writeFileSync } = require("node:fs");
const { lookup } = require("node:dns");
const net = require("node:net");

process.title = "intruder";

const said = (what, error) => console.log(`${what}: ${error?.code ?? "done"}`);

function attempt(what, action) {
  try {
    said(what, action()?.error);
  } catch (error) {
    said(what, error);
  }
}

attempt("read its own program", () => void readFileSync("/opt/webapp/current/app/server.mjs"));
attempt("read the passwords of the system", () => void readFileSync("/etc/shadow"));
attempt("change its own program", () => appendFileSync("/opt/webapp/current/app/server.mjs", "//"));
attempt("change its environment", () => writeFileSync("/run/webapp/environment", "PORT=81\n"));
attempt("shorten its log", () => writeFileSync("/var/log/webapp/app.log", ""));
attempt("leave a program behind", () => writeFileSync("/tmp/program", ""));
attempt("start a shell", () => spawnSync("/bin/sh", ["-c", "true"]));

const server = net.createServer().on("error", (error) => said("listen on another port", error));
server.listen(8081, "127.0.0.1", () => said("listen on another port"));
const socket = net.connect(25, "127.0.0.1").on("error", (error) => said("send mail", error));
socket.on("connect", () => said("send mail"));
// The app may ask a name server; that none is there is another matter.
lookup("nowhere.test", (error) => said("look for a name", error));
setTimeout(() => process.exit(0), 3000);
