/** `npm run docs`: writes webapp/openapi.json from the schemas of the routes, so that it cannot say something else. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import swagger from "@fastify/swagger";
import { buildApp } from "../webapp/src/app.ts";
import type { EmployeeRepository } from "../webapp/src/employees/employee.ts";
import type { EntryRepository } from "../webapp/src/entries/entry.ts";

const webapp = join(import.meta.dirname, "../webapp");

/** The description of the API as it must be, as JSON. */
export async function openApiDocument(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(webapp, "package.json"), "utf8"));
  const app = buildApp({
    // Nobody asks it anything.
    entries: {} as EntryRepository,
    employees: {} as EmployeeRepository,
    stopping: () => false,
    probe: async () => {},
    watch: (watched) => {
      watched.register(swagger, {
        openapi: {
          openapi: "3.1.0",
          info: {
            title: "Webstead's app",
            version,
            description: "Text entries and an employee directory, as JSON.",
          },
          servers: [{ url: "/" }],
        },
        // Pages and health checks are not the API.
        transform: ({ schema, url }) => ({
          url: url.replace(/\/$/, ""),
          schema: { ...schema, hide: schema?.hide ?? !url.startsWith("/api/") },
        }),
      });
    },
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return `${JSON.stringify(document, null, 2)}\n`;
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(webapp, "openapi.json"), await openApiDocument());
}
