import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export type Relay = {
  /** The target's URL with the relay in its place. */
  url: string;
  /**
   * Lets every connection die as it does while an environment is frozen: nobody says so to the client, whose next words
   * are answered with a reset.
   */
  cut(): void;
  stop(): Promise<void>;
};

/** Stands between clients and a server on this machine, as a network does. */
export async function startRelay(target: string): Promise<Relay> {
  const { hostname, port } = new URL(target);
  const open = new Map<Socket, Socket>();
  const all = new Set<Socket>();

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    open.set(client, upstream);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      all.add(socket);
      socket.setNoDelay();
      socket.on("error", () => other.destroy());
      socket.once("close", () => all.delete(socket));
    }
    client.once("close", () => open.delete(client));
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href.replace(/\/$/, ""),
    cut: () => {
      for (const [client, upstream] of open) cut(client, upstream);
      open.clear();
    },
    stop: async () => {
      for (const socket of all) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function cut(client: Socket, upstream: Socket): void {
  client.unpipe();
  upstream.unpipe();
  upstream.removeAllListeners("error").on("error", () => {});
  upstream.destroy();
  client.once("data", () => client.resetAndDestroy());
  client.resume();
}
