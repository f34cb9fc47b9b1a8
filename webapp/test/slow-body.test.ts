import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "@jest/globals";
import { buildApp } from "../src/app.ts";
import { memoryEmployees, person } from "./memory-employees.ts";
import { memoryEntries } from "./memory-entries.ts";
import { memoryPhotos, PICTURE } from "./memory-photos.ts";

test("a body that was refused before it had come no longer counts once its connection is closed", async () => {
  const ada = person("Ada");
  const employees = memoryEmployees(ada);
  const photos = memoryPhotos(employees);
  const app = buildApp({
    entries: memoryEntries(),
    employees,
    photos,
    stopping: () => false,
    probe: async () => {},
  });
  const url = new URL(await app.listen({ port: 0, host: "127.0.0.1" }));
  const path = `/api/employees/${ada.id}/photo`;
  // More than the four that may be arriving at once.
  for (let sent = 0; sent < 6; sent++) {
    const socket = connect({ host: url.hostname, port: Number(url.port) });
    socket.write(`PUT ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\n`);
    socket.write("Content-Length: 10000000\r\nConnection: close\r\n\r\nx");
    const [head] = await once(socket, "data");
    expect(String(head)).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
    await once(socket, "close");
  }
  const response = await fetch(new URL(path, url), {
    method: "PUT",
    body: new Uint8Array(PICTURE),
    headers: { "content-type": "image/png" },
  });
  expect(response.status).toBe(200);
  await app.close();
});
