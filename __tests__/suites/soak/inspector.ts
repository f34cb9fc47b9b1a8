import { once } from "node:events";
import WebSocket from "ws";

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

  /** Bytes that live in the process after everything that nobody needs was collected: its heap, and buffers beside it. */
  async living(): Promise<number> {
    await this.#ask("HeapProfiler.collectGarbage");
    // What finalizers let go in the first collection goes in the second.
    await this.#ask("HeapProfiler.collectGarbage");
    const expression = "(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())";
    const { result } = await this.#ask("Runtime.evaluate", { expression });
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
