import { once } from "node:events";
import WebSocket from "ws";

/**
 * An expression: the bytes in use of the heap, and of buffers beside it, without compiled code (code_space) and what
 * belongs to it (trusted_space). The engine compiles for as long as new sorts of values come along.
 */
const DATA_IN_USE = `
  process.getBuiltinModule("v8").getHeapSpaceStatistics()
    .filter(({ space_name: name }) => !/^(code|trusted)_space$/.test(name))
    .reduce((sum, { space_used_size: used }) => sum + used, process.memoryUsage().external)`;

/** A process that runs with --inspect, seen through its inspector. */
export class Inspector {
  readonly #socket: WebSocket;
  #asked = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** @param output what the process has printed: the inspector's address is in it */
  static async connect(output: string): Promise<Inspector> {
    const address = /Debugger listening on (ws:\S+)/.exec(output)?.[1];
    if (address === undefined)
      throw new Error(`the process tells no inspector's address; it said: ${output}`);
    const socket = new WebSocket(address);
    await once(socket, "open");
    return new Inspector(socket);
  }

  /** Bytes of data that live in the process after everything that nobody needs was collected. */
  async living(): Promise<number> {
    await this.#ask("HeapProfiler.collectGarbage");
    // What finalizers let go in the first collection goes in the second.
    await this.#ask("HeapProfiler.collectGarbage");
    const { result } = await this.#ask("Runtime.evaluate", { expression: DATA_IN_USE });
    return Number((result as { value: number }).value);
  }

  close(): void {
    this.#socket.terminate();
  }

  async #ask(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.#asked;
    this.#socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [data] = await once(this.#socket, "message");
      const answer = JSON.parse(String(data));
      if (answer.id !== id) continue;
      if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
      return answer.result;
    }
  }
}
