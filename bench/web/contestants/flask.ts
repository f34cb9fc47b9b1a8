import { join } from "node:path";
import { execa } from "execa";
import type { Settings } from "../../../cli/settings.ts";
import type { Processes } from "../../../twin/processes.ts";
import { preparePython } from "../../../twin/python.ts";
import type { Contestant } from "../contestant.ts";
import type { BenchDatabase } from "../database.ts";

/**
 * The stack of the walk-throughs, Flask and SQLAlchemy under gunicorn, as their documentation says: so many workers,
 * each with a process of its own and one request at a time.
 */
export async function flask(
  { workDir, environment }: Settings,
  processors: number,
  processes: Processes,
  database: BenchDatabase,
  say: (line: string) => void,
): Promise<Contestant> {
  const folder = join(import.meta.dirname, "flask");
  const workers = 2 * processors + 1;
  const python = await preparePython({
    folder: join(workDir, "bench/flask"),
    requirements: [join(folder, "requirements.txt")],
    ...{ environment, processes, onProgress: say },
  });
  const { user, password, host, port, name, caFile } = database;
  return {
    name: "Flask",
    about: `${await versions(python)}, ${workers} workers`,
    readiness: "/api/entries?limit=1",
    command: (listening) => ({
      program: python,
      arguments: [
        ...["-m", "gunicorn", "--workers", String(workers)],
        ...["--bind", `127.0.0.1:${listening}`, "app:app"],
      ],
      folder,
      environment: {
        DATABASE_URI: `mysql+pymysql://${user}:${password}@${host}:${port}/${name}?charset=utf8mb4`,
        DB_CA_FILE: caFile,
      },
    }),
  };
}

async function versions(python: string): Promise<string> {
  const script = `from importlib.metadata import version
import platform
print("Python " + platform.python_version(), *(f"{name} {version(name)}" for name in ["flask", "sqlalchemy", "pymysql", "gunicorn"]), sep=", ")`;
  return (await execa(python, ["-c", script])).stdout;
}
